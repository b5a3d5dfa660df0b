"""The examples of a page, tried one after the other in a folder of their own, as a reader would."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.docs.page import Command, Example, commands, matches

ROOT = Path(__file__).resolve().parents[2]
KEY = ROOT / "samples" / "shop" / "throwaway.agekey"
"""The private key of the recipient that the pages name."""

_RECIPIENT = re.search(r"age1\w+", KEY.read_text(encoding="utf-8"))
_TIME = re.compile(r"\(\d+\.\d\d s\)")
_MISSING = re.compile(r"^'([^']+)' has no sealed value in '([^']+)'")
_PARTS = {"application": "applications", "environment": "environments", "microservice": "microservices"}
_HEAD = "apiVersion: platformc.dev/v1\nkind: Platform\ncustomer: { name: acme }\nregistry: { host: acme.azurecr.io }\n"
_ENVIRONMENT = """
{{ name: {0}, recipients: {{ age: [{1}] }}, storage: {{ backup: false }},
   tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [{2}.shop.example.com] }}] }}"""
_MICROSERVICE = """
{ name: Basket, head: { image: "example/basket:1.0.0" }, runtime: { version: 9.3.3 }, expose: { path: / } }"""


class Trial:
    """The examples of one page at work, in *folder*."""

    def __init__(self, folder: Path, page: str) -> None:
        self._folder = folder
        self._page = page
        self._current = folder
        self._sops = shutil.which("sops")
        assert self._sops, "sops is not on the PATH; `make test` puts it there"
        assert _RECIPIENT
        self._recipient = _RECIPIENT[0]
        editor = folder / "editor"
        editor.write_text(f'#!/bin/sh\ncat "{folder}/typed" > "$1"\n', encoding="utf-8")
        editor.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        self._environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "EDITOR": str(editor),
            "SOPS_EDITOR": str(editor),
            "SOPS_AGE_KEY_FILE": str(KEY),
            "NO_COLOR": "1",
        }

    def run(self, found: list[Example]) -> None:
        """Try every one of a page's examples."""
        for index, example in enumerate(found):
            if example.what == "file":
                self._write(example.argument, example.text)
            elif example.what == "platform":
                self._write(f"{example.argument}/platform.yaml", example.text)
                self._compile(example)
            elif example.what == "insert":
                self._insert(example)
            elif example.what in _PARTS:
                self._write(f"{example.argument}/platform.yaml", self._around(example.what))
                self._write(f"{example.argument}/part.yaml", example.text)
                self._compile(example)
            elif example.language == "console":
                typed = found[index + 1] if index + 1 < len(found) and found[index + 1].what == "typed" else None
                (self._folder / "typed").write_text(typed.text if typed else "", encoding="utf-8")
                for command in commands(example.text):
                    self._compare(command, example)

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self._current = self._folder / Path(name).parts[0]

    def _insert(self, example: Example) -> None:
        name, _, line = example.argument.rpartition(":")
        lines = (self._folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        self._write(name, "".join([*lines[: int(line)], example.text, *lines[int(line) :]]))

    def _around(self, part: str) -> str:
        """Return a small platform that includes an example of *part*."""
        shown = {
            "environments": ", ".join(
                _ENVIRONMENT.format(name, self._recipient, name.lower()) for name in ("Dev", "Prod")
            ),
            "microservices": "" if part == "microservice" else _MICROSERVICE,
        }
        own = "{ include: part.yaml }"
        if part == "application":
            return f"{_HEAD}applications: [{own}]\n"
        shown[_PARTS[part]] = own
        lists = ", ".join(f"{name}: [{items}]" for name, items in shown.items())
        return f"{_HEAD}applications: [{{ name: shop, {lists} }}]\n"

    def _compile(self, example: Example) -> None:
        self._seal_what_is_missing()
        done = self._call("platformc", "compile", "-q", "-o", str(self._folder / "compiled" / self._current.name))
        assert (done.returncode, done.stderr) == (0, ""), f"{self._page}:{example.line}:\n{done.stderr}"

    def _seal_what_is_missing(self) -> None:
        found = json.loads(self._call("platformc", "validate", "-q", "--format", "json").stdout)["findings"]
        wanted: dict[str, set[str]] = {}
        for finding in found:
            if missing := _MISSING.search(finding["message"]):
                wanted.setdefault(missing[2], set()).add(missing[1])
        for file, keys in wanted.items():
            self._seal(self._current / file, keys)

    def _seal(self, file: Path, keys: Iterable[str]) -> None:
        rule = {"encrypted_regex": "^(data|stringData)$", "mac_only_encrypted": True, "age": self._recipient}
        config = self._folder / "sops.yaml"
        config.write_text(json.dumps({"creation_rules": [rule]}), encoding="utf-8")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"stringData": {key: f"the {key}" for key in sorted(keys)}}), encoding="utf-8")
        assert self._sops
        done = self._call(self._sops, "--config", str(config), "encrypt", "--in-place", str(file))
        assert not done.returncode, done.stderr

    def _call(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            words, cwd=self._current, env=self._environment, capture_output=True, check=False, encoding="utf-8"
        )

    def _compare(self, command: Command, example: Example) -> None:
        done = subprocess.run(
            ("sh", "-c", command.words),
            cwd=self._current,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
            encoding="utf-8",
        )
        printed = [_TIME.sub("(… s)", line.rstrip()) for line in done.stdout.splitlines()]
        expected = tuple(_TIME.sub("(… s)", line) for line in command.printed)
        assert matches(expected, printed), (
            f"{self._page}:{example.line}: $ {command.words}\n--- printed\n{done.stdout}--- expected\n"
            + "\n".join(expected)
        )
