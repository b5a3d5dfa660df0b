"""`platformc secrets unset`: a sealed value, removed."""

from typing import Any

import click

from generator.adapters.secret_files import SecretFiles
from generator.adapters.secret_store import Outcome
from generator.cli.secrets.choice import Choice, no_more, refuse_no_key, with_environments, with_kind
from generator.cli.secrets.opening import open_store
from generator.cli.secrets.places import Place, Places
from generator.cli.session import Session, on_a_document, refusals, with_format
from generator.model.diagnostics import CompileError, Diagnostic, did_you_mean
from generator.model.sealed import read_sealed
from generator.model.sealed_place import Kind
from generator.model.source import Position

_EPILOG = """\b
Examples:
  platformc secrets unset shop/Catalog OLD_TOKEN -e Dev
  platformc secrets unset shop/Catalog OLD_TOKEN --all
"""


@click.command("unset", epilog=_EPILOG)
@click.argument("subject", metavar="SUBJECT")
@click.argument("key", metavar="KEY")
@click.argument("surplus", nargs=-1, type=click.UNPROCESSED, metavar="")
@with_environments
@with_kind
@with_format
@on_a_document
def command(session: Session, *, subject: str, key: str, surplus: tuple[str, ...], **options: Any) -> int:
    """Remove a sealed value, whether or not the document declares it.

    With its last value a file goes too, and for that no key is needed. The value
    stays in the history of the repository: change it where it was shared.
    """
    no_more(surplus)
    choice = Choice(**options)
    front = session.front()
    store = open_store(session, front)
    with refusals(""):  # what the command line names is seen from the current folder
        refuse_no_key(key)
    with refusals(session.project.prefix):
        sealed = _Sealed(store.files)
        places = sealed.meant(Places(front), subject, key, choice)
        outcomes = store.change({place.sealed.source: {key: None} for place in places})
    status = session.report()
    for path, outcome in outcomes.items():
        told = "removed: it held nothing else than" if outcome is Outcome.REMOVED else "holds no longer"
        session.say(f"{session.project.prefix}{path}: {told} '{key}'")
    return status


class _Sealed:
    """What is sealed where, as far as that can be seen without a key."""

    def __init__(self, files: SecretFiles) -> None:
        self._files = files

    def meant(self, places: Places, subject: str, key: str, choice: Choice) -> list[Place]:
        """Return the places that hold *key* among those that a command line means.

        Raises:
            CompileError: When none of them does, or one that was named does not.
        """
        kind = choice.chosen_kind
        if kind is None:
            files = choice.places(places, subject, Kind.FILES, lambda _: True) if "." in key else []
            kind = Kind.FILES if any(key in self.keys(each) for each in files) else Kind.VARIABLES
        found = choice.places(places, subject, kind, lambda place: key in self.keys(place))
        lost = [each for each in found if key not in self.keys(each)]
        if lost:
            raise CompileError(self._absent(key, each) for each in lost)
        return found

    def keys(self, place: Place) -> tuple[str, ...]:
        """Return the keys of the file at *place*, sound or not."""
        content = self._files.read(place.sealed.source)
        if content is None:
            return ()
        values = read_sealed(str(place.sealed.source), content).body.get("stringData")
        return tuple(str(key) for key in values) if isinstance(values, dict) else ()

    def _absent(self, key: str, place: Place) -> Diagnostic:
        message = f"there is no sealed value '{key}' for '{place.sealed.name}' to remove"
        hint = did_you_mean(key, self.keys(place)) or f"nothing is sealed in '{place.sealed.source}'"
        return Diagnostic("nothing-sealed", message, Position(str(place.sealed.source)), hint)
