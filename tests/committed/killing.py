"""A project that is compiled, and killed, and compiled, while its document changes and a person works beside it."""

import hashlib
import json
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCK = "deploy/.platformc.lock"
JOURNAL = "deploy/.platformc-journal"
SERVER = Path(__file__).with_name("commands_in_forks.py")
_TEMPORARY = re.compile(r"\.platformc-[0-9a-f]{8}-[0-9]+$")
_NAMES = [
    f"{first}{last}" for first in ("Stock", "Price", "Order") for last in ("Feed", "Desk", "Book", "Sync", "View")
]


class Forks:
    """Runs platformc, each time in a fork of one process; see `commands_in_forks`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)
        self._server = subprocess.Popen(
            [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._listen("ready\n")

    def run(
        self,
        folder: Path,
        *arguments: str,
        patience: float | None = None,
        number: int = signal.SIGKILL,
        sabotage: tuple[str, int] | None = None,
    ) -> dict[str, Any]:
        """Run a command in *folder*, send it a signal after *patience* seconds, and return how it ended."""
        order = {
            "folder": str(folder),
            "arguments": arguments,
            "variables": self._variables,
            "patience": patience,
            "signal": number,
            "sabotage": sabotage,
        }
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        answer: dict[str, Any] = json.loads(self._listen())
        return answer

    def end(self) -> None:
        self._server.communicate()

    def _listen(self, expected: str | None = None) -> str:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line, "the process that forks has ended"
        assert expected in {None, line}
        return line


@dataclass(frozen=True, kw_only=True)
class State:
    """A document, and all that it compiles to: the files, and the folders that they are in."""

    document: str
    files: Mapping[str, bytes]

    @property
    def folders(self) -> set[str]:
        return {str(parent) for name in self.files for parent in Path(name).parents} - {"."}


def document(chance: random.Random) -> str:
    """Return a document at random: some of the microservices, some under other names, in two environments of three."""
    microservices = [
        {
            "name": name + chance.choice(["", "", "", "New"]),
            "head": {"image": f"example/{name.lower()}:1.{chance.randrange(3)}.0", "replicas": chance.choice([1, 2])},
            "env": {"LEVEL": f"level-{chance.randrange(4)}"},
        }
        for name in sorted(chance.sample(_NAMES, 9))
    ]
    environments = [{"name": name, "storage": {"backup": False}} for name in chance.sample(["Dev", "Test", "Prod"], 2)]
    application = {"name": "shop", "environments": environments, "microservices": microservices}
    return json.dumps(
        {
            "apiVersion": "platformc.dev/v1",
            "kind": "Platform",
            "customer": {"name": "acme"},
            "applications": [application],
        },
        indent=1,
    )


def everything(root: Path) -> dict[str, bytes]:
    """Return every file below *root* but the document."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "platform.yaml"
    }


@dataclass
class Ordeal:
    """One project, killed time and again.

    Attributes:
        root: Its folder.
        states: What it may be asked to become.
        foreign: What a person put there, by name; it stays.
        tried: The states that were under way since the inventory was written last.
        hits: How often a kill came before anything was written, in between, after it.
    """

    root: Path
    states: list[State]
    foreign: dict[str, bytes]
    tried: list[State] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._whole: dict[str, set[bytes]] = {}
        for state in self.states:
            for name, content in state.files.items():
                self._whole.setdefault(name, set()).add(content)

    def begin(self, state: State) -> dict[str, bytes]:
        """Give the document another text, and return what is there before anything happens."""
        (self.root / "platform.yaml").write_text(state.document, encoding="utf-8")
        self.tried.append(state)
        return self.found()

    def found(self) -> dict[str, bytes]:
        """Return what is there, without what the person put there, which is as it was."""
        there = everything(self.root)
        for name, content in self.foreign.items():
            assert there.pop(name, None) == content, f"{name} is the person's own"
        return there

    def look(self, before: Mapping[str, bytes], status: int) -> None:
        """Demand of what a killed run left that every file is whole, old or new, and known to the books."""
        there = self.found()
        self._note(before, there, status)
        written = {name: content for name, content in there.items() if not _is_booking(name)}
        for name, content in written.items():
            assert content in self._whole[name], f"{name} is neither old nor new"
        known = _digests(there.get(LOCK, b"")) | _digests(there.get(JOURNAL, b""))
        for name, content in written.items():
            assert (_sha256(content), name) in known, f"{name} would be taken for edited by hand"
        if LOCK in there:
            assert there[LOCK] in self._whole[LOCK]
        if there.get(LOCK) != before.get(LOCK):
            state = self.tried[-1]
            assert there[LOCK] == state.files[LOCK]
            self.tried[:] = [state]
            assert written == {name: each for name, each in state.files.items() if name != LOCK}, "the lock is ahead"
        last = [state for state in self.states if state.files[LOCK] == there.get(LOCK)]
        if last:
            always = set.intersection(*(set(state.files) for state in (*last, *self.tried)))
            assert not always - there.keys(), "a file that always belongs there is missing"

    def converged(self, state: State) -> None:
        """Demand that files, folders and inventory are those of a compile that nothing came before."""
        assert self.found() == state.files
        kept = {str(parent) for name in self.foreign for parent in Path(name).parents} - {"."}
        folders = {str(each.relative_to(self.root)) for each in self.root.rglob("*") if each.is_dir()}
        assert folders == state.folders | kept
        self.tried[:] = [state]

    def _note(self, before: Mapping[str, bytes], there: Mapping[str, bytes], status: int) -> None:
        if JOURNAL in there and before != there:
            self.hits["between"] += 1
            self.hits["with files beside their places"] += any(map(_TEMPORARY.search, there))
            self.hits["with files in their places"] += _published(before) != _published(there)
        elif status == 0 or before != there:
            self.hits["after"] += 1
        else:
            self.hits["before"] += 1


def _published(there: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in there.items() if not _is_booking(name)}


def _is_booking(name: str) -> bool:
    return name in {LOCK, JOURNAL} or _TEMPORARY.search(name) is not None


def _digests(inventory: bytes) -> set[tuple[str, str]]:
    lines = (line.split("  ", 1) for line in inventory.decode().splitlines() if not line.startswith("#"))
    return {(line[0], line[1]) for line in lines if len(line) == 2}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
