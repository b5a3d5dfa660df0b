"""A patch that an earlier edit left, changed instead of followed by another one."""

from collections.abc import Iterator, Mapping

from generator.model.source import Json, Path


def overlaps(old: Json, new: Json) -> bool:
    """Say whether the merge *new* says something about what the merge *old* says something about."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return any(key in old and overlaps(old[key], value) for key, value in new.items() if key != "name")
    if _is_named(old) and _is_named(new):
        places = {each["name"]: each for each in old}
        return any(each["name"] in places and overlaps(places[each["name"]], each) for each in new)
    return True


def changes(old: Json, new: Json, at: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yield what to set in the merge *old* so that it does what *new* did after it, and where; None takes away."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in new.items():
            if key in old:
                yield from changes(old[key], value, (*at, key))
            else:
                yield (*at, key), value
    elif _is_named(old) and _is_named(new):
        places = {each["name"]: index for index, each in enumerate(old)}
        following = len(old)
        for each in new:
            if each["name"] in places:
                index = places[each["name"]]
                yield from changes(old[index], each, (*at, index))
            else:
                yield (*at, following), each
                following += 1
    elif old != new:
        yield at, new


def _is_named(node: Json) -> bool:
    return isinstance(node, list) and all(isinstance(each, Mapping) and "name" in each for each in node)
