"""What the YAML parser stumbled over, in words for people who do not know its grammar."""

from typing import Any

from generator.model.conflict_marks import conflict_line
from generator.model.diagnostics import Diagnostic
from generator.model.source import Position

_INDENTATION = "check the indentation: the keys of one mapping stand in one column"
_QUOTE = "quote the value if it is text"
TAB = ("a tab stands where YAML wants spaces", "indent with spaces")
"""What to say of a tab, and what to do."""

_CONFLICT = (
    "a merge left a conflict here",
    "keep what is right of both sides, and remove the lines that begin with '<<<<<<<', '=======' and '>>>>>>>'",
)

# The parser's problem: what to say, and what to do.
_WORDS: dict[str, tuple[str, str]] = {
    "mapping values are not allowed in this context": (
        "a second ': ' on one line, or a mapping below a value",
        "quote the text that holds ': ', or correct the indentation",
    ),
    "block sequence entries are not allowed in this context": (
        "a list may not begin here",
        "begin it on a line of its own, or quote the text",
    ),
    "mapping keys are not allowed in this context": ("'? ' may not stand here", _QUOTE),
    "could not find expected ':'": ("a line that is neither 'key: value' nor part of a text", _INDENTATION),
    "did not find expected key": ("this is not where the keys of a mapping go on", _INDENTATION),
    "did not find expected '-' indicator": (
        "this is not where the items of a list go on",
        "check the indentation: the dashes of one list stand in one column",
    ),
    "did not find expected ',' or ']'": ("a list in brackets is not closed", "add ']', or a comma between its items"),
    "did not find expected ',' or '}'": (
        "a mapping in braces is not closed",
        "add '}', or a comma between its members; text that begins with '{' wants quotes",
    ),
    "did not find expected node content": ("a value is missing here", "write it, or remove the comma before it"),
    "did not find expected <document start>": (
        "the document ends before this line",
        "check the indentation: no line stands to the left of the first key",
    ),
    "found unexpected end of stream": ("a quoted text that begins here has no end", "close the quotes"),
    "found unexpected document indicator": ("a quoted text is cut by a line that begins with '---' or '...'", _QUOTE),
    "found unknown escape character": (
        "no such escape in a text in double quotes",
        r"write '\\' for a backslash, or use single quotes",
    ),
    "found invalid Unicode character escape code": (
        "an escape that is no character",
        r"write a character above U+FFFF as itself or as '\U' with eight digits",
    ),
    "found a tab character where an indentation space is expected": TAB,
    "found a tab character that violates indentation": TAB,
    "did not find expected comment or line break": (
        "something stands behind the sign of a text block",
        "begin the text on the next line",
    ),
    "did not find expected alphabetic or numeric character": (
        "'*' and '&' begin an alias or an anchor, and no name follows",
        _QUOTE,
    ),
    "did not find expected whitespace or line break": ("a space is missing here", ""),
    "found undefined tag handle": ("a tag that nothing declares", _QUOTE),
    "found incompatible YAML document": ("a version of YAML that is not 1.1 or 1.2", "remove the '%YAML' line"),
}
_NO_BEGINNING = {"found character that cannot start any token", "did not find expected node content"}
# Where these began says more than where the parser gave up.
_SAID_WHERE_IT_BEGAN = {
    "found unexpected end of stream",
    "could not find expected ':'",
    "found unexpected document indicator",
}


def syntax_finding(name: str, lines: list[str], error: Any) -> Diagnostic:
    """Return the finding for *error*, a `MarkedYAMLError` of PyYAML's parser, in the file *name*."""
    conflict = conflict_line(lines)
    if conflict is not None:  # whatever the parser takes the marks for
        message, hint = _CONFLICT
        return Diagnostic("yaml-syntax", message, Position(name, conflict), hint)
    began = error.problem in _SAID_WHERE_IT_BEGAN and error.context_mark is not None
    mark = error.context_mark if began else error.problem_mark
    line, column = mark.line, mark.column
    text = lines[line] if line < len(lines) else ""
    message, hint = _words(error.problem, text[:column].strip(" "), text[column : column + 1])
    opened = error.context_mark
    if not began and opened is not None and opened.line < line and "not closed" in message:
        message += f"; it began on line {opened.line + 1}"
    if not "".join(lines[line:]).strip():  # the parser gave up at the end, where nothing is to be seen
        line = max((number for number, each in enumerate(lines[:line]) if each.strip()), default=0)
        column = len(lines[line])
    return Diagnostic("yaml-syntax", message, Position(name, line + 1, column + 1), hint)


def _words(problem: str, before: str, character: str) -> tuple[str, str]:
    """Return a message and a hint for *problem* at *character*, *before* which something stands on its line."""
    if problem == "found character that cannot start any token" and character == "\t":
        return TAB
    if problem in _NO_BEGINNING and character and character in "@`%,]}|>":
        return f"a value may not begin with '{character}'", _QUOTE
    if problem == "did not find expected key" and before:
        return "something stands behind a value that has ended", "quote the value as a whole, or remove the rest"
    return _WORDS.get(problem, ("this is not YAML", _QUOTE))
