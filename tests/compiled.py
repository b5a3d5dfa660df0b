"""Platforms compiled in memory, and what came out by kind and name."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.compiler import Compilation, compile_platform
from generator.front import Inputs
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.inputs import Files, FilesInMemory

ROOT = Path(__file__).parents[1]
PLATFORMS = Path(__file__).parent / "platforms"

Body = dict[str, Any]


@dataclass(frozen=True)
class Compiled:
    """A compilation, its objects read by PyYAML."""

    compilation: Compilation

    def file(self, path: str) -> str:
        """The text of the one file whose path ends in *path*."""
        (found,) = [content for each, content in self.compilation.tree.items() if str(each).endswith(path)]
        return found.decode()

    def names(self, path: str) -> list[str]:
        """The objects of one file as `Kind/name`, in their order."""
        return [f"{each['kind']}/{each['metadata']['name']}" for each in self.bodies(path)]

    def bodies(self, path: str) -> list[Body]:
        """The objects of the one file whose path ends in *path*."""
        return list(yaml.safe_load_all(self.file(path)))

    @cached_property
    def all(self) -> list[Body]:
        """Every object of the tree."""
        holding = [path for path in self.compilation.tree if path in self.compilation.versions]
        return [body for path in holding for body in self.bodies(str(path))]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Body]]:
        found: dict[tuple[str, str], list[Body]] = {}
        for body in self.all:
            found.setdefault((body["kind"], body["metadata"]["name"]), []).append(body)
        return found

    def one(self, kind: str, name: str) -> Body:
        """The one object of *kind* that is called *name*."""
        (found,) = self._by_name.get((kind, name), [])
        return found

    def has(self, kind: str, name: str) -> bool:
        """Whether there is an object of *kind* that is called *name*."""
        return (kind, name) in self._by_name

    def container(self, deployment: str, name: str) -> Body:
        """A container of a Deployment, by name."""
        containers = self.one("Deployment", deployment)["spec"]["template"]["spec"]["containers"]
        (found,) = [each for each in containers if each["name"] == name]
        return dict(found)

    def mounts(self, deployment: str, container: str) -> dict[str, str]:
        """Where a container mounts which file or volume: `path -> volume` or `path -> volume/subPath`."""
        mounts = self.container(deployment, container).get("volumeMounts", [])
        return {each["mountPath"]: "/".join(filter(None, (each["name"], each.get("subPath")))) for each in mounts}

    def configuration(self, name: str) -> dict[str, Any]:
        """The Runtime's ConfigMap of a microservice, each file read."""
        data = self.one("ConfigMap", f"{name}-dolittle")["data"]
        return {key: json.loads(text) if key.endswith(".json") else yaml.safe_load(text) for key, text in data.items()}


def compile_text(
    text: str | bytes, files: Files | Mapping[str, bytes] | None = None, layout: str | None = None
) -> Compiled:
    """Compile one document, with the project's other files beside it, in *layout* whatever it says."""
    content = text.encode() if isinstance(text, str) else text
    beside = FilesInMemory(files or {}) if files is None or isinstance(files, Mapping) else files
    inputs = Inputs(
        name="platform.yaml", text=content, files=beside, read_schema=read_schema, templates=read_templates()
    )
    return Compiled(compile_platform(inputs, layout=layout))


def compile_said(
    document: Mapping[str, Any], files: Mapping[str, bytes] | None = None, layout: str | None = None
) -> Compiled:
    """Compile a document given as data: JSON is YAML, but for the pairs by which it escapes what is above U+FFFF."""
    text = json.dumps(document, ensure_ascii=False)
    return compile_text(re.sub("[\x7f-\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text), files, layout)


def compile_folder(folder: Path, layout: str | None = None) -> Compiled:
    """Compile the project in *folder*, in *layout* whatever it says."""
    return compile_text((folder / "platform.yaml").read_bytes(), ProjectFiles(folder), layout)


def findings_of(text: str, files: Mapping[str, bytes] | None = None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a document that must not compile."""
    try:
        compile_text(text, files)
    except CompileError as error:
        return error.diagnostics
    raise AssertionError("it compiled")


def errors_of(text: str, files: Mapping[str, bytes] | None = None) -> list[str]:
    """Return the errors of a document that must not compile, as `LINE CODE`, in their order."""
    return [f"{each.at.line} {each.code}" for each in findings_of(text, files) if each.severity == "error"]


def shop(microservices: str, environments: str = "", *, application: str = "", platform: str = "") -> str:
    """Return a document with one application 'shop', its *environments* (Dev alone if empty) and *microservices*.

    Every argument is YAML at the left margin; it is indented to where it belongs.
    """
    stages = (
        environments
        or "- { name: Dev, tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.example.com] }] }"
    )
    return "\n".join(
        (
            "apiVersion: platformc.dev/v1",
            "kind: Platform",
            "customer: { name: acme, id: 3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501 }",
            *_indented(platform, 0),
            "applications:",
            "  - name: shop",
            "    id: 7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
            *_indented(application, 4),
            "    environments:",
            *_indented(stages, 6),
            "    microservices:",
            *_indented(microservices, 6),
            "",
        )
    )


def _indented(text: str, indent: int) -> Iterator[str]:
    from textwrap import dedent

    for line in dedent(text).strip("\n").splitlines():
        yield " " * indent + line if line.strip() else ""


@cache
def acme() -> Compiled:
    """Return the compiled platform of `platforms/acme.yaml`, with the sealed files of the sample of the same shop."""
    return compile_text((PLATFORMS / "acme.yaml").read_bytes(), ProjectFiles(ROOT / "samples" / "shop"))
