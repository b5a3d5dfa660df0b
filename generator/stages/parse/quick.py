"""The quick reader: some ten times as fast as the careful one, for texts that hold nothing to be careful about.

It may say that it is not sure of a text which every reader takes alike; it must never be sure of another. Two things
make a text doubtful: structure that readers treat differently, which is looked for in the text, and plain scalars
that look like something else. Most lookalikes stand in comments, text blocks and quotes; so they count only where the
data holds what such a scalar would have been read as. Of anchors and aliases it takes the plain ones, each name once.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json
from generator.stages.parse.scalars import Ambiguous, plain_value


class Unsure:
    """What the quick reader returns for a text that needs the careful one."""


UNSURE: Final = Unsure()

MOST_REPEATED = 100_000
"""How many nodes the aliases of one document may repeat."""

_DEEPEST = 50
_SAID_OTHERWISE = frozenset({str, dict, list})

_NO_HEADER = r"[|>](?![-+1-9]*(?: +#[^\n]*| *)\n)"
# Searched one after the other in the text behind a newline: together they would be five times as slow. None of them
# looks past the end of a line, so that each line need be looked at once.
_DOUBTFUL = (
    # Control characters, tabs, and what some take for a line break; not as "all but", which takes ten times to compile.
    re.compile("[\x00-\t\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"),
    # What begins an anchor, an alias, a tag, an explicit or an empty key, or may not begin a scalar everywhere; behind
    # a colon or a dash also what only looks like the header of a text block.
    re.compile(r"[,\[{\n] *[&*!?:|>%@`]"),
    re.compile(rf": +(?:[&*!?:]|{_NO_HEADER})"),
    re.compile(rf"- +(?:[&*!?:]|{_NO_HEADER})"),
    re.compile(r":[,\]}]"),  # a colon behind which nothing stands
    re.compile(r"\n(?: {60}|[^\n]{1000})"),  # deeper than people write; perhaps with a key that is too long
    re.compile(r"- +- +- +- +- +- +- +- "),  # deep in another way
    re.compile(r"""["'\]}]:[^ \n]"""),  # a value without a space before it
    re.compile(r"\\(?:U|u[dD]|\n)"),  # surrogates, characters that need no escape, line breaks that are none
)
# Directives, the end of a document, a second document.
_BOUNDARY = lazy_pattern(r"\n(?:%|\.\.\.|(?<!\A\n)---)")
# An anchor before a collection, or before a scalar on its line that is no key; an alias that is all of a value.
_ANCHOR = lazy_pattern(r"(?:(?<=[:,-] )|(?<=\[))&([A-Za-z0-9_-]+)(?= *\n| [\[{]| [^\n:#&*!|>]*\n)")
_ALIAS = lazy_pattern(r"(?:(?<=[:,-] )|(?<=\[))\*[A-Za-z0-9_-]+(?= *(?:\n|[,\]}]| #))")
_BLOCK_HEADER = lazy_pattern(r"[|>][-+1-9]* *(?:#[^\n]*)?\n")
# What stands before the header of a text block: dashes, and a key unless the block is itself the item.
_BLOCK_PREFIX = lazy_pattern(r"( *(?:- +)*)([^-\s#\[{][^\n#\[{]*: +)?")
_BRACKETS = lazy_pattern(r"[\[{][^\n]*\n")
# Where a scalar may begin, the first characters that a lookalike can have, and what follows up to where it may end.
_SUSPECT = lazy_pattern(r"[ \n\[{,]([-+._0-9yYnNoO=<][^ \n,\]}]*)")


def read_quickly(text: str) -> Json | Unsure:
    """Return the data of *text*, a mapping or a list, or `UNSURE`."""
    import yaml_rs

    text = _with_newlines(text)
    lined = "\n" + text
    shortened = _without_repetitions(lined)
    anchors = _ANCHOR.findall(lined) if "&" in text else []
    if anchors:
        shortened = _ALIAS.sub("x", _ANCHOR.sub("", shortened))
        if len(set(anchors)) < len(anchors) or "<<" in text:
            return UNSURE
    if _is_doubtful(lined, shortened):
        return UNSURE
    try:
        data: Json = yaml_rs.loads(text, parse_datetime=False, alias_limits=_limits())
    except (TypeError, ValueError):  # the first for a key that is a list
        return UNSURE
    if _BLOCK_HEADER.search(shortened):
        lined = _without_blocks(lined)
        if not text.endswith("\n") or _mixes_blocks_and_brackets(lined):
            return UNSURE
    lookalikes = _lookalikes(_without_repetitions(lined))
    nodes, keys = _taken_apart(data)
    odd = not isinstance(data, (dict, list)) or not nodes or _is_odd(nodes, keys)
    odd = odd or (bool(anchors) and None in nodes)  # what is repeated within itself is read as nothing
    return UNSURE if odd or (lookalikes and _holds(nodes, keys, lookalikes)) else data


def _limits() -> Any:
    import yaml_rs

    return yaml_rs.AliasLimits(max_total_replayed_events=MOST_REPEATED, max_replay_stack_depth=_DEEPEST)


def is_plain(text: str) -> bool:
    """Say whether *text* holds no structure that takes care: no alias among it, nor a second document."""
    lined = "\n" + _with_newlines(text)
    return not _is_doubtful(lined, _without_repetitions(lined))


def _is_doubtful(lined: str, shortened: str) -> bool:
    """Say whether a text, *lined* behind a newline, is doubtful; *shortened*, it has each of its lines once."""
    return _BOUNDARY.search(lined) is not None or any(doubtful.search(shortened) for doubtful in _DOUBTFUL)


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r" in text else text


def _without_repetitions(text: str) -> str:
    """Return *text*, which begins with a newline, with each of its lines once: descriptions are much alike."""
    shortened = "\n".join(dict.fromkeys(text.split("\n")))
    return f"\n{shortened}\n" if text.endswith("\n") else f"\n{shortened}"


def _lookalikes(text: str) -> list[str]:
    """Return the words of *text*, which begins with a newline, that would be ambiguous as plain scalars.

    A date stands for itself with a time of day behind it, too.
    """
    words = {word.rstrip(":") for word in _SUSPECT.findall(text)}
    return [word for word in words if isinstance(plain_value(word), Ambiguous)]


def _without_blocks(text: str) -> str:
    """Return *text* without the lines of its text blocks, as far as it is plain to see which these are."""
    kept = []
    at = 0
    while header := _BLOCK_HEADER.search(text, at):
        kept.append(text[at : header.end()])
        at = header.end()
        prefix = _BLOCK_PREFIX.fullmatch(text, text.rfind("\n", 0, header.start()) + 1, header.start())
        if prefix and (prefix[2] or "-" in prefix[1]):
            # Deeper than the key; or at least as deep as behind the dash.
            lines = _indented(len(prefix[1]) + bool(prefix[2])).match(text, at)
            at = lines.end() if lines else at
    return "".join([*kept, text[at:]])


@cache
def _indented(spaces: int) -> re.Pattern[str]:
    """Return what matches lines that begin with so many *spaces*, or have nothing else."""
    return re.compile(rf"(?: {{{spaces}}}[^\n]*\n| *\n)*")


def _mixes_blocks_and_brackets(rest: str) -> bool:
    """Say whether a text block may stand in brackets, which the quick reader alone allows.

    Where every line of *rest*, what is left without the blocks, closes the brackets that it opens, and no block begins
    behind one, none is inside; then what was taken for a block was one.
    """
    return any(
        line.count("[") + line.count("{") != line.count("]") + line.count("}") or _BLOCK_HEADER.search(line)
        for line in _BRACKETS.findall(rest)
    )


def _taken_apart(data: Json) -> tuple[list[Any], set[Any]]:
    """Return all nodes of *data*, and all keys; no nodes where it is too deep."""
    nodes: list[Any] = []
    keys: set[Any] = set()
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        nodes += level
        below: list[Any] = []
        for each in level:
            if type(each) is dict:
                keys.update(each)
                below.extend(each.values())
            elif type(each) is list:
                below.extend(each)
        if not below:
            return nodes, keys
        level = below
    return [], keys


def _is_odd(nodes: list[Any], keys: set[Any]) -> bool:
    """Say whether a key is no string on one line, or a node is what `|` alone reads as."""
    return "\n" in nodes or any(type(key) is not str or " " in key or "\n" in key for key in keys)


def _holds(nodes: list[Any], keys: set[str], lookalikes: Iterable[str]) -> bool:
    """Say whether a scalar may have been one of *lookalikes*, as far as data can tell."""
    numbers = {repr(reading) for reading in map(_reading, lookalikes) if not isinstance(reading, str)}
    texts = keys.union(each for each in nodes if type(each) is str)
    others = [each for each in nodes if type(each) not in _SAID_OTHERWISE] if numbers else []
    if not texts.isdisjoint(lookalikes) or any(repr(other) in numbers for other in others):
        return True
    # The only lookalike with a space: a date with a time of day.
    return any(isinstance(plain_value(text), Ambiguous) for text in texts if " " in text)


def _reading(word: str) -> Json:
    import yaml_rs

    try:
        return yaml_rs.loads(word, parse_datetime=False)
    except ValueError:
        return word
