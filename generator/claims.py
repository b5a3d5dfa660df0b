"""What the objects of a unit define, use and claim, as a line of JSON: enough to tell that nothing dangles or collides.

Names, labels, hosts and ports: no values. What was compiled before is held against what is compiled now without its
objects. Where something dangles, who says so needs to know more, and compiles them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from msgspec import DecodeError
from msgspec.json import Encoder, decode

from generator.model.pod_uses import Reference
from generator.stages.verify.crowd import Pod
from generator.stages.verify.references import Defined, Loose, Place, Route, Search, Summary

Names: TypeAlias = frozenset[tuple[str, str]]
"""Kinds and names of objects."""

_ENCODE = Encoder().encode


def claims_of(unit: str, summary: Summary, renamed: Names, referred: Names) -> bytes:
    """Return what the objects of *unit*, by its name, want of others: a line of JSON without its end.

    It is the same line for the same wants. See `UnitResult` for the names that are *renamed* and *referred* to.
    """
    named = {(place[1], place[3]) for place in summary.objects}
    line = (
        unit,
        [f"{place[0]} {place[1]} {place[3]}" for place in summary.objects],
        [
            (*name, keys if keys is None else _in_a_row(keys))
            for name, keys in summary.defined.items()
            if keys is not None or name not in named
        ],
        [(labels, _in_a_row(ports)) for labels, ports in summary.pods],
        [loose.reference[:3] for loose in summary.loose],
        [(search.selector, [port for port, _ in search.ports]) for search in summary.searches],
        [route for route, _, _ in summary.routes],
        _in_a_row(renamed),
        _in_a_row(referred),
    )
    return _ENCODE(line)


class Spoken(NamedTuple):
    """How other lines would speak of what one claims, in the words that stand there.

    Attributes:
        words: While no other line of the namespace has one of these, those agree with the line as they did.
        wanted: Each must stand in one of them.
    """

    words: set[bytes]
    wanted: set[bytes]


def spoken_of(now: bytes, was: bytes) -> Spoken | None:
    """Return how other lines would speak of what the line *now* has and *was* had not, or the other way round.

    Names of objects that are new, or gone, or lost a key; new routes; where a pod is gone, any selector. None where
    other lines must be read to know.

    Raises:
        ValueError: When one of them is no line of `claims_of`.
    """
    if now == was:
        return Spoken(set(), set())
    _, objects, defined, pods, loose, searches, routes, *names = _decoded(now)
    _, were, were_defined, were_pods, were_loose, were_searches, were_routes, *were_names = _decoded(was)
    identities = {
        (api_version.rpartition("/")[0], *rest) for api_version, *rest in (each.split(" ") for each in objects)
    }
    new = [each for each in loose if each not in were_loose]
    if (
        len(identities) < len(objects)
        or len({*map(tuple, routes)}) < len(routes)
        or any(key is not None for _, _, key in new)
        or any(each not in were_searches for each in searches)
    ):
        return None
    others = {each.rpartition(" ")[2] for each in {*objects}.symmetric_difference(were)}
    others.update(name for _, name in _less(_keys_by_name(defined), _keys_by_name(were_defined)))
    words = {mark + name.encode() + b'"' for name in others for mark in (b'"', b" ")}
    words.update(_ENCODE(each) for each in routes if each not in were_routes)
    words.update(
        _ENCODE(each) for kind, before in zip(names, were_names, strict=True) for each in kind if each not in before
    )
    if any(each not in pods for each in were_pods):
        words.update((b'"matchLabels"', b'"matchExpressions"'))
    return Spoken(words, {f' {kind} {name}"'.encode() for kind, name, _ in new})


def _decoded(line: bytes) -> list[Any]:
    try:
        found: list[Any] = decode(line)
    except DecodeError as error:
        raise ValueError("not claims") from error
    return found


_Keys: TypeAlias = Mapping[tuple[str, str], "list[object] | None"]
"""The keys of what is defined, by kind and name; None for whatever keys."""


def _keys_by_name(defined: list[Any]) -> _Keys:
    return {(kind, name): keys for kind, name, keys in defined}


def _less(now: _Keys, were: _Keys) -> Iterator[tuple[str, str]]:
    """Yield what may have fewer keys *now*; what is told of in one of them only may have had any."""
    for name in {*now, *were}:
        keys, others = now.get(name, []), were.get(name)
        if keys is not None and (name not in now or others is None or not all(each in keys for each in others)):
            yield name


def _in_a_row(names: Iterable[object]) -> list[object]:
    """Return *names*, some of which may be numbers, in an order of their own."""
    return sorted(names, key=repr)


def kinds_in(line: bytes) -> set[str]:
    """Return the versions and kinds of the objects of a *line*, as `v1 Service`.

    Raises:
        ValueError: When it is no line of `claims_of`.
    """
    return {each.rpartition(" ")[0] for each in _decoded(line)[1]}


def text_of(lines: Iterable[bytes]) -> bytes:
    """Return *lines* as they are kept."""
    return b"\n".join(lines)


def lines_of(text: bytes) -> dict[str, bytes]:
    """Return the lines that `text_of` made *text* of, by their units.

    Raises:
        ValueError: When it did not.
    """
    return {line[2 : line.index(b'"', 2)].decode(): line for line in text.split(b"\n")}


def read_claims(lines: Iterable[bytes]) -> Iterator[tuple[Summary, Names, Names]]:
    """Yield what `claims_of` was given for each of *lines*, but for where anything stands.

    Raises:
        LookupError, TypeError, ValueError: When they are not what `claims_of` returned.
    """
    for _, *claimed, renamed, referred in _decoded(b"[" + b",".join(lines) + b"]"):
        yield _summary(*claimed), frozenset(map(tuple, renamed)), frozenset(map(tuple, referred))


def _summary(objects: Any, defined: Any, pods: Any, loose: Any, searches: Any, routes: Any) -> Summary:
    places = [_place(*each.split(" ")) for each in objects]
    known: Defined = {(place[1], place[3]): None for place in places}
    known.update(((kind, name), None if keys is None else frozenset(keys)) for kind, name, keys in defined)
    return Summary(
        objects=places,
        defined=known,
        pods=[Pod(labels, frozenset(ports)) for labels, ports in pods],
        loose=[Loose(_NOWHERE, Reference(kind, name, key, ())) for kind, name, key in loose],
        searches=[Search(_NOWHERE, (), selector, tuple((each, ()) for each in ports)) for selector, ports in searches],
        routes=[(Route(*each), _NOWHERE, ()) for each in routes],
    )


def _place(api_version: str, kind: str, name: str) -> Place:
    return (api_version, kind, "", name, "", (), "", ())


_NOWHERE = _place("", "", "")

NOTHING = claims_of("", Summary(), frozenset(), frozenset())
"""The line of a unit that wants nothing, or is not there."""
