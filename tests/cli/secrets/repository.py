"""A git repository with a platform in it, sealed files, and keys that open them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml_rs

CATALOG = "secrets/shop/dev/catalog.yaml"

_IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass
class Repository:
    """A work tree at *root*; *key* is the file of age keys at hand."""

    root: Path
    key: Path

    def run(self, *words: str, given: str = "", key: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a tool in the work tree."""
        tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        assert shutil.which(words[0], path=tools), f"'{words[0]}' is not on PATH; 'make tools' fetches it"
        return subprocess.run(
            words,
            cwd=self.root,
            env={
                "PATH": tools,
                "HOME": str(self.root.parent),
                "SOPS_AGE_KEY_FILE": str(key or self.key),
                "SOPS_DISABLE_VERSION_CHECK": "1",
                **_IDENTITY,
            },
            input=given,
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=60,
        )

    def do(self, *words: str, given: str = "") -> str:
        """Run a tool that must succeed, and return what it says."""
        ended = self.run(*words, given=given)
        assert ended.returncode == 0, f"{words}: {ended.stdout}{ended.stderr}"
        return ended.stdout + ended.stderr

    def new_key(self, name: str) -> tuple[Path, str]:
        """Make a pair of age keys; the file of the private one, and the public one."""
        file = self.root.parent / f"{name}.agekey"
        self.do("age-keygen", "-o", str(file))
        return file, self.do("age-keygen", "-y", str(file)).strip()

    def seal(self, recipients: str, file: str = CATALOG, **values: str) -> None:
        """Seal *values* into a new *file*."""
        config = self.root.parent / "sops.yaml"
        config.write_text(
            f"creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n"
            f"    age: {recipients}\n"
        )
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"  {key}: {value}\n" for key, value in sorted(values.items()))
        self.do(
            *("sops", "--config", str(config), "encrypt", "--input-type", "yaml", "--output-type", "yaml"),
            *("--filename-override", file, "--output", file, "/dev/stdin"),
            given=f"stringData:\n{lines}",
        )

    def change(self, file: str = CATALOG, **values: str) -> None:
        """Change, add or with an empty value remove values of *file*."""
        wanted = {key: value for key, value in sorted({**self.opened(file), **values}.items()) if value}
        self.do("sops", "set", "--idempotent", "--value-stdin", file, '["stringData"]', given=json.dumps(wanted))

    def opened(self, file: str = CATALOG, key: Path | None = None) -> dict[str, str]:
        """Return the values of *file*, whose code sops has checked."""
        ended = self.run("sops", "decrypt", file, key=key)
        assert ended.returncode == 0, ended.stderr
        read: Any = yaml_rs.loads(ended.stdout)
        values: dict[str, str] = read["stringData"]
        return values

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.do("git", "add", "--all")
        self.do("git", "commit", "--quiet", "--message", message)

    def text(self, file: str = CATALOG) -> str:
        return (self.root / file).read_text()
