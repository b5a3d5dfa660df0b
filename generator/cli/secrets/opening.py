"""The sealed values of the project that a command is about."""

from functools import cache

from generator.adapters.secret_files import SecretFiles
from generator.adapters.secret_store import SecretStore, utc_today
from generator.adapters.sops import Sops
from generator.cli.session import Session
from generator.front import Front


def open_store(session: Session, front: Front) -> SecretStore:
    """Return what changes the sealed files of the session's project; `sops` is looked for when it is first needed."""
    return SecretStore(
        files=SecretFiles(session.project.folder),
        sops=cache(Sops.find),
        config=front.sops_config or b"creation_rules: []\n",
        today=utc_today(),
    )
