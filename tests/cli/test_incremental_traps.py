"""Edits by which something elsewhere becomes wrong, or right: with a cache as without one."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest

from tests.edited_project import ANOTHER, RECIPIENT, ROOT, Bench, agree, contents

HEAD = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
TOP
applications:
  - name: shop
    ABOUT
    environments:
      - { name: Dev, tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-000000000000, hosts: [a.example.com] }] }
    microservices:
"""
EXCUSED = "        env: { API_TOKEN: hunter2hunter } # platformc: allow-secret\n"
LONG = "        env:\n" + "".join(f"          V{number}: 'x'\n" for number in range(20))
CONTAINER = "image: busybox:1.37.0, securityContext: { allowPrivilegeEscalation: false }"
POD = f"""\
apiVersion: v1
kind: Pod
metadata: {{ name: dev-reader, labels: {{ app: reader }} }}
spec:
  automountServiceAccountToken: false
  containers: [{{ name: reader, {CONTAINER} WANTED }}]
"""
CLAIM = "  volumes: [{ name: data, persistentVolumeClaim: { claimName: data-dev-db-1 } }]\n"
STATEFUL = f"""\
apiVersion: apps/v1
kind: StatefulSet
metadata: {{ name: dev-db, labels: {{ app: db }} }}
spec:
  serviceName: dev-db
  replicas: NUMBER
  selector: {{ matchLabels: {{ app: db }} }}
  template:
    metadata: {{ labels: {{ app: db }} }}
    spec:
      automountServiceAccountToken: false
      containers: [{{ name: db, {CONTAINER}, volumeMounts: [{{ name: data, mountPath: /data }}] }}]
  volumeClaimTemplates:
    - metadata: {{ name: data }}
      spec: {{ accessModes: [ReadWriteOnce], resources: {{ requests: {{ storage: 1Gi }} }} }}
---
apiVersion: v1
kind: Service
metadata: {{ name: dev-db }}
spec: {{ clusterIP: None, selector: {{ app: db }}, ports: [{{ port: 80 }}] }}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: dev-old }\nspec: { SAID }\n"
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dev-old }
spec:
  rules:
    - host: old.example.com
      http:
        paths: [{ path: /, pathType: Prefix, backend: { service: { name: dev-old, port: { number: 8080 } } } }]
"""
EXTERNAL = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: NAME }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: company }
  target: { name: TARGET }
  KEYS
"""
OPEN = "dataFrom: [{ extract: { key: a } }]"
ONE_KEY = "data: [{ secretKey: k1, remoteRef: { key: a } }]"
WANTS_KEY = ", env: [{ name: ZZ, valueFrom: { secretKeyRef: { name: dev-s1, key: zz } } }]"


def platform(*microservices: str, top: str = "", about: str = "", behind: str = "") -> str:
    return HEAD.replace("TOP\n", top).replace("    ABOUT\n", about) + "".join(microservices) + behind


def item(name: str, more: str = "", image: int = 1) -> str:
    return f"      - name: {name}\n        head: {{ image: 'nginx:1.27.{image}' }}\n{more}"


def manifests(*names: str) -> str:
    return f"        manifests: [{', '.join(names)}]\n"


def external(name: str, target: str, keys: str) -> str:
    return EXTERNAL.replace("NAME", name).replace("TARGET", target).replace("KEYS", keys)


@dataclass
class Trap:
    """A project, what is done to it, and how compiling it ends then."""

    files: Mapping[str, str]
    edit: Mapping[str, str]
    status: int


def of_documents(texts: Iterable[str], status: int) -> Trap:
    before, after = ({"platform.yaml": each} for each in texts)
    return Trap(before, after, status)


TRAPS = {
    "the lines of an excuse are those of the text that was read": of_documents(
        (platform(item("Bb", LONG), item("Cc", LONG), item("Aa", EXCUSED, each), item("Dd")) for each in (1, 2)), 0
    ),
    "an excuse behind all of them is none for who moved there": of_documents(
        (
            platform(
                item("Bb", LONG),
                item("Cc", LONG),
                item("Aa", "        env:\n          NAME: x\n" + more),
                item("Dd"),
                behind='kubernetes: "1.34"\n' + "# platformc: allow-secret\n" * 60,
            )
            for more in ("", "          API_TOKEN: hunter2hunter\n")
        ),
        1,
    ),
    "what was excused is not said again": of_documents(
        (platform(item("Aa", "", each), item("Bb", EXCUSED), item("Cc"), item("Dd")) for each in (1, 2)), 0
    ),
    "a comment behind the last one excuses what follows": of_documents(
        (
            platform(
                item("Bb"),
                item("Aa", "        env: { API_TOKEN: { plain: ok } }\n"),
                f"    # {words}\n",
                behind="    defaults: { env: { API_TOKEN: hunter2hunter } }\n",
            )
            for words in ("platformc: allow-secret", "nothing")
        ),
        1,
    ),
    "a claim that another one mounts is gone": Trap(
        {
            "platform.yaml": platform(
                item("Aa", manifests("set.yaml")), item("Bb", manifests("pod.yaml")), item("Cc"), item("Dd")
            ),
            "set.yaml": STATEFUL.replace("NUMBER", "2"),
            "pod.yaml": POD.replace(" WANTED", ", volumeMounts: [{ name: data, mountPath: /data }]") + CLAIM,
        },
        {"set.yaml": STATEFUL.replace("NUMBER", "1")},
        1,
    ),
    "a Service that had any port has one": Trap(
        {
            "platform.yaml": platform(
                item("Aa", manifests("service.yaml")), item("Bb", manifests("ingress.yaml")), item("Cc"), item("Dd")
            ),
            "service.yaml": SERVICE.replace("SAID", "type: ExternalName, externalName: old.example.com"),
            "ingress.yaml": INGRESS,
        },
        {"service.yaml": SERVICE.replace("SAID", "type: ClusterIP, ports: [{ port: 80 }]")},
        1,
    ),
    "one that is defined anew hides another": Trap(
        {
            "platform.yaml": platform(
                item("Aa", manifests("b.yaml")),
                item("Bb", manifests("a1.yaml", "a2.yaml")),
                item("Cc", manifests("pod.yaml")),
            ),
            "b.yaml": external("es-b", "dev-s1", OPEN),
            "a1.yaml": external("es-a1", "dev-s2", ONE_KEY),
            "a2.yaml": external("es-a2", "dev-s2", ONE_KEY),
            "pod.yaml": POD.replace(" WANTED", WANTS_KEY),
        },
        {"a2.yaml": external("es-a2", "dev-s1", ONE_KEY)},
        1,
    ),
}


@pytest.fixture
def bare(bench: Bench) -> Bench:
    """A project with nothing in it."""
    for folder in (bench.warm, bench.cold):
        shutil.rmtree(folder)
        folder.mkdir()
    return bench


@pytest.mark.parametrize("name", TRAPS)
def test_what_becomes_wrong_elsewhere_is_found(bare: Bench, name: str) -> None:
    trap = TRAPS[name]
    for path, text in trap.files.items():
        bare.write(path, text.encode())
    status, _, said = agree(bare, "compile")
    assert status == 0, said

    for path, text in trap.edit.items():
        bare.write(path, text.encode())

    assert agree(bare, "compile")[0] == trap.status


def test_a_role_names_the_config_maps_that_there_are_to_be(bare: Bench) -> None:
    deployment = (ROOT / "templates" / "microservice" / "deployment.yaml.j2").read_text(encoding="utf-8")
    bare.write("templates/microservice/configmap-variables.yaml.j2", b"{# in line #}\n")
    bare.write("templates/microservice/deployment.yaml.j2", without_config_map(deployment).encode())
    top, about = "templates: templates\n", "    access: { edit: true }\n"
    before, after = (
        platform(item("Aa", more), item("Bb"), item("Cc"), item("Dd"), top=top, about=about)
        for more in ("", "        env: { LOG: info }\n")
    )
    bare.write("platform.yaml", before.encode())
    status, _, said = agree(bare, "compile")
    assert status == 0, said

    bare.write("platform.yaml", after.encode())

    assert agree(bare, "compile")[0] == 0
    assert "dev-aa-env-variables" in (bare.warm / "deploy/shop/application.yaml").read_text(encoding="utf-8")


def without_config_map(deployment: str) -> str:
    """Return the template of a Deployment whose head gets its variables one by one."""
    whole = """{% if microservice.variables.plain %}
          envFrom:
            - configMapRef:
                name: {{ microservice.object_name ~ "-env-variables" }}
{% endif %}
"""
    each = """          env:
            - { name: ALWAYS, value: x }
{% for name, text in microservice.variables.plain %}
            - name: {{ name }}
              value: {{ text }}
{% endfor %}
"""
    assert whole in deployment
    return deployment.replace(whole, each)


def test_recipients_that_are_mounted_are_others_by_the_next_time(bare: Bench) -> None:
    mounting = "        files: [{ name: p, source: .sops.yaml, plain: true }]\n"
    text = platform(item("Aa", mounting), item("Bb"), item("Cc"))
    for recipient in (RECIPIENT, RECIPIENT, ANOTHER):
        recipients = f"{{ name: Dev, recipients: {{ age: [{recipient}] }},"
        bare.write("platform.yaml", text.replace("{ name: Dev,", recipients).encode())
        if recipient == RECIPIENT and not (bare.warm / ".sops.yaml").exists():
            bare.write(".sops.yaml", b"creation_rules: []\n")
        assert agree(bare, "compile", "--overwrite")[0] == 0

    assert agree(bare, "check")[0] == 1
    assert agree(bare, "compile")[0] == 0
    assert ANOTHER in (bare.warm / "deploy/shop/dev/aa.yaml").read_text(encoding="utf-8")


def test_a_file_of_the_output_that_is_mounted_is_another_one_by_the_next_time(bare: Bench) -> None:
    mounting = "        files: [{ name: p, source: out/shop/dev/bb.yaml }]\n"
    steps = (("", 1), (mounting, 1), (mounting, 2))
    texts = [platform(item("Aa", more), item("Bb", "", image)) for more, image in steps]
    for text in texts:
        bare.write("platform.yaml", text.encode())
        status, _, said = agree(bare, "compile", "-o", "out")
        assert status == 0, said

    agree(bare, "compile", "-o", "out")

    assert "out/shop/dev/aa.yaml" in contents(bare.warm)
    agree(bare, "compile", "-o", "out")
