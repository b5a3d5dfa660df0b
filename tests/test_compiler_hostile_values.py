"""Values that a reader, a template or a shell may take for something else arrive as they were written."""

import io
import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
import yaml_rs
from ruamel.yaml import YAML

from tests.compiled import Compiled, compile_said
from tests.hostile_values import HOSTILE

Reader = Callable[[str], list[Any]]

READERS: dict[str, Reader] = {
    "PyYAML, 1.1": lambda text: list(yaml.safe_load_all(text)),
    "libyaml, 1.1": lambda text: list(yaml.load_all(text, Loader=yaml.CSafeLoader)),
    "ruamel.yaml, 1.2": lambda text: list(YAML(typ="safe", pure=True).load_all(text)),
    "yaml-rs, 1.2": lambda text: list(yaml_rs.loads(text, parse_datetime=False)),
}
VALUES = {f"V{index:03}": value for index, value in enumerate(HOSTILE)}
# kustomize itself fails over the others, but for files, which have another way to go.
KEPT = {name: value for name, value in VALUES.items() if not re.search("[\x7f-\x9f\ufffe\uffff]", value)}
BYTES = {
    **{name: value.encode() for name, value in VALUES.items()},
    "L1": "é".encode("latin-1"),
    "B1": bytes(range(256)),
    "B2": b"\xff\xfe\x00",
    "U1": "\ufefftext".encode(),
    "U2": "text".encode("utf-16"),
    "S1": b"\xed\xa0\x80",  # half of a surrogate pair
    "E1": b"",
    "Z1": b"\x00" * 1_000,
}


def document(kept: Mapping[str, str] = VALUES) -> dict[str, Any]:
    """Return a document with every value as a file's content and as a file, and *kept* as variables and the like."""
    head = {
        "image": "nginx:1.27.3",
        "args": list(kept.values()),
        "annotations": {f"example.com/{name.lower()}": value for name, value in kept.items()},
    }
    inline: dict[str, Any] = {"name": "Inline", "head": head}
    inline["env"] = {name: {"plain": value} for name, value in kept.items()}
    inline["files"] = [{"name": name, "content": value} for name, value in VALUES.items()]
    sources = [{"name": name, "source": f"config/{name}", "plain": True} for name in BYTES]
    return {
        "apiVersion": "platformc.dev/v1",
        "kind": "Platform",
        "customer": {"name": "acme"},
        "applications": [
            {
                "name": "shop",
                "environments": [{"name": "Dev"}],
                "microservices": [
                    inline,
                    {"name": "Sourced", "head": {"image": "nginx:1.27.3"}, "files": sources},
                ],
            }
        ],
    }


@cache
def compiled(kept: tuple[tuple[str, str], ...] = tuple(VALUES.items())) -> Compiled:
    return compile_said(document(dict(kept)), {f"config/{name}": content for name, content in BYTES.items()})


def config_map(bodies: list[Any], name: str) -> Mapping[str, Any]:
    (found,) = [each for each in bodies if (each["kind"], each["metadata"]["name"]) == ("ConfigMap", name)]
    return dict(found)


def files(bodies: list[Any], name: str) -> dict[str, bytes]:
    """Return what a pod finds in its files."""
    found = config_map(bodies, name)
    texts = {key: text.encode() for key, text in found.get("data", {}).items()}
    return texts | {key: b64decode(text, validate=True) for key, text in found.get("binaryData", {}).items()}


def check(bodies: list[Any], kept: Mapping[str, str] = VALUES) -> None:
    """Compare everything that carries the values; *kept* are those that the tool in between can hand on."""
    (deployment,) = [each for each in bodies if each["kind"] == "Deployment"]
    template = deployment["spec"]["template"]

    assert config_map(bodies, "dev-inline-env-variables")["data"] == kept
    assert files(bodies, "dev-inline-config-files") == {name: value.encode() for name, value in VALUES.items()}
    assert template["spec"]["containers"][0]["args"] == list(kept.values())
    for name, value in kept.items():
        assert template["metadata"]["annotations"][f"example.com/{name.lower()}"] == value


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_variables_files_arguments_and_annotations_are_what_was_written(reader: Reader) -> None:
    check(reader(compiled().file("dev/inline.yaml")))


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_files_keep_their_bytes(reader: Reader) -> None:
    bodies = reader(compiled().file("dev/sourced.yaml"))

    assert files(bodies, "dev-sourced-config-files") == BYTES
    assert {"L1", "B1", "B2", "U2", "S1"} <= config_map(bodies, "dev-sourced-config-files")["binaryData"].keys()


@pytest.mark.parametrize("command", [("kustomize", "build", "."), ("kubectl", "kustomize", ".")])
def test_kustomize_hands_on_what_was_written(command: tuple[str, ...], tmp_path: Path) -> None:
    assert shutil.which(command[0]), f"'{command[0]}' is not on the PATH: run the tests with 'make test'"
    (tmp_path / "all.yaml").write_text(
        compiled(tuple(KEPT.items())).file("dev/inline.yaml"), encoding="utf-8", newline=""
    )
    (tmp_path / "kustomization.yaml").write_text(
        "resources: [all.yaml]\nlabels: [{ pairs: { team: a }, includeTemplates: true }]\n", encoding="utf-8"
    )

    built = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=60).stdout.decode()

    # It prints '=' and '<<' plain: a reader that takes every scalar for a string reads what was meant.
    check(list(yaml.load_all(built, Loader=yaml.BaseLoader)), KEPT)


def test_the_two_dialects_read_every_file_alike() -> None:
    for path, content in compiled().compilation.tree.items():
        first, *others = (read(content.decode()) for read in READERS.values())
        assert all(each == first for each in others), path


def test_nothing_but_printable_text_and_line_feeds_is_written() -> None:
    for path, content in compiled().compilation.tree.items():
        assert not re.search(
            "[^\n\t -~\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", content.decode()
        ), path
        assert b"\r" not in content
        for line in io.BytesIO(content):
            assert line.endswith(b"\n")


@pytest.mark.parametrize(
    "value", ["{{ 7*7 }}", "{% include '/etc/passwd' %}", "{{ customer }}", "{# gone #}", "${HOME}"]
)
def test_what_looks_like_a_template_is_text_wherever_a_person_may_write_it(value: str) -> None:
    said = document()
    (application,) = said["applications"]
    application["microservices"] = [
        {
            "name": "Inline",
            "head": {"image": "nginx:1.27.3", "labels": {"team": "a"}, "command": [value]},
            "expose": {"path": "/", "annotations": {"x/y": value}},
        }
    ]
    application["environments"][0] |= {
        "tenants": [{"id": "445f8ea8-1a6f-40d7-b2fc-796dba92dc44", "hosts": ["a.example.com"]}]
    }
    found = compile_said(said)

    assert found.container("dev-inline", "head")["command"] == [value]
    assert found.one("Ingress", "dev-inline-445f8ea")["metadata"]["annotations"]["x/y"] == value
