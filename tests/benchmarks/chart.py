"""A Helm chart of the standard platform: templates that range over values.

It prints the same kinds of objects with the same content for each microservice. It is leaner than most
charts: no named templates, no defaults, no checks. Secrets stay sealed, without what SOPS says of them.
"""

import json
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from tests.benchmarks.standard_platform import ENVIRONMENTS, FILE, SECRETS, VARIABLES, has_runtime, names

LABELS = """\
tenant: {{ $.Values.customer.name | quote }}
application: {{ $.Values.application.name | quote }}
environment: {{ $.Values.environment | quote }}
microservice: {{ .name | quote }}
"""

# Every template is this loop: one object for each microservice that meets the condition.
LOOP = """\
{{- range .Values.microservices }}
{{- if @condition }}
{{- $base := printf "%s-%s" (lower $.Values.environment) (lower .name) }}
---
apiVersion: @version
kind: @kind
metadata:
  name: {{ printf "%s@suffix" $base | quote }}
  namespace: {{ $.Values.namespace | quote }}
  labels:
    @labels
  annotations:
    dolittle.io/tenant-id: {{ $.Values.customer.id | quote }}
    dolittle.io/application-id: {{ $.Values.application.id | quote }}
    dolittle.io/microservice-id: {{ .id | quote }}
    dolittle.io/microservice-kind: "simple"
@body
{{- end }}
{{- end }}
"""

DEPLOYMENT = """\
spec:
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      @labels
  template:
    metadata:
      labels:
        @labels
      annotations:
        checksum/config: {{ toJson .env | sha256sum | quote }}
        checksum/files: {{ toJson .files | sha256sum | quote }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext: { seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: head
          image: {{ .image | quote }}
          ports: [{ name: http, containerPort: {{ .port }}, protocol: TCP }]
          envFrom: [{ configMapRef: { name: {{ printf "%s-env-variables" $base | quote }} } }]
          env:
{{- range $key, $value := .secrets }}
            - name: {{ $key | quote }}
              valueFrom:
                secretKeyRef:
                  name: {{ printf "%s-secret-env-variables" $base | quote }}
                  key: {{ $key | quote }}
{{- end }}
          resources: {{ toJson .resources }}
          readinessProbe: {{ toJson .probe }}
          livenessProbe: {{ toJson .probe }}
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts:
            - { name: files, mountPath: /app/data, readOnly: true }
{{- if .runtime }}
            - { name: dolittle, mountPath: /app/.dolittle, readOnly: true }
        - name: runtime
          image: {{ printf "dolittle/runtime:%s" .runtime | quote }}
          ports:
            - { name: runtime, containerPort: 50052, protocol: TCP }
            - { name: runtime-metrics, containerPort: 9700, protocol: TCP }
          resources: {{ toJson .resources }}
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts:
            - { name: dolittle, mountPath: /app/.dolittle/runtime.yml, subPath: runtime.yml, readOnly: true }
            - { name: tenants, mountPath: /app/.dolittle/tenants.json, subPath: tenants.json, readOnly: true }
{{- end }}
      volumes:
        - { name: files, configMap: { name: {{ printf "%s-config-files" $base | quote }} } }
{{- if .runtime }}
        - { name: dolittle, configMap: { name: {{ printf "%s-dolittle" $base | quote }} } }
        - { name: tenants, configMap: { name: {{ $.Values.tenants | quote }} } }
{{- end }}
"""

SERVICE = """\
spec:
  type: ClusterIP
  selector:
    @labels
  ports:
    - { name: http, port: 80, targetPort: http, protocol: TCP }
{{- if .runtime }}
    - { name: runtime, port: 50052, targetPort: runtime, protocol: TCP }
{{- end }}
"""

INGRESS = """\
spec:
  ingressClassName: nginx
  tls:
    - hosts: [{{ $.Values.host | quote }}]
      secretName: {{ printf "%s-certificate" $.Values.environment | lower | quote }}
  rules:
    - host: {{ $.Values.host | quote }}
      http:
        paths:
          - path: {{ .path | quote }}
            pathType: Prefix
            backend: { service: { name: {{ $base | quote }}, port: { name: http } } }
"""

POLICY = """\
spec:
  podSelector:
    matchLabels:
      @labels
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } }
      ports: [{ port: http, protocol: TCP }]
"""

RUNTIME = """\
data:
  runtime.yml: |
    platform:
      customerID: {{ $.Values.customer.id | quote }}
      applicationID: {{ $.Values.application.id | quote }}
      microserviceID: {{ .id | quote }}
      environment: {{ $.Values.environment | quote }}
    endpoints:
      public: { port: 50052 }
      private: { port: 50053 }
      metrics: { port: 9700 }
    tenants:
      {{ $.Values.tenant }}:
        resources:
          eventStore:
            servers: [{{ printf "%s-mongo" (lower $.Values.environment) | quote }}]
            database: {{ printf "%s_eventstore" (substr 0 7 .id) | quote }}
          readModels:
            host: {{ printf "mongodb://%s-mongo:27017" (lower $.Values.environment) | quote }}
            database: {{ printf "%s_readmodels" (substr 0 7 .id) | quote }}
            useSSL: false
"""

VARIABLE_BODY = "data: {{ toJson .env }}\n"
FILE_BODY = "data:\n{{ toYaml .files | indent 2 }}\n"
SEALED_BODY = "stringData:\n{{ toYaml .secrets | indent 2 }}\n"

# File: version, kind, suffix of the name, body, and which microservices have one.
TEMPLATES = {
    "deployment.yaml": ("apps/v1", "Deployment", "", DEPLOYMENT, "true"),
    "dolittle.yaml": ("v1", "ConfigMap", "-dolittle", RUNTIME, ".runtime"),
    "env-variables.yaml": ("v1", "ConfigMap", "-env-variables", VARIABLE_BODY, "true"),
    "files.yaml": ("v1", "ConfigMap", "-config-files", FILE_BODY, "true"),
    "ingress.yaml": ("networking.k8s.io/v1", "Ingress", "", INGRESS, "true"),
    "policy.yaml": ("networking.k8s.io/v1", "NetworkPolicy", "-ingress", POLICY, "true"),
    "secret.yaml": ("v1", "Secret", "-secret-env-variables", SEALED_BODY, "true"),
    "service.yaml": ("v1", "Service", "", SERVICE, "true"),
}


def write_chart(folder: Path, size: int, sealed: str) -> list[Path]:
    """Write the chart of *size* microservices into *folder*; return the values of each environment."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: platform\nversion: 1.0.0\n", encoding="utf-8")
    (folder / "values.yaml").write_text("{}\n", encoding="utf-8")
    for name, description in TEMPLATES.items():
        (folder / "templates" / name).write_text(template(*description), encoding="utf-8")
    written = []
    secrets = yaml.safe_load(sealed)["stringData"]
    for environment in ENVIRONMENTS:
        path = folder / f"{environment.lower()}.json"  # JSON is YAML, and read faster
        path.write_text(json.dumps(values(environment, size, secrets)), encoding="utf-8")
        written.append(path)
    return written


def template(version: str, kind: str, suffix: str, body: str, condition: str) -> str:
    """Return the template that prints one object of *kind* for each microservice that meets *condition*."""
    text = LOOP.replace("@body\n", body).replace("@condition", condition)
    text = text.replace("@version", version).replace("@kind", kind).replace("@suffix", suffix)
    return re.sub(r"^( *)@labels\n", lambda line: indent(LABELS, line[1]), text, flags=re.MULTILINE)


def values(environment: str, size: int, secrets: dict[str, str]) -> dict[str, Any]:
    """Return what one *environment* gives to the chart's templates."""
    return {
        "namespace": "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
        "customer": {"name": "acme", "id": "3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501"},
        "application": {"name": "shop", "id": "7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"},
        "environment": environment,
        "tenants": f"{environment.lower()}-tenants",
        "tenant": "445f8ea8-1a6f-40d7-b2fc-796dba92dc44",
        "host": f"{environment.lower()}.shop.example.com",
        "microservices": [
            {
                "name": name,
                "id": f"{number:07x}0-33cc-44dd-85ee-66ff77008811",
                "image": f"acme/{name.lower()}:1.4.0",
                "port": 8080,
                "path": f"/api/{name.lower()}",
                "replicas": 1,
                "runtime": "9.3.3" if has_runtime(number) else "",
                "resources": {"requests": {"cpu": "50m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}},
                "probe": {"httpGet": {"path": "/healthz", "port": "http"}},
                "env": VARIABLES,
                "secrets": {key: secrets[key] for key in SECRETS},
                "files": {f"{name.lower()}.json": FILE},
            }
            for number, name in enumerate(names(size))
        ],
    }
