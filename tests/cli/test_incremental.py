"""After any edit, with whatever the cache holds: the same files, words and exit status as without a cache."""

import json
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from generator.cli.main import main
from generator.model.unit import Unit
from generator.unit_compiler import UnitCompiler, UnitResult

ROOT = Path(__file__).parents[2]
SEALED = "secrets/shop/dev/catalog.yaml"
SHOP = ROOT / "samples" / "shop"
RECIPIENT = re.findall(r"age1\w+", (SHOP / "platform.yaml").read_text(encoding="utf-8"))[0]
OWN_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: { name: own, namespace: {{ application.namespace }} }
data: { number: "NUMBER" }
"""
WORKER = """\
apiVersion: apps/v1
kind: Deployment
metadata: { name: dev-worker }
spec:
  selector: { matchLabels: { app: worker } }
  template:
    metadata: { labels: { app: worker } }
    spec:
      automountServiceAccountToken: false
      containers:
        - name: worker
          image: busybox:1.37.0
          securityContext: { allowPrivilegeEscalation: false }
          env:
            - name: VALUE
              valueFrom: { secretKeyRef: { name: dev-catalog-secret-env-variables, key: KEY } }
"""
_SECONDS = re.compile(r"\(\d+\.\d\d s\)")


@dataclass
class Bench:
    """One project twice: in one folder there is a cache, in the other never."""

    warm: Path
    cold: Path
    run: Callable[..., tuple[int, str, str]]
    random: random.Random
    number: int = 10
    document: dict[str, Any] = field(default_factory=dict)

    def write(self, path: str, content: bytes | None) -> None:
        """Write *content* to *path* in both, or with None delete it."""
        for folder in (self.warm, self.cold):
            place = folder / path
            if content is None:
                place.unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)

    def save(self) -> None:
        self.write("platform.yaml", json.dumps(self.document, indent=1).encode())

    def fresh(self) -> str:
        self.number += 1
        return str(self.number)

    @property
    def application(self) -> dict[str, Any]:
        application: dict[str, Any] = self.document["applications"][0]
        return application

    def microservice(self) -> dict[str, Any]:
        return self.random.choice(self.application["microservices"])

    def outputs(self) -> list[str]:
        deploy = self.warm / "deploy"
        return sorted(str(path.relative_to(self.warm)) for path in deploy.rglob("*") if path.is_file())


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bench:
    warm, cold = tmp_path / "warm" / "project", tmp_path / "cold" / "project"

    def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PLATFORMC_CACHE", "off" if folder == cold else str(tmp_path / "cache"))
        monkeypatch.setenv("PLATFORMC_DEBUG", "1")
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, _SECONDS.sub("", said.err)

    ignored = shutil.ignore_patterns("deploy", "*.agekey", ".sops.yaml")
    for folder in (warm, cold):
        shutil.copytree(SHOP, folder, ignore=ignored)
    return Bench(warm, cold, run, random.Random(0))  # noqa: S311  (edits, not secrets)


def start(bench: Bench, microservices: int) -> None:
    """Begin with a document of some *microservices* that have to do with each other, without secrets but one."""
    sealed = (bench.warm / "secrets" / "shop" / "dev" / "catalog.yaml").read_text(encoding="utf-8")
    shutil.rmtree(bench.warm / "secrets")
    shutil.rmtree(bench.cold / "secrets")
    keys = [key for key in re.findall(r"^ {4}(\w+): ENC", sealed, re.MULTILINE) if key != "mac"]
    bench.document = {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "kubernetes": "1.34",
        "applications": [
            {
                "name": "shop",
                "network": "declared",
                "environments": [environment("Dev"), environment("Prod")],
                "microservices": [microservice(number) for number in range(microservices)],
            }
        ],
    }
    first = bench.application["microservices"][0]
    first["name"] = "Catalog"
    first["env"] = {"LOG_LEVEL": "info"} | {key: {"secret": True} for key in keys}
    first["environments"] = {"Prod": {"deploy": False}}
    last = bench.application["microservices"][-1]
    last["environments"] = {"Dev": {"manifests": ["worker.yaml"]}}
    bench.write("worker.yaml", WORKER.replace("KEY", keys[0]).encode())
    bench.write(SEALED, sealed.encode())
    for number in range(microservices):
        bench.write(f"config/{number}.json", b'{ "a": 1 }\n')
    bench.save()


def environment(name: str) -> dict[str, Any]:
    host = f"{name.lower()}.example.com"
    tenant = {"id": f"445f8ea8-1a6f-40d7-b2fc-{len(name):012}", "hosts": [host]}
    return {"name": name, "recipients": {"age": [RECIPIENT]}, "tenants": [tenant], "storage": {"backup": False}}


def microservice(number: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": f"Service{number}",
        "head": {"image": f"nginx:1.27.{number}"},
        "expose": {"path": f"/api/{number}"},
        "env": {"LOG_LEVEL": "info", "REGION": "north"},
        "files": [f"config/{number}.json"],
    }
    if number % 3 == 1:
        said["runtime"] = {"version": "9.3.3"}
    if number % 4 == 2:
        said["env"]["NEXT"] = {"url": f"Service{number + 1}"}
    if number == 7:
        stream = {"stream": "2d4c6b8a-0f1e-4d2c-8b3a-9f8e7d6c5b4a", "scope": "6e5d4c3b-2a19-4807-96f5-e4d3c2b1a09f"}
        said["subscribes"] = [{"to": "Service4", "partition": "prices", **stream}]
    return said


def edits() -> Iterator[Callable[[Bench], None]]:  # noqa: C901, PLR0915  (a list)
    """Yield the ways to change a project; each works on one at random."""

    def variable(bench: Bench) -> None:
        bench.microservice()["env"]["LOG_LEVEL"] = f"level-{bench.fresh()}"
        bench.save()

    def new_variable(bench: Bench) -> None:
        bench.microservice()["env"][f"NEW_{bench.fresh()}"] = "x"
        bench.save()

    def reference(bench: Bench) -> None:
        bench.microservice()["env"][f"TO_{bench.fresh()}"] = {"address": bench.microservice()["name"]}
        bench.save()

    def dangling_reference(bench: Bench) -> None:
        bench.microservice()["env"]["TO_NOBODY"] = {"address": "Nobody"}
        bench.save()

    def image(bench: Bench) -> None:
        bench.microservice()["head"]["image"] = f"nginx:1.28.{bench.fresh()}"
        bench.save()

    def image_without_tag(bench: Bench) -> None:
        bench.microservice()["head"]["image"] = "nginx"
        bench.save()

    def replicas(bench: Bench) -> None:
        bench.microservice()["head"]["replicas"] = bench.random.randint(1, 5)
        bench.save()

    def port(bench: Bench) -> None:
        bench.microservice()["head"]["port"] = bench.random.randint(8000, 8010)
        bench.save()

    def path(bench: Bench) -> None:
        bench.microservice()["expose"]["path"] = f"/api/{bench.random.randint(0, 20)}"
        bench.save()

    def path_of_another(bench: Bench) -> None:
        one, other = bench.random.sample(bench.application["microservices"], 2)
        one["expose"]["path"] = other["expose"]["path"]
        bench.save()

    def id_of_another(bench: Bench) -> None:
        for each in bench.random.sample(bench.application["microservices"], 2):
            each["id"] = "11aa22bb-33cc-44dd-85ee-66ff77008811"
        bench.save()

    def runtime(bench: Bench) -> None:
        each = bench.microservice()
        if each.pop("runtime", None) is None:
            each["runtime"] = {"version": "9.3.3"}
        bench.save()

    def override(bench: Bench) -> None:
        stage = bench.microservice().setdefault("environments", {}).setdefault("Prod", {})
        stage["env"] = {"LOG_LEVEL": f"prod-{bench.fresh()}"}
        bench.save()

    def not_deployed(bench: Bench) -> None:
        bench.microservice().setdefault("environments", {})["Dev"] = {"deploy": bench.random.choice([True, False])}
        bench.save()

    def addition(bench: Bench) -> None:
        number = 100 + int(bench.fresh())
        bench.write(f"config/{number}.json", b"{}\n")
        said = microservice(number)
        said["env"].pop("NEXT", None)
        place = bench.random.randint(0, len(bench.application["microservices"]))
        bench.application["microservices"].insert(place, said)
        bench.save()

    def removal(bench: Bench) -> None:
        bench.application["microservices"].remove(bench.microservice())
        bench.save()

    def renaming(bench: Bench) -> None:
        bench.microservice()["name"] = f"Renamed{bench.fresh()}"
        bench.save()

    def order(bench: Bench) -> None:
        bench.random.shuffle(bench.application["microservices"])
        bench.save()

    def order_of_keys(bench: Bench) -> None:
        each = bench.microservice()
        items = list(each.items())
        each.clear()
        each.update(reversed(items))
        bench.save()

    def new_environment(bench: Bench) -> None:
        if len(bench.application["environments"]) > 2:
            bench.application["environments"].pop()
        else:
            bench.application["environments"].append(environment("Staging"))
        bench.save()

    def network(bench: Bench) -> None:
        bench.application["network"] = bench.random.choice(["declared", "open"])
        bench.save()

    def defaults(bench: Bench) -> None:
        bench.application["defaults"] = {"head": {"replicas": bench.random.randint(1, 3)}}
        bench.save()

    def file(bench: Bench) -> None:
        each = bench.microservice()
        bench.write(each["files"][0], f'{{ "a": {bench.fresh()} }}\n'.encode())

    def file_of_the_same_size_and_time(bench: Bench) -> None:
        name = bench.microservice()["files"][0]
        for folder in (bench.warm, bench.cold):
            before = (folder / name).stat()
            content = (folder / name).read_bytes()
            (folder / name).write_bytes(content.replace(b"a", b"b") if b"a" in content else content.replace(b"b", b"a"))
            os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))

    def missing_file(bench: Bench) -> None:
        bench.write(bench.microservice()["files"][0], None)

    def sealed(bench: Bench) -> None:
        text = (bench.warm / SEALED).read_text(encoding="utf-8")
        second = bench.random.randint(10, 59)
        text = re.sub(r'(lastmodified: "20\d\d-..-..T..:..:)..', rf"\g<1>{second}", text)
        bench.write(SEALED, text.encode())

    def sealed_value(bench: Bench) -> None:
        text = (bench.warm / SEALED).read_text(encoding="utf-8")
        turned = re.sub(r"iv:(.)(.)", lambda found: f"iv:{found[2]}{found[1]}", text, count=1)
        bench.write(SEALED, turned.encode())

    def missing_sealed_file(bench: Bench) -> None:
        bench.write(SEALED, None)

    def stray_sealed_file(bench: Bench) -> None:
        bench.write("secrets/shop/prod/nobody.yaml", b"x: 1\n")

    def no_stray_sealed_file(bench: Bench) -> None:
        bench.write("secrets/shop/prod/nobody.yaml", None)

    def edited_output(bench: Bench) -> None:
        if names := bench.outputs():
            name = bench.random.choice(names)
            bench.write(name, (bench.warm / name).read_bytes() + b"# by hand\n")

    def deleted_output(bench: Bench) -> None:
        if names := bench.outputs():
            bench.write(bench.random.choice(names), None)

    def foreign_output(bench: Bench) -> None:
        bench.write(f"deploy/shop/dev/{bench.random.choice(['note.md', 'service3.yaml'])}", b"# mine\n")

    def template(bench: Bench) -> None:
        bench.document["templates"] = "templates"
        text = OWN_TEMPLATE.replace("NUMBER", bench.fresh())
        bench.write("templates/application/own.yaml.j2", text.encode())
        bench.save()

    def no_template(bench: Bench) -> None:
        bench.document.pop("templates", None)
        bench.save()

    def included(bench: Bench) -> None:
        part = bench.microservice()
        bench.application["microservices"].remove(part)
        part["files"] = [f"../{name}" if name.startswith("config") else name for name in part["files"]]
        name = bench.fresh()
        bench.write(f"parts/{name}.yaml", json.dumps(part).encode())
        bench.application["microservices"].append({"include": f"parts/{name}.yaml"})
        bench.save()
        bench.application["microservices"][-1] = part
        part["files"] = [each.removeprefix("../") for each in part["files"]]

    def included_in_place(bench: Bench) -> None:
        place = bench.random.randrange(len(bench.application["microservices"]))
        name = bench.fresh()
        kept = bench.application["microservices"][place]
        bench.write(f"parts/{name}.yaml", json.dumps(kept).encode())
        bench.application["microservices"][place] = {"include": f"parts/{name}.yaml"}
        bench.save()
        bench.application["microservices"][place] = kept

    def twice(bench: Bench) -> None:
        place = bench.random.randrange(len(bench.application["microservices"]))
        bench.application["microservices"].insert(place, bench.application["microservices"][place])
        bench.save()

    def nothing(_bench: Bench) -> None:
        pass

    yield from [each for name, each in list(locals().items()) if callable(each) and name != "edits"]


EDITS = list(edits())
_USUAL = {"variable", "image", "replicas", "override", "file", "file_of_the_same_size_and_time", "nothing"}
_USUAL |= {"sealed", "sealed_value"}
WEIGHTS = [4 if edit.__name__ in _USUAL else 1 for edit in EDITS]


def agree(bench: Bench, *arguments: str) -> tuple[int, str, str]:
    """Run the same with a cache and without, and return what both say."""
    warm, cold = bench.run(bench.warm, *arguments), bench.run(bench.cold, *arguments)
    assert warm == cold
    assert contents(bench.warm) == contents(bench.cold)
    return warm


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("seed", range(5))
def test_after_any_edits_the_result_is_that_of_a_cold_run(bench: Bench, seed: int) -> None:
    bench.random.seed(seed)
    start(bench, 10)
    sealed_text = (bench.warm / SEALED).read_bytes()
    status, _, said = agree(bench, "compile")
    assert status == 0, said
    kept = json.dumps(bench.document)
    for _ in range(12):
        names = []
        for edit in bench.random.choices(EDITS, WEIGHTS, k=bench.random.choice([1, 1, 1, 2])):
            names.append(edit.__name__)
            edit(bench)
        try:
            agree(bench, "check")
            status, _, _ = agree(bench, "compile")
        except AssertionError as error:
            error.add_note(f"after {names}")
            raise
        if status:
            bench.document = json.loads(kept)  # and go on from where all was well
            bench.save()
            for number in range(200):
                if not (bench.warm / f"config/{number}.json").exists():
                    bench.write(f"config/{number}.json", b'{ "a": 1 }\n')
            bench.write("secrets/shop/prod/nobody.yaml", None)
            bench.write(SEALED, sealed_text)
            assert agree(bench, "compile", "--overwrite")[0] == 0
        kept = json.dumps(bench.document)


EVERY_EDIT = {edit.__name__: edit for edit in EDITS}


@pytest.mark.parametrize("edit", EVERY_EDIT)
def test_one_edit_after_a_clean_run(bench: Bench, edit: str) -> None:
    start(bench, 10)
    status, _, said = agree(bench, "compile")
    assert status == 0, said

    EVERY_EDIT[edit](bench)

    agree(bench, "check")
    agree(bench, "compile")
    agree(bench, "check", "--format", "json")


@pytest.mark.parametrize("edit", ["variable", "image", "replicas", "file", "override", "order_of_keys"])
def test_the_usual_edits_compile_what_depends_on_them_only(
    bench: Bench, edit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(bench, 10)
    del bench.application["microservices"][-1]  # it looks at the Secrets of others
    bench.save()
    agree(bench, "compile")
    bench.random.seed(1)
    if edit == "override":
        EVERY_EDIT["override"](bench)  # the first override of a microservice changes where it is described
        agree(bench, "compile")
    bench.random.seed(1)
    EVERY_EDIT[edit](bench)
    compiled: list[int] = []
    real = UnitCompiler.compile

    def counted(self: UnitCompiler, unit: Unit) -> UnitResult:
        compiled.append(1)
        return real(self, unit)

    monkeypatch.setattr(UnitCompiler, "compile", counted)
    assert bench.run(bench.warm, "compile")[0] == 0
    assert 1 <= len(compiled) <= 2


def test_nothing_changed_is_known_without_the_compiler(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    start(bench, 10)
    agree(bench, "compile")
    monkeypatch.setattr(UnitCompiler, "compile", None)

    assert bench.run(bench.warm, "compile")[0] == 0
    assert bench.run(bench.warm, "check")[0] == 0
