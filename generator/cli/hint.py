"""The commands in hints, as they have to be called from the current folder."""

import re
from shlex import quote

from generator.cli.project import DEFAULT, Project

_OURS = re.compile(r"'(platformc (?:secrets |compile)[^']*)'")
_SOPS = re.compile(r"`(sops [^`]*)`")


def pasteable(hint: str, project: Project) -> str:
    """Return *hint* with its commands so that they do the same where the person is who reads it.

    Findings know neither how the document was named nor from where: a command of platformc gets `-f`, and one of sops
    is run in the project's folder. A document from standard input has no name to give.
    """
    if project.given not in {DEFAULT, "-"}:
        option = f" -f {quote(project.given)}"
        hint = _OURS.sub(lambda found: found[0] if " -f " in found[1] else f"`{found[1]}{option}`", hint)
    if project.prefix:
        folder = quote(project.prefix.rstrip("/") or "/")
        hint = _SOPS.sub(lambda found: f"`(cd {folder} && {found[1]})`", hint)
    return hint
