"""The sealed values of the project that a command is about."""

from collections.abc import Iterable
from functools import cache

from generator.adapters.secret_files import SecretFiles
from generator.adapters.secret_store import SecretStore, utc_today
from generator.adapters.sops import Sops
from generator.cli.secrets.places import Place
from generator.cli.session import Session, refusals
from generator.front import Front, refuse_wrong_recipients


def open_store_to_seal(session: Session, front: Front, places: Iterable[Place]) -> SecretStore:
    """Return the same to seal new values at *places*.

    Raises:
        Refusal: When they would be sealed to nobody, or to what is no recipient.
    """
    with refusals(session.project.prefix):
        refuse_wrong_recipients(front, [each.unit for each in places])
    return open_store(session, front)


def open_store(session: Session, front: Front) -> SecretStore:
    """Return what changes the sealed files of the session's project; `sops` is looked for when it is first needed."""
    return SecretStore(
        files=SecretFiles(session.project.folder),
        sops=cache(Sops.find),
        config=front.sops_config or b"creation_rules: []\n",
        today=utc_today(),
    )
