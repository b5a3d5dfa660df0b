"""The quick reader: some fifteen times as fast as the careful one, for texts that hold nothing to be careful about.

It may say that it is not sure of a text which every reader takes alike; it must never be sure of another. Two things
make a text doubtful: structure that readers treat differently, which is looked for in the text, and plain scalars
that look like something else. Most lookalikes stand in comments, text blocks and quotes; so they count only where the
data holds what such a scalar would have been read as.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from generator.model.source import Json
from generator.stages.parse.scalars import Ambiguous, plain_value


class Unsure:
    """What the quick reader returns for a text that needs the careful one."""


UNSURE: Final = Unsure()

_DEEPEST = 50

# Searched one after the other in the text behind a newline: together they would be five times as slow.
_DOUBTFUL = (
    re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"),  # also tabs
    re.compile(r"[-:?,\[{\n] *(?:[&*!]|\?(?:\s|\Z))"),  # anchors, aliases, tags, explicit keys
    re.compile(r"\n(?:%|\.\.\.|(?<!\A\n)---)"),  # directives, the end of a document, a second document
    re.compile(r"\n(?: {60}|[^\n]{1000})"),  # deeper than people write; perhaps with a key that is too long
    re.compile(r"- +- +- +- +- +- +- +- "),  # deep in another way
    re.compile(r"""["'\]}]:[^ \n]"""),  # a value without a space before it
    re.compile(r"\\(?:U|u[dD])"),  # surrogates, and characters that need no escape
    re.compile(r"[|>][-+1-9 ]*(?:#[^\n]*)?\n[\s\S]*[^\n]\Z"),  # a text block, and no newline at the end of the file
)
# Where a scalar may begin, the first characters that a lookalike can have, and what follows up to where it may end.
_SUSPECT = re.compile(r"[ \n\[{,]([-+._0-9yYnNoO=<][^ \n,\]}]*)")


def read_quickly(text: str) -> Json | Unsure:
    """Return the data of *text*, a mapping or a list, or `UNSURE`."""
    import yaml_rs

    if "\r" in text:
        text = text.replace("\r\n", "\n")
    lined = "\n" + text
    if any(doubtful.search(lined) for doubtful in _DOUBTFUL):
        return UNSURE
    try:
        data: Json = yaml_rs.loads(text, parse_datetime=False)
    except ValueError:
        return UNSURE
    lookalikes = _lookalikes(lined)
    if not isinstance(data, (dict, list)) or _is_odd(data) or (lookalikes and _holds(data, lookalikes)):
        return UNSURE
    return data


def _lookalikes(text: str) -> list[str]:
    """Return the words of *text*, which begins with a newline, that would be ambiguous as plain scalars. A date stands for its time of day, too."""
    words = {word.rstrip(":") for word in _SUSPECT.findall(text)}
    return [word for word in words if isinstance(plain_value(word), Ambiguous)]


def _is_odd(data: Json) -> bool:
    """Say whether *data* is too deep, has a key that is not a string, or what the quick reader makes of `|` alone."""
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        if "\n" in level:
            return True
        level = [each for each in level if type(each) is dict or type(each) is list]
        if not level:
            return False
        if any(type(key) is not str for each in level if type(each) is dict for key in each):
            return True
        level = [child for each in level for child in (each.values() if type(each) is dict else each)]
    return True


def _holds(data: Json, lookalikes: Iterable[str]) -> bool:
    """Say whether *data* holds a scalar that may have been one of *lookalikes*, as far as data can tell."""
    numbers = {repr(reading) for reading in map(_reading, lookalikes) if not isinstance(reading, str)}
    for scalar in _scalars(data):
        if isinstance(scalar, str):
            if isinstance(plain_value(scalar), Ambiguous):
                return True
        elif repr(scalar) in numbers:
            return True
    return False


def _reading(word: str) -> Json:
    import yaml_rs

    try:
        return yaml_rs.loads(word, parse_datetime=False)
    except ValueError:
        return word


def _scalars(data: Json) -> Iterator[Json]:
    """Yield every key and every scalar."""
    rest = [data]
    while rest:
        node = rest.pop()
        if type(node) is dict:
            yield from node
            rest.extend(node.values())
        elif type(node) is list:
            rest.extend(node)
        else:
            yield node
