"""A changed secret restarts exactly the pods that consume it, whoever changed it with whatever command of sops."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.cli.main import main
from generator.front import Inputs, sops_config_of
from tests.compiled import ROOT, Compiled, compile_folder, errors_of, findings_of, shop

KEYS = ROOT / "samples" / "shop" / "throwaway.agekey"
RECIPIENT = "age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn"
COLLEAGUE = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
DEV = f"- {{ name: Dev, recipients: {{ age: [{RECIPIENT}] }} }}"

CATALOG = "secrets/shop/dev/catalog.yaml"
FILES = "secrets/shop/dev/catalog.files.yaml"
PRICING = "secrets/shop/dev/pricing.yaml"
MICROSERVICES = """
- name: Catalog
  head: { image: "example/catalog:1.4.0" }
  env: { API_TOKEN: { secret: true }, DB_PASSWORD: { secret: true } }
  files: [{ name: keys.json, secret: true }]
- name: Pricing
  head: { image: "example/pricing:2.0.1" }
  env: { LICENCE: { secret: true } }
- name: Website
  head: { image: "example/website:3.2.0" }
"""

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


class Project:
    """A folder with a document, its sealed files, and real sops."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, microservices: str = MICROSERVICES, environments: str = DEV, application: str = "") -> None:
        """Write the document, and the `.sops.yaml` that it asks for."""
        document = shop(microservices, environments, application=application).encode()
        (self.folder / "platform.yaml").write_bytes(document)
        inputs = Inputs(
            name="platform.yaml",
            text=document,
            files=ProjectFiles(self.folder),
            read_schema=read_schema,
            templates=read_templates(),
        )
        (self.folder / ".sops.yaml").write_bytes(sops_config_of(inputs) or b"")

    def sops(self, *arguments: str, given: str = "", **environment: str) -> str:
        """Run sops with a throw-away key and return what it prints."""
        executable = shutil.which("sops") or pytest.fail("'sops' is not on the PATH: run the tests with 'make test'")
        ended = subprocess.run(
            (executable, *arguments),
            cwd=self.folder,
            input=given,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "SOPS_AGE_KEY_FILE": str(KEYS),
                "SOPS_DISABLE_VERSION_CHECK": "1",
                **environment,
            },
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def seal(self, path: str, values: str) -> None:
        """Seal the lines *values* of a `stringData`."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        self.sops("encrypt", "--filename-override", path, "--output", path, given=f"stringData:\n{values}")

    def change(self, path: str, key: str, value: str) -> None:
        """Change one sealed value."""
        self.sops("set", path, f'["stringData"]["{key}"]', f'"{value}"')

    def compiled(self) -> Compiled:
        """Compile the project."""
        return compile_folder(self.folder)

    def changed(self, before: Compiled) -> list[str]:
        """Return the files that compiling changes, from the folder of the environment."""
        after = self.compiled().compilation.tree
        found = [str(path) for path, content in before.compilation.tree.items() if after.get(path) != content]
        return sorted(each.removeprefix("deploy/shop/dev/") for each in found)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.write()
    made.seal(CATALOG, "  API_TOKEN: one\n  DB_PASSWORD: two\n")
    made.seal(FILES, "  keys.json: three\n")
    made.seal(PRICING, "  LICENCE: four\n")
    return made


def announced(compiled: Compiled, name: str, kind: str = "Deployment") -> str | None:
    """Return the annotation of a workload's pods."""
    metadata = compiled.one(kind, name)["spec"]["template"]["metadata"]
    found: str | None = metadata.get("annotations", {}).get("platformc.dev/sealed")
    return found


def differing(before: str, after: str) -> list[str]:
    """Return the lines of *after* that *before* does not have, without what follows their key."""
    return [each.partition(":")[0].strip() for each in after.splitlines() if each not in before.splitlines()]


def test_pods_that_consume_sealed_values_say_so_and_others_do_not(project: Project) -> None:
    compiled = project.compiled()

    assert re.fullmatch("[0-9a-f]{16}", announced(compiled, "dev-catalog") or "")
    assert announced(compiled, "dev-pricing") not in (None, announced(compiled, "dev-catalog"))
    assert announced(compiled, "dev-website") is None


@pytest.mark.parametrize(("path", "key"), [(CATALOG, "DB_PASSWORD"), (FILES, "keys.json")])
def test_a_value_that_sops_set_changes_one_line_of_the_workload_that_consumes_it(
    project: Project, path: str, key: str
) -> None:
    before = project.compiled()

    project.change(path, key, "changed")

    secret = Path(path).with_suffix(".secret.yaml").name
    assert project.changed(before) == sorted([secret, "catalog.yaml"])
    lines = differing(before.file("dev/catalog.yaml"), project.compiled().file("dev/catalog.yaml"))
    assert lines == ["platformc.dev/sealed"]


def test_a_value_that_was_edited_changes_the_workload_that_consumes_it(project: Project) -> None:
    before = project.compiled()
    editor = project.folder / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/four/five/' \"$1\"\n")
    editor.chmod(0o755)

    project.sops("edit", PRICING, EDITOR=str(editor))

    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml"]


def test_a_new_data_key_restarts_nothing(project: Project) -> None:
    before = project.compiled()

    project.sops("rotate", "-i", CATALOG)

    assert project.changed(before) == ["catalog.secret.yaml"]
    assert set(differing(before.file("catalog.secret.yaml"), project.compiled().file("catalog.secret.yaml"))) > {
        "API_TOKEN",
        "DB_PASSWORD",
    }


def test_a_new_recipient_restarts_nothing(project: Project) -> None:
    before = project.compiled()
    project.write(environments=DEV.replace(RECIPIENT, f"{RECIPIENT}, {COLLEAGUE}"))

    for path in (CATALOG, FILES, PRICING):
        project.sops("updatekeys", "--yes", path)

    assert COLLEAGUE in project.compiled().file("catalog.secret.yaml")
    changed = project.changed(before)
    assert [each for each in changed if not each.endswith(".secret.yaml")] == [".sops.yaml"]
    assert len(changed) == 4


def test_a_recipient_that_was_added_to_one_file_by_hand_restarts_nothing(project: Project) -> None:
    before = announced(project.compiled(), "dev-pricing")
    project.write(environments=DEV.replace(RECIPIENT, f"{RECIPIENT}, {COLLEAGUE}"))

    for path in (CATALOG, FILES, PRICING):
        project.sops("rotate", "-i", "--add-age", COLLEAGUE, path)

    assert announced(project.compiled(), "dev-pricing") == before


def test_a_value_that_is_changed_and_changed_back_restarts_twice(project: Project) -> None:
    first = announced(project.compiled(), "dev-pricing")
    project.change(PRICING, "LICENCE", "five")
    second = announced(project.compiled(), "dev-pricing")
    project.change(PRICING, "LICENCE", "four")
    third = announced(project.compiled(), "dev-pricing")

    assert len({first, second, third}) == 3


def test_the_same_value_again_restarts_nothing(project: Project) -> None:
    before = project.compiled()

    project.sops("set", "--idempotent", PRICING, '["stringData"]["LICENCE"]', '"four"')

    assert project.changed(before) == []


def test_the_last_secret_takes_the_annotation_with_it(project: Project) -> None:
    project.write(MICROSERVICES.replace("  env: { LICENCE: { secret: true } }\n", ""))
    (project.folder / PRICING).unlink()

    assert announced(project.compiled(), "dev-pricing") is None


def test_a_key_that_joins_restarts_its_own_head_alone(project: Project) -> None:
    before = project.compiled()
    project.write(
        MICROSERVICES.replace("LICENCE: { secret: true }", "LICENCE: { secret: true }, PIN: { secret: true }")
    )
    project.sops("set", PRICING, '["stringData"]["PIN"]', '"1"')

    assert project.changed(before) == ["pricing.secret.yaml", "pricing.yaml"]
    assert announced(project.compiled(), "dev-pricing") != announced(before, "dev-pricing")


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
