"""The commands in what is said, as they have to be called from the current folder."""

import re
from shlex import quote

from generator.cli.project import DEFAULT, STDIN, Project
from generator.model.lazy_pattern import lazy_pattern

_COMMAND = r"platformc (?:secrets (?!guard\b|merge\b)[a-z]+|adopt|check|compile|conform|join|promote|render|validate)\b"
_OURS = lazy_pattern(rf"'(?P<quoted>{_COMMAND}[^']*)'|(?<=: )(?P<bare>{_COMMAND}[^\n']*)$", re.MULTILINE)
_IN_PROJECT = lazy_pattern(r"`((?:git|sops) [^`]*)`")


def pasteable(words: str, project: Project) -> str:
    """Return *words* with their commands so that they do the same where the person is who reads them.

    Findings know neither how the document was named nor from where: a command of platformc gets `-f`, and one of git
    or sops is run in the project's folder. A document from standard input has no name to give: who ran the command
    knows what prints it, `PLATFORM` stands for it. Commands stand in quotes, or behind a colon to the end of a line.
    """

    def mended(found: "re.Match[str]") -> str:
        command = found["quoted"] or found["bare"]
        named = _named(command, project)
        if found["bare"]:
            return named
        return found[0] if named == command else f"`{named}`"

    words = _OURS.sub(mended, words)
    if project.prefix:
        folder = quote(project.prefix.rstrip("/") or "/")
        words = _IN_PROJECT.sub(lambda found: f"`(cd {folder} && {found[1]})`", words)
    return words


def _named(command: str, project: Project) -> str:
    """Return *command* with the document that it is about; a command that prints its help is about none."""
    if "--help" in command:
        return command
    option = f" -f {quote(project.given)}"
    if project.name == STDIN:
        value = " --from FILE" if command.startswith("platformc secrets set") else ""  # standard input is taken
        return f"cat PLATFORM | {command.replace(option, '')} -f -{value}"
    return command if project.given == DEFAULT or " -f " in command else command + option
