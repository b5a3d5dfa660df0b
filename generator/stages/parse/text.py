"""From bytes to the text of a file, and what may not be in it."""

import codecs

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Position

_BYTE_ORDER_MARK = "\ufeff"
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# All but what YAML 1.2 calls printable, and the byte-order mark, which belongs to the beginning of a file alone. Python
# compiles the few that are meant here in a tenth of the time that it takes for all the others with a `^`.
_FORBIDDEN = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BREAK = lazy_pattern("\r\n?|\n")


def readable_text(name: str, content: str | bytes) -> str:
    """Return the text of *content*, without a byte-order mark at its beginning, and with a newline at its end.

    Readers disagree about a text block whose last line is that of the file and has no newline: here it always has one.

    Raises:
        CompileError: When *content* is not UTF-8 (`not-utf-8`) or holds a character that YAML forbids
            (`control-character`); one finding for each line that does.
    """
    text = content if isinstance(content, str) else _decoded(name, content)
    text = text.removeprefix(_BYTE_ORDER_MARK)
    if _FORBIDDEN.search(text):
        raise CompileError(_forbidden(name, text))
    return text if not text or text.endswith(("\n", "\r")) else text + "\n"


def lines_of(text: str) -> list[str]:
    """Return the lines of *text* as YAML 1.2 counts them: U+0085, U+2028 and U+2029 do not end one."""
    return _BREAK.split(text)


def _decoded(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CompileError([_not_utf_8(name, content, error.start)]) from None
    if "\0" in text[:2]:
        raise CompileError([_finding_of_encoding(name, "UTF-16 or UTF-32")])
    return text


def _not_utf_8(name: str, content: bytes, offset: int) -> Diagnostic:
    for mark, encoding in _OTHER_ENCODINGS:
        if content.startswith(mark):
            return _finding_of_encoding(name, encoding)
    before = lines_of(content[:offset].decode("utf-8").removeprefix(_BYTE_ORDER_MARK))
    return Diagnostic(
        "not-utf-8",
        f"byte 0x{content[offset]:02x} is not UTF-8",
        Position(name, len(before), len(before[-1]) + 1),
        "save the file as UTF-8; it may be in Latin-1 or a Windows code page",
    )


def _finding_of_encoding(name: str, encoding: str) -> Diagnostic:
    return Diagnostic("not-utf-8", f"the file is in {encoding}, not in UTF-8", Position(name), "save it as UTF-8")


def _forbidden(name: str, text: str) -> list[Diagnostic]:
    found = []
    for number, line in enumerate(lines_of(text), start=1):
        match = _FORBIDDEN.search(line)
        if match:
            found.append(
                Diagnostic(
                    "control-character",
                    f"the character U+{ord(match[0]):04X} may not stand in YAML as it is",
                    Position(name, number, match.start() + 1),
                    f'remove it, or write it as an escape in double quotes: "{_escape(match[0])}"',
                )
            )
    return found


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}"
