"""Importing secrets: reading the files, sorting what they hold, sealing it, and saying what is left to do."""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import click

from generator.adapters.failure import UnreadableFileError
from generator.adapters.git import WorkTree
from generator.adapters.secret_store import Outcome
from generator.adapters.tools import MissingTool
from generator.cli.project import STDIN
from generator.cli.secrets.choice import Choice
from generator.cli.secrets.homes import home_of
from generator.cli.secrets.opening import open_store_to_seal
from generator.cli.secrets.places import Place, Places
from generator.cli.secrets.registry import refuse_no_docker_config
from generator.cli.session import Session, refusals
from generator.cli.status import Status
from generator.front import Front
from generator.model.declared_secret import REGISTRY_KEYS
from generator.model.diagnostics import CompileError, Diagnostic, listed
from generator.model.lazy_pattern import lazy_pattern
from generator.model.plaintext import Reading, unreadable
from generator.model.sealed_place import Kind
from generator.model.secret_home import Home
from generator.model.source import Position
from generator.stages.exchange.dotenv import read_dotenv
from generator.stages.exchange.json_map import read_json
from generator.stages.exchange.manifests import read_manifests
from generator.stages.exchange.placement import Sorted, declarations, sort_entries, sort_secrets
from generator.stages.parse.stream import parse_stream

FORMATS = ("dotenv", "json", "kubernetes")

_LARGEST = 64 << 20
"""Bytes of a source: a List of all the Secrets of a large namespace has less."""

_OBJECT = lazy_pattern(r"^\s*[\"']?(?:apiVersion|kind)[\"']?\s*:", re.MULTILINE)


def read_sources(session: Session, names: Sequence[str], form: str | None) -> dict[str, Reading]:
    """Return what the files *names* say, each of them read whole; no line of them will be shown.

    Raises:
        Refusal: With everything that is wrong with them.
    """
    readings: dict[str, Reading] = {}
    with refusals(""):
        for name in names:
            shown = STDIN if name == "-" else name
            session.unseen.add(shown)
            readings[name] = _read(shown, _bytes(name), form)
        findings = [finding for each in readings.values() for finding in each.findings]
        if findings:
            raise CompileError(findings)
    return readings


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            content = b"" if sys.stdin is None else sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableFileError(name, error) from error
    if len(content) > _LARGEST:
        raise click.UsageError(f"'{name}' has more than {_LARGEST} bytes: is it the file that was meant?")
    return content


def _read(name: str, content: bytes, form: str | None) -> Reading:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = Position(name, content.count(b"\n", 0, error.start) + 1)
        return Reading(findings=(unreadable("the file is not UTF-8", at, "save it as UTF-8"),))
    match form or _form_of(name, text):
        case "json":
            return read_json(name, text)
        case "kubernetes":
            try:
                return read_manifests(parse_stream(name, text))
            except CompileError as error:
                return Reading(findings=error.diagnostics)
        case _:
            return read_dotenv(name, text)


def _form_of(name: str, text: str) -> str:
    """Return what a file is: Kubernetes objects name themselves, JSON begins with a brace."""
    if name.endswith((".yaml", ".yml")):
        return "kubernetes"
    if text.lstrip().startswith(("{", "[")) or name.endswith(".json"):
        return "kubernetes" if '"kind"' in text and '"apiVersion"' in text else "json"
    return "kubernetes" if _OBJECT.search(text) else "dotenv"


class Import:
    """One run of the command, into what *subject* and *choice* name."""

    def __init__(self, session: Session, choice: Choice, subject: str | None) -> None:
        self._session = session
        self._choice = choice
        self._front: Front = session.front()
        self._places = Places(self._front)
        self._homes = [home_of(each) for each in self._places.all()]
        self._subject = subject
        self._named = [] if subject is None else [home_of(each) for each in self._meant(subject)]

    def run(self, readings: dict[str, Reading], *, dry_run: bool) -> int:
        """Sort and seal what was read, say what is left behind, and return the exit status."""
        into = Sorted()
        for name, reading in readings.items():
            self._sort(name, reading, into)
        with refusals(""):
            self._refuse(into)
        if not into.values:
            self._session.say("nothing is sealed: nothing that was given has a place in the document")
        elif dry_run:
            self._tell(into, {}, "would hold")
        else:
            self._seal(into)
        self._session.findings += into.left
        status = self._session.report()
        if into.undeclared:
            self._session.say("to declare what is not, add to the document:\n" + declarations(into.undeclared).rstrip())
        if not dry_run and into.values:
            self._remind(name for name in readings if name != "-")
        return Status.FINDINGS if into.left else status

    def _sort(self, name: str, reading: Reading, into: Sorted) -> None:
        into.left += reading.left
        sort_secrets(reading.secrets, self._homes, self._is_wanted, self._named, into)
        if reading.entries and not self._named:
            raise click.UsageError(f"'{name}' does not say whose values it holds; name the microservice behind it")
        sort_entries(reading.entries, self._named, into)

    def _meant(self, subject: str) -> list[Place]:
        """Return the places that the command line names; variables and secret files where it names no kind."""
        kind = self._choice.chosen_kind
        if kind is not None:
            return self._choice.places(self._places, subject, kind, _is_declared)
        places = self._choice.places(self._places, subject, Kind.VARIABLES, lambda _: True)
        environments = [each.sealed.environment for each in places]
        return [*places, *self._places.of_microservice(subject, Kind.FILES, environments)]

    def _is_wanted(self, home: Home) -> bool:
        if self._named:
            return home in self._named
        environments = self._choice.environments
        return not environments or not home.place.environment or home.place.environment in environments

    def _refuse(self, into: Sorted) -> None:
        findings: list[Diagnostic] = list(into.findings)
        for values in into.values.values():
            for key in values.keys() & set(REGISTRY_KEYS):
                try:
                    refuse_no_docker_config(values[key].value, values[key].at.file)
                except CompileError as error:
                    findings += error.diagnostics
        if findings:
            raise CompileError(findings)

    def _seal(self, into: Sorted) -> None:
        values = {path: {key: each.value for key, each in there.items()} for path, there in into.values.items()}
        places = [each for each in self._places.all() if each.sealed.source in values]
        store = open_store_to_seal(self._session, self._front, places)
        with refusals(self._session.project.prefix):
            outcomes = store.change(values)
        self._tell(into, outcomes, "now holds")

    def _tell(self, into: Sorted, outcomes: Mapping[PurePosixPath, Outcome], words: str) -> None:
        for path, there in sorted(into.values.items()):
            told = "already holds" if outcomes.get(path) is Outcome.UNCHANGED else words
            self._session.say(f"{self._session.project.prefix}{path}: {told} {listed(sorted(there))}")

    def _remind(self, names: Iterable[str]) -> None:
        """Say that the sources still hold plaintext, and which of them git has already."""
        for name in names:
            if not Path(name).is_file():
                continue
            if _is_tracked(Path(name)):
                words = f"'{name}' holds plaintext and is tracked by git: remove it by 'git rm', and change its values"
                self._session.say(f"{words}, for the history keeps them")
            else:
                self._session.say(f"'{name}' still holds plaintext: delete it")


def _is_declared(place: Place) -> bool:
    return place.declared is not None


def _is_tracked(file: Path) -> bool:
    try:
        tree = WorkTree.around(file.parent)
    except MissingTool:
        return False
    return tree is not None and tree.tracks(file)
