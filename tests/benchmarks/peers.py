"""Other peers: Jsonnet and kapitan, which print the objects of the chart's values from one Jsonnet library.

A library of functions, no classes, no checks; what a person would write who wants the chart's objects from Jsonnet.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import Command

LIBRARY = """\
function(values)
  local lower = std.asciiLower(values.environment);
  local one(each) =
    local base = lower + '-' + std.asciiLower(each.name);
    local labels = {
      tenant: values.customer.name,
      application: values.application.name,
      environment: values.environment,
      microservice: each.name,
    };
    local object(version, kind, suffix) = {
      apiVersion: version,
      kind: kind,
      metadata: {
        name: base + suffix,
        namespace: values.namespace,
        labels: labels,
        annotations: {
          'dolittle.io/tenant-id': values.customer.id,
          'dolittle.io/application-id': values.application.id,
          'dolittle.io/microservice-id': each.id,
          'dolittle.io/microservice-kind': 'simple',
        },
      },
    };
    local security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    local head = {
      name: 'head',
      image: each.image,
      ports: [{ name: 'http', containerPort: each.port, protocol: 'TCP' }],
      envFrom: [{ configMapRef: { name: base + '-env-variables' } }],
      env: [
        { name: key, valueFrom: { secretKeyRef: { name: base + '-secret-env-variables', key: key } } }
        for key in std.objectFields(each.secrets)
      ],
      resources: each.resources,
      readinessProbe: each.probe,
      livenessProbe: each.probe,
      securityContext: security,
      volumeMounts: [{ name: 'files', mountPath: '/app/data', readOnly: true }]
                    + (if each.runtime == '' then []
                       else [{ name: 'dolittle', mountPath: '/app/.dolittle', readOnly: true }]),
    };
    local runtime = {
      name: 'runtime',
      image: 'dolittle/runtime:' + each.runtime,
      ports: [
        { name: 'runtime', containerPort: 50052, protocol: 'TCP' },
        { name: 'runtime-metrics', containerPort: 9700, protocol: 'TCP' },
      ],
      resources: each.resources,
      securityContext: security,
      volumeMounts: [
        { name: 'dolittle', mountPath: '/app/.dolittle/runtime.yml', subPath: 'runtime.yml', readOnly: true },
        { name: 'tenants', mountPath: '/app/.dolittle/tenants.json', subPath: 'tenants.json', readOnly: true },
      ],
    };
    local hasRuntime = each.runtime != '';
    [
      object('v1', 'ConfigMap', '-env-variables') { data: each.env },
      object('v1', 'ConfigMap', '-config-files') { data: each.files },
      object('v1', 'Secret', '-secret-env-variables') { stringData: each.secrets },
      object('v1', 'Service', '') {
        spec: {
          type: 'ClusterIP',
          selector: labels,
          ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }]
                 + (if hasRuntime then [{ name: 'runtime', port: 50052, targetPort: 'runtime', protocol: 'TCP' }]
                    else []),
        },
      },
      object('networking.k8s.io/v1', 'Ingress', '') {
        spec: {
          ingressClassName: 'nginx',
          tls: [{ hosts: [values.host], secretName: lower + '-certificate' }],
          rules: [{
            host: values.host,
            http: { paths: [{
              path: each.path,
              pathType: 'Prefix',
              backend: { service: { name: base, port: { name: 'http' } } },
            }] },
          }],
        },
      },
      object('networking.k8s.io/v1', 'NetworkPolicy', '-ingress') {
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ['Ingress'],
          ingress: [{
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
            ports: [{ port: 'http', protocol: 'TCP' }],
          }],
        },
      },
      object('apps/v1', 'Deployment', '') {
        spec: {
          replicas: each.replicas,
          selector: { matchLabels: labels },
          template: {
            metadata: {
              labels: labels,
              annotations: {
                'checksum/config': std.md5(std.manifestJsonMinified(each.env)),
                'checksum/files': std.md5(std.manifestJsonMinified(each.files)),
              },
            },
            spec: {
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
              containers: [head] + (if hasRuntime then [runtime] else []),
              volumes: [{ name: 'files', configMap: { name: base + '-config-files' } }]
                       + (if hasRuntime then [
                            { name: 'dolittle', configMap: { name: base + '-dolittle' } },
                            { name: 'tenants', configMap: { name: values.tenants } },
                          ] else []),
            },
          },
        },
      },
    ] + (if hasRuntime then [
           object('v1', 'ConfigMap', '-dolittle') {
             data: { 'runtime.yml': std.manifestYamlDoc({
               platform: {
                 customerID: values.customer.id,
                 applicationID: values.application.id,
                 microserviceID: each.id,
                 environment: values.environment,
               },
               endpoints: { public: { port: 50052 }, private: { port: 50053 }, metrics: { port: 9700 } },
               tenants: { [values.tenant]: { resources: {
                 eventStore: {
                   servers: [lower + '-mongo'],
                   database: std.substr(each.id, 0, 7) + '_eventstore',
                 },
                 readModels: {
                   host: 'mongodb://' + lower + '-mongo:27017',
                   database: std.substr(each.id, 0, 7) + '_readmodels',
                   useSSL: false,
                 },
               } } },
             }) },
           },
         ] else []);
  { [std.asciiLower(each.name)]: one(each) for each in values.microservices }
"""

TARGET = """\
parameters:
  kapitan:
    vars: {{ target: {name} }}
    compile:
      - input_type: jsonnet
        output_type: yaml
        prune: false
        output_path: manifests
        input_paths: [{name}.jsonnet]
"""


@dataclass(frozen=True, slots=True)
class Jsonnet:
    """The library in *folder*, beside the *values* of each environment: JSON on standard output."""

    folder: Path
    values: tuple[Path, ...]

    def write(self) -> None:
        """Write the library, and a program for each environment."""
        self.folder.mkdir()
        (self.folder / "objects.libsonnet").write_text(LIBRARY, encoding="utf-8")
        for values in self.values:
            shutil.copy(values, self.folder)
            program = f"(import 'objects.libsonnet')(import '{values.name}')\n"
            (self.folder / f"{values.stem}.jsonnet").write_text(program, encoding="utf-8")

    def print(self) -> float:
        """Print the objects of every environment, one after the other; return the seconds."""
        return sum(self._command(values).run() for values in self.values)

    def objects(self) -> int:
        """Return how many objects Jsonnet prints."""
        return sum(self._command(values).output().count(b'"apiVersion"') for values in self.values)

    def _command(self, values: Path) -> Command:
        return Command(("jsonnet", f"{values.stem}.jsonnet"), self.folder, os.environ)


@dataclass(frozen=True, slots=True)
class Kapitan:
    """A kapitan project of a target an environment, in *folder*, which holds the library already."""

    folder: Path
    values: tuple[Path, ...]

    def write(self) -> None:
        """Write the inventory."""
        targets = self.folder / "inventory" / "targets"
        targets.mkdir(parents=True)
        (self.folder / "inventory" / "classes").mkdir()
        for values in self.values:
            (targets / f"{values.stem}.yml").write_text(TARGET.format(name=values.stem), encoding="utf-8")

    def compile(self) -> float:
        """Write the objects of every environment, where none are; return the seconds."""
        shutil.rmtree(self.folder / "compiled", ignore_errors=True)
        return Command(("kapitan", "compile", "--use-go-jsonnet"), self.folder, os.environ).run()

    def objects(self) -> int:
        """Return how many objects the last compilation wrote."""
        texts = (path.read_bytes() for path in (self.folder / "compiled").rglob("*") if path.is_file())
        return sum(text.count(b"apiVersion: ") for text in texts)
