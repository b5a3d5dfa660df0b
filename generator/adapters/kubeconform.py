"""A second opinion: kubeconform, strict and offline, over finished manifests.

kubeconform downloads schemas unless it is told where they are, refuses the `sops` block of a sealed Secret
under `-strict`, and knows nothing of what is sealed. So it gets the schemas that the compiler carries, and
each sealed Secret as the Secret that it will become, with placeholders for its values.
See https://github.com/yannh/kubeconform.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from generator.adapters.tools import ToolError, find_tool
from generator.model.kubernetes import KubernetesSchemas
from generator.model.lazy_pattern import lazy_pattern

INSTALL = "go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"

_LOCATION = "{{ .Group }}/{{ .ResourceAPIVersion }}/{{ .ResourceKind }}.json"
_KIND = lazy_pattern(r"""\bkind["']?\s*:\s*["']?([A-Za-z0-9]+)""")
_SOPS = lazy_pattern(r"""^["']?sops["']?:[^\n]*\n(?:(?:[ \t][^\n]*)?\n)*""", re.MULTILINE)
_SEALED = lazy_pattern(r"""(?<=: )(["']?)ENC\[AES256_GCM,data:[^\]\n]*,type:(\w+)\]\1$""", re.MULTILINE)
_PLACEHOLDERS = {"int": "0", "float": "0.5", "bool": "true"}
_PLACEHOLDER = '"c2VhbGVk"'  # good base64, so that it can stand in `data` as well as in `stringData`
_PREFIX = lazy_pattern(r"^.*? jsonschema validation failed with '[^']*#' - ", re.DOTALL)
_PARTS = lazy_pattern(r"\s+- (?=at ')")
_ECHO = lazy_pattern(r"'[^']*'(?= does not match pattern| is not valid)")


class ConformDocument(Struct, frozen=True):
    """One file of manifests.

    Attributes:
        name: How problems name it.
        text: Its YAML; one document or several.
        version: The minor version of Kubernetes that it is meant for.
    """

    name: str
    text: str
    version: str


class Result(Struct, frozen=True, order=True):
    """One object that kubeconform refuses.

    Attributes:
        file: The name of its document.
        version: The minor version of Kubernetes that it was held against.
        kind: Its kind; empty where the text could not be read that far.
        name: Its name; empty likewise.
        words: What kubeconform says, without the values that it found.
    """

    file: str
    version: str
    kind: str
    name: str
    words: str


def conform(documents: Sequence[ConformDocument], schemas: KubernetesSchemas) -> list[Result]:
    """Return what kubeconform refuses in *documents*, sorted; once for each object.

    Raises:
        MissingTool: When kubeconform is not on PATH.
        ToolError: When it stops without an answer.
    """
    executable = find_tool("kubeconform", INSTALL)
    found: list[Result] = []
    for version in sorted({each.version for each in documents}):
        chosen = [each for each in documents if each.version == version]
        with tempfile.TemporaryDirectory(prefix="platformc-") as folder:
            _write_schemas(Path(folder), chosen, schemas, version)
            found += _run(executable, Path(folder), chosen, version)
    return sorted(found)


def _write_schemas(
    folder: Path, documents: Iterable[ConformDocument], schemas: KubernetesSchemas, version: str
) -> None:
    """Write the schema of every kind that *documents* mention to where `_LOCATION` looks for it."""
    mentioned = {kind for each in documents for kind in _KIND.findall(each.text)}
    for api_version, kind in schemas.kinds(version):
        if kind in mentioned:
            group, _, of_group = api_version.partition("/")
            file = folder / "schemas" / group / (of_group or group) / f"{kind.lower()}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(schemas.schema(version, api_version, kind)), encoding="utf-8")


def _run(executable: str, folder: Path, documents: Sequence[ConformDocument], version: str) -> Iterable[Result]:
    manifests = folder / "manifests"
    manifests.mkdir()
    for number, each in enumerate(documents):
        (manifests / f"{number}.yaml").write_text(_unsealed(each.text), encoding="utf-8")
    location = f"{folder}/schemas/{_LOCATION}"
    options = ("-strict", "-output", "json", "-summary=false", "-kubernetes-version", f"{version}.0")
    ended = subprocess.run(
        [executable, *options, "-schema-location", location, str(manifests)],
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    try:
        resources: list[dict[str, Any]] = json.loads(ended.stdout)["resources"]
    except (ValueError, KeyError) as problem:
        raise ToolError("kubeconform", ended.stderr.strip() or "it gave no answer") from problem
    for refused in resources:
        file = documents[int(Path(refused["filename"]).stem)].name
        yield Result(file, version, refused["kind"], refused["name"], _words(refused["msg"]))


def _unsealed(text: str) -> str:
    """Return *text* with each sealed Secret as it will be: no `sops`, values of the sealed types."""
    whole = text if text.endswith("\n") else text + "\n"
    stripped = _SOPS.sub(lambda block: block[0] if "mac:" not in block[0] else "", whole)
    if stripped == whole:
        return text
    return _SEALED.sub(lambda value: _PLACEHOLDERS.get(value[2], _PLACEHOLDER), stripped)


def _words(message: str) -> str:
    """Return what kubeconform says, on one line, without its paths and without what it read."""
    parts = _PARTS.split(_PREFIX.sub("", message))
    told = [part for part in parts if not part.endswith("validation failed")] or parts
    return _ECHO.sub("the value", "; ".join(" ".join(part.split()) for part in told))
