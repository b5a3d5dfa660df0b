"""Versions of one object: as compiled, as edited by hand, and as compiled from an edited document."""

from collections.abc import Iterator, Mapping

from generator.model.roll_out import ANNOTATION, ANNOTATIONS, CONFIGURATION
from generator.model.source import Json, same_json

_DIGESTS = (ANNOTATION, CONFIGURATION)
"""Annotations of a pod template that the compiler works out from everything else: pods restart when they change."""


def derived(before: Mapping[str, Json], now: Mapping[str, Json], wanted: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return *wanted* with the digests of *now* in its pod template, as far as the person left those of *before*.

    Args:
        before: The object as compiled.
        now: The same, compiled from an edited document.
        wanted: The same, edited by hand.
    """
    old, new, mine = (_annotations(each) for each in (before, now, wanted))
    left = [key for key in _DIGESTS if mine.get(key) == old.get(key) != new.get(key)]
    if not left:
        return wanted
    kept = {key: value for key, value in mine.items() if key not in left}
    return _with_annotations(wanted, {**kept, **{key: new[key] for key in left if key in new}})


def only_towards(before: Json, now: Json, wanted: Json) -> bool:
    """Say whether everywhere that *now* differs from *before*, it is as *wanted*."""
    if same_json(before, now) or same_json(now, wanted):
        return True
    if isinstance(before, dict) and isinstance(now, dict) and isinstance(wanted, dict):
        keys = before.keys() | now.keys() | wanted.keys()
        return all(only_towards(before.get(key), now.get(key), wanted.get(key)) for key in keys)
    if isinstance(before, list) and isinstance(now, list) and isinstance(wanted, list):
        return len(before) == len(now) and all(map(only_towards, before, now, _as_long_as(wanted, now)))
    return False


def new_texts(before: Json, after: Json) -> Iterator[tuple[str, str]]:
    """Yield every text that *after* has and *before* has not, behind the name that it stands under."""
    known = set(_named(before))
    yield from (each for each in dict.fromkeys(_named(after)) if each not in known)


def same_text(edited: bytes, compiled: bytes) -> bool:
    """Say whether two texts of one file are alike, but for the digests that the compiler works out."""
    return _undigested(edited) == _undigested(compiled)


def _undigested(text: bytes) -> list[bytes]:
    digests = tuple(f"{each}:".encode() for each in _DIGESTS)
    return [line for line in text.splitlines(keepends=True) if not line.lstrip().startswith(digests)]


def _annotations(body: Json) -> Mapping[str, Json]:
    for step in ANNOTATIONS:
        body = body.get(step) if isinstance(body, dict) else None
    return body if isinstance(body, dict) else {}


def _with_annotations(body: Mapping[str, Json], annotations: Mapping[str, Json]) -> Mapping[str, Json]:
    spec = body["spec"]
    template = spec["template"]
    metadata = {**template["metadata"], "annotations": annotations}
    return {**body, "spec": {**spec, "template": {**template, "metadata": metadata}}}


def _as_long_as(wanted: list[Json], now: list[Json]) -> list[Json]:
    return [*wanted, *([None] * len(now))][: len(now)]


def _named(node: Json) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for each in node:
            yield from _named(each)
    elif isinstance(node, Mapping):
        name, value = node.get("name"), node.get("value")
        if isinstance(name, str) and isinstance(value, str):
            yield name, value
        for key, each in node.items():
            if isinstance(each, str):
                yield key, each
            else:
                yield from _named(each)
