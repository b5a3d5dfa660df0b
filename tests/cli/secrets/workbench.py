"""A small platform with nothing sealed yet, and the private keys of its two environments."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

KEYS = Path(__file__).parents[2] / "stages" / "seal"
DEV = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
PROD = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"
CATALOG = "secrets/shop/dev/catalog.yaml"

DOCUMENT = f"""\
apiVersion: platformc.dev/v1
kind: Platform
customer: {{ name: acme }}
registry: {{ host: acme.azurecr.io }}
applications:
  - name: shop
    environments:
      - {{ name: Dev, recipients: {{ age: [{DEV}] }} }}
      - {{ name: Prod, recipients: {{ age: [{PROD}] }} }}
    microservices:
      - name: Catalog
        head: {{ image: "acme.azurecr.io/catalog:1.4.0" }}
        env: {{ API_KEY: {{ secret: true }}, DB_PASSWORD: {{ secret: true }} }}
        files: [{{ name: tls.key, secret: true }}]
      - name: Pricing
        head: {{ image: "example/pricing:1.4.0" }}
        env: {{ TOKEN: {{ secret: true }} }}
        environments: {{ Prod: {{ deploy: false }} }}
"""


@dataclass(frozen=True)
class Workbench:
    """A project's folder, and tools at work in it."""

    root: Path

    def run(
        self, *words: str, given: str | bytes = "", keys: str = "dev prod", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a tool in the folder, with the private keys of some environments at hand."""
        content = given.encode() if isinstance(given, str) else given
        ended = subprocess.run(
            words,
            cwd=self.root,
            env=self.variables(keys, **variables),
            input=content,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return subprocess.CompletedProcess(words, ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def variables(self, keys: str, **variables: str) -> dict[str, str]:
        """Return the environment of a tool."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root.parent),
            "SOPS_AGE_KEY": "".join((KEYS / f"throwaway-{each}.agekey").read_text() for each in keys.split()),
            "SOPS_DISABLE_VERSION_CHECK": "1",
            **variables,
        }

    def secrets(
        self, *words: str, given: str | bytes = "", keys: str = "dev prod", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of `platformc secrets`."""
        return self.platformc("secrets", *words, given=given, keys=keys, **variables)

    def platformc(
        self, *words: str, given: str | bytes = "", keys: str = "dev prod", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of `platformc`."""
        return self.run(sys.executable, "-m", "generator", *words, given=given, keys=keys, **variables)

    def path(self, file: str) -> Path:
        """Return where *file* is."""
        return self.root / file

    def text(self, file: str) -> str:
        """Return what *file* holds."""
        return (self.root / file).read_text(encoding="utf-8")

    def value(self, file: str, key: str) -> str:
        """Return what plain sops reads from a sealed *file*; its code is checked."""
        ended = self.run("sops", "decrypt", "--extract", f'["stringData"]["{key}"]', file)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def files(self) -> dict[str, bytes]:
        """Return every file, by its path."""
        return {str(each.relative_to(self.root)): each.read_bytes() for each in self.root.rglob("*") if each.is_file()}


def set_up(folder: Path) -> Workbench:
    """Return a workbench in a new folder below *folder*."""
    for tool in ("sops", "age-keygen"):
        assert shutil.which(tool), f"'{tool}' is not on PATH; 'make tools' fetches it"
    root = folder / "a project"
    root.mkdir()
    (root / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
    return Workbench(root)
