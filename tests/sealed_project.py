"""A project with sealed values in a folder, and what its pods say of them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.front import Inputs, sops_config_of
from tests.compiled import ROOT, Compiled, compile_folder, shop

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


def sealed_project(folder: Path) -> Project:
    """Make the project in *folder*, with every value sealed."""
    made = Project(folder)
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
