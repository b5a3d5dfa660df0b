"""A shop with two environments and three microservices, and the people who come and go with their age keys."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml_rs

CATALOG_DEV = "secrets/shop/dev/catalog.yaml"
CATALOG_PROD = "secrets/shop/prod/catalog.yaml"
FILES_DEV = "secrets/shop/dev/catalog.files.yaml"

_DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: {{ name: acme }}
registry: {{ host: acme.azurecr.io }}
applications:
  - name: shop
    environments:
      - name: Dev
        recipients: {{ age: [{dev}] }}
        tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.example.com] }}]
        storage: {{ backup: {{ schedule: "17 * * * *" }} }}
      - name: Prod
        recipients: {{ age: [{prod}] }}
        tenants: [{{ id: a1b2c3d4-1111-4aaa-8111-000000000001, hosts: [example.com] }}]
        storage: {{ backup: false }}
    microservices:
      - name: Catalog
        head: {{ image: "acme.azurecr.io/catalog:1.4.0" }}
        runtime: {{ version: 9.3.3 }}
        env:
          LOG_LEVEL: info
          API_KEY: {{ secret: true }}
          DB_PASSWORD: {{ secret: true, rotateEvery: 90d, owner: team-payments }}
        files: [{{ name: tls.key, secret: true }}]
      - name: Pricing
        head: {{ image: "example/pricing:2.0.1" }}
        env: {{ API_KEY: {{ secret: true }} }}
      - name: Website
        head: {{ image: "nginx:1.25" }}
        env: {{ GREETING: hello }}
"""


@dataclass
class Household:
    """A project's folder *root*; *people* have the file of a private key each, and a public key."""

    root: Path
    people: dict[str, tuple[Path, str]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The home folder of everybody here, beside the project."""
        return self.root.parent / "home"

    def variables(self, at_hand: str = "ann", **variables: str) -> dict[str, str]:
        """Return the environment of a command, with the key of one of the people, or of nobody."""
        keys = {"SOPS_AGE_KEY_FILE": str(self.people[at_hand][0])} if at_hand else {}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "SOPS_DISABLE_VERSION_CHECK": "1",
            **keys,
            **variables,
        }

    def platformc(
        self, *words: str, given: str | bytes = b"", at_hand: str = "ann", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of platformc."""
        return self.run(sys.executable, "-m", "generator", *words, given=given, at_hand=at_hand, **variables)

    def do(self, *words: str, given: str | bytes = b"", **variables: str) -> str:
        """Run a command of platformc that must succeed, and return what it said."""
        ended = self.platformc(*words, given=given, **variables)
        assert ended.returncode == 0, f"{words}: {ended.stdout}{ended.stderr}"
        return ended.stderr

    def without_anything(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of platformc with no key, and nothing on the PATH."""
        nothing = self.root.parent / "nothing"
        nothing.mkdir(exist_ok=True)
        return self.platformc(*words, at_hand="", PATH=str(nothing))

    def run(
        self, *words: str, given: str | bytes = b"", at_hand: str = "ann", **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a tool in the project's folder."""
        ended = subprocess.run(
            words,
            cwd=self.root,
            env=self.variables(at_hand, **variables),
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return subprocess.CompletedProcess(words, ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def join(self, *names: str) -> None:
        """Give each of *names* a pair of keys."""
        for name in names:
            file = self.root.parent / f"{name}.agekey"
            made = self.run("age-keygen", "-o", str(file), at_hand="")
            assert made.returncode == 0, made.stderr
            self.people[name] = (file, self.run("age-keygen", "-y", str(file), at_hand="").stdout.strip())

    def declare(self, dev: Sequence[str], prod: Sequence[str]) -> None:
        """Write the document, with who can unseal each environment."""
        names = {
            stage: ", ".join(self.people[each][1] for each in people)
            for stage, people in (("dev", dev), ("prod", prod))
        }
        (self.root / "platform.yaml").write_text(_DOCUMENT.format(**names), encoding="utf-8")

    def opened(self, file: str, at_hand: str = "ann") -> dict[str, str]:
        """Return the values of *file* as plain sops reads them; it checks the code."""
        ended = self.run("sops", "decrypt", file, at_hand=at_hand)
        assert ended.returncode == 0, f"{file}: {ended.stderr}"
        read: Any = yaml_rs.loads(ended.stdout)
        values: dict[str, str] = read["stringData"]
        return values

    def text(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def files(self) -> Mapping[str, bytes]:
        """Return every file, by its path."""
        return {str(each.relative_to(self.root)): each.read_bytes() for each in self.root.rglob("*") if each.is_file()}

    def times(self) -> Mapping[str, int]:
        """Return when each file and folder was changed."""
        return {str(each.relative_to(self.root)): each.stat().st_mtime_ns for each in self.root.rglob("*")}

    def workloads(self) -> Mapping[str, bytes]:
        """Return every compiled file but the Secrets and what names their contents."""
        return {
            name: content
            for name, content in self.files().items()
            if name.startswith("deploy/") and not name.endswith((".secret.yaml", ".platformc.lock"))
        }

    def copy(self, folder: Path) -> "Household":
        """Return the same household in another *folder*, where it can live on by itself."""
        shutil.copytree(self.root.parent, folder, dirs_exist_ok=True)
        people = {name: (folder / key.name, recipient) for name, (key, recipient) in self.people.items()}
        return Household(folder / self.root.name, people)


VALUES = {
    ("Catalog", "API_KEY", "Dev"): "the key to Dev",
    ("Catalog", "API_KEY", "Prod"): "the key to Prod",
    ("Catalog", "DB_PASSWORD", "Dev"): "a password for Dev",
    ("Catalog", "DB_PASSWORD", "Prod"): "a password for Prod",
    ("Catalog", "tls.key", "Dev"): "-----BEGIN-----\nfor Dev\n",
    ("Catalog", "tls.key", "Prod"): "-----BEGIN-----\nfor Prod\n",
    ("Pricing", "API_KEY", "Dev"): "prices of Dev",
    ("Pricing", "API_KEY", "Prod"): "prices of Prod",
}
"""What is sealed at first, by microservice, key and environment."""


def found(folder: Path) -> Household:
    """Return a household in *folder*: `ann` opens everything, `ben` what is Dev's; a document, and nothing sealed."""
    for tool in ("sops", "age-keygen"):
        assert shutil.which(tool), f"'{tool}' is not on PATH; 'make tools' fetches it"
    household = Household(folder / "the shop")
    household.root.mkdir()
    household.home.mkdir()
    household.join("ann", "ben", "cleo")
    household.declare(["ann", "ben"], ["ann"])
    return household


def furnish(household: Household) -> None:
    """Seal everything that the document declares, each value by the command line."""
    for (microservice, key, environment), value in VALUES.items():
        household.do("secrets", "set", f"shop/{microservice}", key, "-e", environment, given=value)
    household.do("secrets", "set", "shop", "--registry", "--username", "puller", given="the registry's password")
    household.do("secrets", "set", "shop", "azurestorageaccountname", "--storage", given="acmebackups")
    household.do("secrets", "set", "shop", "azurestorageaccountkey", "--storage", "--generate")
