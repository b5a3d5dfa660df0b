"""Workloads of one's own restart for the sealed values that they consume, and nobody else decides when."""

import shutil
from pathlib import Path

import pytest

from generator.adapters.package import read_templates
from generator.cli.main import main
from tests.compiled import errors_of, findings_of, shop
from tests.sealed_project import CATALOG, FILES, MICROSERVICES, PRICING, Project, announced, sealed_project

WORKER = """\
apiVersion: apps/v1
kind: {kind}
metadata: {{ name: worker }}
spec:
  selector: {{ matchLabels: {{ app: worker }} }}
  template:
    metadata: {{ labels: {{ app: worker }} }}
    spec:
      automountServiceAccountToken: false
      containers:
        - name: worker
          image: example/worker:1.0.0
          resources: {{ limits: {{ cpu: 100m, memory: 64Mi }}, requests: {{ cpu: 100m, memory: 64Mi }} }}
{uses}
"""
TAKES_ONE_KEY = """\
          env:
            - name: PASSWORD
              valueFrom: { secretKeyRef: { name: dev-catalog-secret-env-variables, key: DB_PASSWORD } }
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sealed_project(tmp_path)


@pytest.mark.parametrize("kind", ["Deployment", "DaemonSet", "StatefulSet"])
def test_a_workload_of_ones_own_restarts_for_the_value_that_it_takes_from_another_unit(
    project: Project, kind: str
) -> None:
    service = "  serviceName: dev-website\n" if kind == "StatefulSet" else ""
    manifest = WORKER.format(kind=kind, uses=TAKES_ONE_KEY) + service
    (project.folder / "worker.yaml").write_text(manifest)
    project.write(f"{MICROSERVICES}  manifests: [worker.yaml]\n")
    first = announced(project.compiled(), "worker", kind)
    project.change(CATALOG, "API_TOKEN", "changed")
    second = announced(project.compiled(), "worker", kind)
    project.change(CATALOG, "DB_PASSWORD", "changed")
    third = announced(project.compiled(), "worker", kind)

    assert first is not None
    assert first == second != third


@pytest.mark.parametrize(
    ("uses", "key", "rolls"),
    [
        ("          envFrom: [{ secretRef: { name: SECRET } }]", "API_TOKEN", True),
        ("      volumes: [{ name: v, secret: { secretName: SECRET } }]", "API_TOKEN", True),
        (
            "      volumes: [{ name: v, secret: { secretName: SECRET, items: [{ key: DB_PASSWORD, path: p }] } }]",
            "API_TOKEN",
            False,
        ),
        (
            "      volumes: [{ name: v, secret: { secretName: SECRET, items: [{ key: DB_PASSWORD, path: p }] } }]",
            "DB_PASSWORD",
            True,
        ),
        ("      volumes: [{ name: v, projected: { sources: [{ secret: { name: SECRET } }] } }]", "API_TOKEN", True),
        (
            "      volumes: [{ name: v, csi: { driver: d.example.com, nodePublishSecretRef: { name: SECRET } } }]",
            "API_TOKEN",
            True,
        ),
        ("      imagePullSecrets: [{ name: SECRET }]", "API_TOKEN", False),
    ],
)
def test_how_a_pod_takes_a_secret_decides_for_which_values_it_restarts(
    project: Project, uses: str, key: str, *, rolls: bool
) -> None:
    manifest = WORKER.format(kind="Deployment", uses=uses.replace("SECRET", "dev-catalog-secret-env-variables"))
    (project.folder / "worker.yaml").write_text(manifest)
    project.write(application="manifests: [worker.yaml]")
    before = project.compiled()

    project.change(CATALOG, key, "changed")

    assert ("deploy/shop/application.yaml" in project.changed(before)) is rolls


def test_the_template_of_a_job_stays_as_it_is(project: Project) -> None:
    manifest = f"""\
apiVersion: batch/v1
kind: Job
metadata: {{ name: worker }}
spec:
  template:
    metadata: {{ labels: {{ app: worker }} }}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      containers:
        - name: worker
          image: example/worker:1.0.0
          resources: {{ limits: {{ cpu: 100m, memory: 64Mi }}, requests: {{ cpu: 100m, memory: 64Mi }} }}
{TAKES_ONE_KEY}"""
    (project.folder / "worker.yaml").write_text(manifest)
    project.write(application="manifests: [worker.yaml]")

    assert announced(project.compiled(), "worker", "Job") is None


def test_a_patch_that_makes_a_head_consume_a_secret_makes_it_restart_for_it(project: Project) -> None:
    patched = MICROSERVICES + (
        "  patches:\n"
        "    - target: Deployment\n"
        "      merge: { spec: { template: { spec: { containers: [{ name: head, envFrom: "
        "[{ secretRef: { name: dev-pricing-secret-env-variables } }] }] } } } }\n"
    )
    project.write(patched)
    before = project.compiled()

    project.change(PRICING, "LICENCE", "changed")

    assert announced(before, "dev-website") is not None
    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml", "website.yaml"]


def test_a_template_of_ones_own_gets_the_annotation_whether_it_prints_it_or_not(project: Project) -> None:
    expected = announced(project.compiled(), "dev-pricing")
    built_in = read_templates()["microservice/deployment.yaml.j2"]
    own = project.folder / "own" / "microservice" / "deployment.yaml.j2"
    own.parent.mkdir(parents=True)
    own.write_text(built_in.replace("        platformc.dev/sealed: {{ sealed_digest }}\n", ""))
    document = project.folder / "platform.yaml"
    document.write_text(document.read_text() + "templates: own\n")

    assert "sealed_digest }}" not in own.read_text()
    assert announced(project.compiled(), "dev-pricing") == expected


def test_a_template_of_ones_own_may_rename_the_secret(project: Project) -> None:
    own = project.folder / "own" / "microservice"
    own.mkdir(parents=True)
    for name in ("deployment", "secret"):
        text = read_templates()[f"microservice/{name}.yaml.j2"]
        text = text.replace('"-secret-env-variables"', '"-renamed"')
        (own / f"{name}.yaml.j2").write_text(text.replace("secret.name", '(secret.name ~ "x")[:11] ~ "-renamed"'))
    document = project.folder / "platform.yaml"
    project.write(
        """
- name: Pricing
  head: { image: "example/pricing:2.0.1" }
  env: { LICENCE: { secret: true } }
"""
    )
    document.write_text(document.read_text() + "templates: own\n")
    shutil.rmtree(project.folder / "secrets" / "shop" / "dev")
    project.seal(PRICING, "  LICENCE: four\n")
    before = project.compiled()

    project.change(PRICING, "LICENCE", "changed")

    assert before.has("Secret", "dev-pricing-renamed")
    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml"]


def test_compiling_a_part_gives_the_same_bytes_as_compiling_the_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "worker.yaml").write_text(WORKER.format(kind="Deployment", uses=TAKES_ONE_KEY))
    project.write(f"{MICROSERVICES}  manifests: [worker.yaml]\n")
    monkeypatch.chdir(project.folder)
    assert main(["compile", "--quiet"]) == 0
    whole = (project.folder / "deploy/shop/dev/website.yaml").read_bytes()
    project.change(CATALOG, "DB_PASSWORD", "changed")

    assert main(["compile", "--quiet", "--select", "shop/Website"]) == 0
    part = (project.folder / "deploy/shop/dev/website.yaml").read_bytes()

    assert part != whole
    assert main(["compile", "--quiet"]) == 0
    assert (project.folder / "deploy/shop/dev/website.yaml").read_bytes() == part
    assert capsys.readouterr().out == ""


def test_a_part_that_consumes_what_cannot_be_read_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "worker.yaml").write_text(WORKER.format(kind="Deployment", uses=TAKES_ONE_KEY))
    project.write(f"{MICROSERVICES}  manifests: [worker.yaml]\n")
    (project.folder / CATALOG).write_text("stringData: [\n")
    monkeypatch.chdir(project.folder)

    assert main(["compile", "--quiet", "--select", "shop/Website"]) == 1
    assert CATALOG in capsys.readouterr().err


@pytest.mark.parametrize("value", ["mine", "null"])
def test_a_patch_may_not_decide_when_pods_restart(project: Project, value: str) -> None:
    project.write(
        MICROSERVICES.replace(
            "- name: Website",
            "  patches:\n    - target: Deployment\n      merge: { spec: { template: "
            f"{{ metadata: {{ annotations: {{ platformc.dev/sealed: {value} }} }} }} }} }}\n- name: Website",
        )
    )
    document = (project.folder / "platform.yaml").read_text()
    files = {path: (project.folder / path).read_bytes() for path in (CATALOG, FILES, PRICING)}

    (found,) = findings_of(document, files)

    assert found.code == "reserved-label"
    assert "platformc.dev/sealed" in document.splitlines()[found.at.line - 1]


def test_a_plain_manifest_may_not_decide_when_pods_restart() -> None:
    manifest = WORKER.format(kind="Deployment", uses="").replace(
        "{ labels: { app: worker } }\n    spec",
        "{ labels: { app: worker }, annotations: { platformc.dev/sealed: a } }\n    spec",
    )

    said = errors_of(
        shop('- { name: Website, head: { image: "example/website:3.2.0" } }', application="manifests: [worker.yaml]"),
        {"worker.yaml": manifest.encode()},
    )

    assert said == ["7 reserved-label"]
