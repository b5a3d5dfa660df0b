"""`platformc secrets set`: a value, sealed."""

from typing import Any

import click
from msgspec import Struct

from generator.adapters.secret_store import Outcome
from generator.cli.formats import with_format
from generator.cli.secrets.choice import (
    Choice,
    kind_of,
    no_more,
    refuse_no_key,
    undeclared,
    with_environments,
    with_kind,
)
from generator.cli.secrets.opening import open_store
from generator.cli.secrets.places import Place, Places
from generator.cli.secrets.registry import credentials, refuse_no_docker_config
from generator.cli.secrets.value import generated, given, typed
from generator.cli.session import Session, on_a_document, refusals
from generator.front import Front
from generator.model.declared_secret import REGISTRY_KEYS
from generator.model.diagnostics import CompileError, listed
from generator.model.sealed_place import Kind

_EPILOG = """\b
Examples:
  platformc secrets set shop/Catalog DB_PASSWORD -e Dev
  pass show db | platformc secrets set shop/Catalog DB_PASSWORD -e Dev
  platformc secrets set shop/Catalog tls.key -e Prod --from tls.key
  platformc secrets set shop/Catalog API_KEY --all --generate
  platformc secrets set shop --registry --username puller
  platformc secrets set shop azurestorageaccountkey --storage
"""

_SHORTEST, _USUAL, _LONGEST = 16, 32, 4096


class Wish(Struct, frozen=True, kw_only=True):
    """What one command line asks for, as click names it."""

    key: str | None
    choice: Choice
    file: str | None
    generate: bool
    length: int | None
    username: str | None

    @property
    def login(self) -> bool:
        """Ask for a user and a password, and make of them what a registry wants."""
        return self.choice.chosen_kind is Kind.REGISTRY and self.key is None

    def refuse_contradictions(self) -> None:
        """Refuse options that do not go together.

        Raises:
            UsageError: When there are some.
        """
        if self.generate and self.file is not None:
            raise click.UsageError("choose '--generate' or '--from': there can be one value only")
        if self.generate and self.choice.chosen_kind is Kind.REGISTRY:
            raise click.UsageError("what opens a registry is the registry's to say, and cannot be generated")
        if self.length is not None and not self.generate:
            raise click.UsageError("'--length' is the length of what '--generate' makes")
        if self.username is not None and not self.login:
            raise click.UsageError("'--username' is for '--registry' without a key")


@click.command("set", epilog=_EPILOG)
@click.argument("subject", metavar="SUBJECT")
@click.argument("key", metavar="[KEY]", required=False)
@click.argument("surplus", nargs=-1, type=click.UNPROCESSED, metavar="")
@with_environments
@with_kind
@click.option("--from", "source", metavar="FILE", help="The value is in FILE; '-' is standard input.")
@click.option("--generate", is_flag=True, help="Make a strong value, which is shown to nobody.")
@click.option(
    "--length",
    type=click.IntRange(_SHORTEST, _LONGEST),
    metavar="N",
    help=f"How many letters and digits to make, from {_SHORTEST}; {_USUAL} by default.",
)
@click.option("--username", metavar="NAME", help="The registry's user; asked for otherwise.")
@with_format
@on_a_document
def command(session: Session, *, subject: str, key: str | None, surplus: tuple[str, ...], **options: Any) -> int:
    """Seal a value, new or instead of another.

    SUBJECT is APPLICATION/MICROSERVICE, or with --registry and --storage the
    APPLICATION. The document must declare KEY. The value is asked for without echo;
    where standard input is no terminal it is read from there. One line end at its
    end is left out, but for a secret file, of which every byte counts.
    """
    no_more(surplus)
    wish = _wish(key, **options)
    wish.refuse_contradictions()
    with refusals(""):  # what the command line names is seen from the current folder
        refuse_no_key(key)
    front = session.front()
    places, key = _meant(Places(front), subject, wish)
    store = open_store(session, front)
    with refusals(session.project.prefix):
        _refuse_undeclared(front, key, places)
        store.sops()
    with refusals(""):
        values = _values(session, front, places, key, wish)
    with refusals(session.project.prefix):
        outcomes = store.change(
            {place.sealed.source: {key: value} for place, value in zip(places, values, strict=True)}
        )
    status = session.report()
    for path, outcome in outcomes.items():
        told = "already holds that value of" if outcome is Outcome.UNCHANGED else "now holds"
        session.say(f"{session.project.prefix}{path}: {told} '{key}'")
    return status


def _wish(
    key: str | None,
    *,
    kind: str | None,
    store: str | None,
    environments: tuple[str, ...],
    everywhere: bool,
    source: str | None,
    **options: Any,
) -> Wish:
    choice = Choice(kind=kind, store=store, environments=environments, everywhere=everywhere)
    return Wish(key=key, choice=choice, file=source, **options)


def _meant(places: Places, subject: str, wish: Wish) -> tuple[list[Place], str]:
    """Return where to seal, and under which key; with `--all` only where the document declares that."""
    key = wish.key
    kind = wish.choice.chosen_kind
    if kind is None:
        kind = Kind.VARIABLES if key is None else kind_of(places, subject, key)
    if wish.login:
        (key,) = REGISTRY_KEYS
    found = wish.choice.places(places, subject, kind, lambda place: key is None or key in place.keys)
    if key is None:
        known = dict.fromkeys(each for place in found for each in place.keys)
        raise click.UsageError(
            f"say which key; {f'choose from {listed(list(known))}' if known else 'none is declared'}"
        )
    return found, key


def _refuse_undeclared(front: Front, key: str, places: list[Place]) -> None:
    """Refuse to seal what nothing would carry.

    Raises:
        CompileError: When the document does not declare *key* in one of *places*.
    """
    lost = [place for place in places if key not in place.keys]
    if lost:
        raise CompileError(undeclared(key, place, front.document.locate(place.unit.layers[-1])) for place in lost)


def _values(session: Session, front: Front, places: list[Place], key: str, wish: Wish) -> list[str]:
    """Return the value for each of *places*: the same, but where each is generated."""
    if wish.generate:
        return [generated(wish.length or _USUAL) for _ in places]
    if wish.file is not None:
        session.unseen.add(wish.file)
    streamed = session.project.given == "-"
    if wish.login and front.platform.registry is not None:
        host = front.platform.registry.host
        username = wish.username or typed(f"User of {host}", option="--username")
        password = given(wish.file, f"Password of {username} at {host}", taken=streamed).text(key, whole=False)
        return [credentials(host, username, password)]
    asked = f"{key} of {', '.join(place.sealed.name for place in places)}"
    value = given(wish.file, asked, taken=streamed)
    text = value.text(key, whole=places[0].sealed.kind is Kind.FILES)
    if places[0].sealed.kind is Kind.REGISTRY:
        refuse_no_docker_config(text, value.origin)
    return [text for _ in places]
