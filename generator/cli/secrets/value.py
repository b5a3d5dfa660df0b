"""Where a value comes from: a prompt without echo, standard input, or a file; never an argument."""

import secrets
import string
import sys
from pathlib import Path

import click
from msgspec import Struct

from generator.adapters.failure import UnreadableFileError
from generator.cli.project import STDIN
from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.sealed import LARGEST_SECRET
from generator.model.source import Position

_ALPHABET = string.ascii_letters + string.digits
"""What a generated value is made of: nothing that a URL, a shell or a connection string would need escaped."""


class Given(Struct, frozen=True, kw_only=True):
    """What a person gave as a value.

    Attributes:
        origin: Where it came from, as findings name it.
        content: Its bytes, as they came.
    """

    origin: str
    content: bytes

    def text(self, key: str, *, whole: bool) -> str:
        """Return the value for *key*.

        Args:
            key: What it is for, in findings.
            whole: Keep every byte; otherwise one line end at the end goes, which `echo` and editors add.

        Raises:
            CompileError: When it can be no value: empty, not UTF-8, too large, or a variable with a NUL.
        """
        at = Position(self.origin)
        if len(self.content) > LARGEST_SECRET:
            message = f"the value for '{key}' has more than the {LARGEST_SECRET} bytes of a Secret"
            raise CompileError(
                [Diagnostic("secret-too-large", message, at, "keep what is large in a vault or a volume")]
            )
        try:
            value = self.content.decode("utf-8")
        except UnicodeDecodeError:
            message = f"the value for '{key}' is not UTF-8, and a sealed value is text"
            hint = "seal it in base64, and decode it where it is used"
            raise CompileError([Diagnostic("not-utf-8", message, at, hint)]) from None
        if not whole:
            value = value.removesuffix("\n").removesuffix("\r")
        if "\0" in value and not whole:
            message = f"the value for '{key}' holds a NUL character, and no variable can: no container would start"
            raise CompileError([Diagnostic("control-character", message, at, "is it the right file?")])
        if not value:
            message = f"the value for '{key}' is empty, and SOPS does not protect an empty value"
            hint = "give it a value, or take the secret out of the document"
            raise CompileError([Diagnostic("empty-secret", message, at, hint)])
        return value


def given(file: str | None, asked: str, *, taken: bool) -> Given:
    """Return the value that a person gives: in *file*, at a prompt on a terminal, or on standard input.

    Args:
        file: The file's name, `-` for standard input; None to ask.
        asked: What to ask for at a prompt.
        taken: Standard input was read for something else.

    Raises:
        UnreadableFileError: When the file cannot be read.
        UsageError: When standard input cannot be asked.
    """
    if file is not None and file != "-":
        return _of_file(file)
    if taken:
        raise click.UsageError("the document comes from standard input; give the value by '--from FILE'")
    if sys.stdin is None:
        raise click.UsageError("standard input is closed; pipe the value in, or give it by '--from FILE'")
    if sys.stdin.isatty() and file is None:
        again = "Again, to be sure"
        value = click.prompt(
            asked, hide_input=True, confirmation_prompt=again, err=True, default="", show_default=False
        )
        return Given(origin="<prompt>", content=value.encode("utf-8", "surrogateescape"))
    return Given(origin=STDIN, content=sys.stdin.buffer.read(LARGEST_SECRET + 1))


def typed(asked: str, *, option: str) -> str:
    """Return what a person types at a prompt, in plain sight.

    Raises:
        UsageError: When there is no terminal; *option* would have said it.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError(f"nobody is there to ask; say it by '{option}'")
    return str(click.prompt(asked, err=True))


def generated(length: int) -> str:
    """Return *length* random letters and digits, 5.95 bits of each."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _of_file(name: str) -> Given:
    try:
        with Path(name).open("rb") as file:
            return Given(origin=name, content=file.read(LARGEST_SECRET + 1))
    except OSError as error:
        raise UnreadableFileError(name, error) from error
