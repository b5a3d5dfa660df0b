"""`platformc secrets edit`: a sealed file in the person's editor."""

import click

from generator.adapters.editor import edited
from generator.adapters.secret_store import Outcome, SecretStore
from generator.cli.formats import with_format
from generator.cli.secrets.choice import Choice, with_environment, with_kind
from generator.cli.secrets.opening import open_store_to_seal
from generator.cli.secrets.places import Place, Places
from generator.cli.session import Session, on_a_document, refusals, seen
from generator.model.diagnostics import Diagnostic
from generator.model.sealed_place import Kind
from generator.sealing import Sealing
from generator.stages.seal.draft import PLACEHOLDER

_EPILOG = """\b
Examples:
  platformc secrets edit shop/Catalog -e Dev
  platformc secrets edit shop/Catalog -e Dev --files
  EDITOR='code --wait' platformc secrets edit shop --storage
"""

_CHECK = "generator.cli.secrets.edited"


@click.command("edit", epilog=_EPILOG)
@click.argument("subject", metavar="SUBJECT")
@with_environment
@with_kind
@with_format
@on_a_document
def command(session: Session, *, subject: str, environment: str | None, kind: str | None, store: str | None) -> int:
    """Open a sealed file in your editor by sops, and check what you leave.

    A file that is not there yet begins with the keys that the document declares.
    What cannot be sealed is said and can be mended; otherwise the file stays as it
    was. Keys are put in order. Elsewhere than on Linux, where it is in memory, the
    plaintext is in a temporary file of your own while the editor is open.
    """
    environments = () if environment is None else (environment,)
    choice = Choice(kind=kind, store=store, environments=environments, everywhere=False, single=True)
    front = session.front()
    meant = choice.places(Places(front), subject, choice.chosen_kind or Kind.VARIABLES, lambda each: bool(each.keys))
    place, path = meant[0], meant[0].sealed.source
    sealed = open_store_to_seal(session, front, meant[:1])
    with refusals(session.project.prefix):
        outcome = _edited(sealed, place)
    if outcome is not Outcome.UNCHANGED and place.declared is not None:
        problems: list[Diagnostic] = []
        Sealing(document=front.document, files=session.project.files).source_of(place.declared, place.unit, problems)
        session.findings.extend(seen(session.project.prefix, problems))
    told = "is as it was" if outcome is Outcome.UNCHANGED else "sealed"
    session.say(f"{session.project.prefix}{path}: {told}")
    return session.report()


def _edited(sealed: SecretStore, place: Place) -> Outcome:
    """Let a person edit the file at *place*, and put it there if that changed anything.

    Raises:
        CompileError: When it cannot be sealed so.
        ToolError: When there is no editor, or it failed.
        Unsealable: When it cannot be opened.
        UsageError: When there is no file, and nothing to put into a new one.
    """
    path = place.sealed.source
    sops = sealed.sops()
    before = sealed.files.read(path)
    if before is not None:
        sealed.values(path)  # says in plain words why it cannot be opened
        content = before
    elif place.keys:
        content = sops.create(path, dict.fromkeys(place.keys, PLACEHOLDER), sealed.config)
    else:
        raise click.UsageError(f"there is no '{path}', and the document declares no secret to put there")
    after = edited(sops, str(path), content, _CHECK)
    return Outcome.UNCHANGED if after == content else sealed.accept(path, after, before)
