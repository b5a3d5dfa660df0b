"""A shop with two environments, and people whose age keys open what is sealed to them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from generator.model.sealed import read_sealed
from generator.model.sealed_record import Change, vectors_of, with_record
from tests.cli.secrets.repository import Repository

DEV = "secrets/shop/dev/catalog.yaml"
PROD = "secrets/shop/prod/catalog.yaml"
REGISTRY = "secrets/shop/registry.yaml"

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
      - name: Prod
        recipients: {{ age: [{prod}] }}
    microservices:
      - name: Catalog
        head: {{ image: "{image}" }}
        env:
          DB_PASSWORD: {{ secret: true, rotateEvery: 90d, owner: team-payments }}
          API_KEY: {{ secret: true }}
"""


@dataclass
class Team(Repository):
    """A folder with a platform document; *people* have a file with a private key each, and a public key."""

    people: dict[str, tuple[Path, str]] = field(default_factory=dict)

    def join(self, *names: str) -> None:
        """Give each of *names* a pair of keys; the first one's is at hand."""
        for name in names:
            self.people[name] = self.new_key(name)

    def write(self, dev: Sequence[str], prod: Sequence[str], *, image: str = "example/catalog:1.4.0") -> None:
        """Write the document, with who can unseal each environment."""
        names = {
            stage: ", ".join(self.people[each][1] for each in people)
            for stage, people in (("dev", dev), ("prod", prod))
        }
        (self.root / "platform.yaml").write_text(_DOCUMENT.format(**names, image=image))

    def seal_for(self, file: str, people: Sequence[str], **values: str) -> None:
        """Seal *values* into a new *file* that *people* can open."""
        self.seal(",".join(self.people[each][1] for each in people), file, **values)

    def platformc(self, *words: str, at_hand: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command of platformc with the key of one of the people, or with the one at hand."""
        return self.run("platformc", *words, key=self.people[at_hand][0] if at_hand else None)

    def without_sops(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of platformc where nothing else is on the PATH, and no key at hand."""
        return subprocess.run(
            [sys.executable, "-m", "generator", *words],
            cwd=self.root,
            env={"PATH": str(self.root), "HOME": str(self.root)},
            capture_output=True,
            check=False,
            encoding="utf-8",
            timeout=60,
        )

    def swap_values(self, file: str) -> None:
        """Let the first two values of *file* change places, as no SOPS would."""
        lines = self.text(file).splitlines(keepends=True)
        first, second, *_ = (number for number, line in enumerate(lines) if ": ENC[" in line)
        (one, value), (other, another) = (lines[number].split(": ") for number in (first, second))
        lines[first], lines[second] = f"{one}: {another}", f"{other}: {value}"
        (self.root / file).write_text("".join(lines))

    def date(self, file: str, day: date) -> None:
        """Let the record of a sealed *file* say that every value was changed on *day*."""
        source = read_sealed(file, (self.root / file).read_bytes())
        changes = {key: Change(day, iv[:12]) for key, iv in vectors_of(source).items()}
        (self.root / file).write_text(with_record(source.text, changes))

    def contents(self) -> Mapping[str, bytes]:
        """Every file, by its path."""
        return {str(each.relative_to(self.root)): each.read_bytes() for each in self.root.rglob("*") if each.is_file()}

    def vectors(self, file: str) -> Mapping[str, str]:
        """The initialisation vector of each value of *file*."""
        return vectors_of(read_sealed(file, (self.root / file).read_bytes()))


def open_shop(folder: Path) -> Team:
    """Return the team of a shop in *folder*: `ann` and `ben` can open Dev, `ann` alone Prod; every value is sealed."""
    root = folder / "shop"
    root.mkdir()
    team = Team(root, folder / "ann.agekey")
    team.join("ann", "ben")
    team.write(["ann", "ben"], ["ann"])
    team.seal_for(DEV, ["ann", "ben"], **_values("dev"))
    team.seal_for(PROD, ["ann"], **_values("prod"))
    return team


def _values(stage: str) -> dict[str, str]:
    return {"API_KEY": f"canary-of-{stage}-1", "DB_PASSWORD": f"canary-of-{stage}-2"}
