"""What a change of the document changes in the objects that it compiles to, field by field, without a value."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from generator.model.source import Json, same_json

_MOST = 4
"""How many fields of one object are named."""


def object_changes(before: Mapping[PurePosixPath, bytes], after: Mapping[PurePosixPath, bytes]) -> Iterator[str]:
    """Yield a line for every object that two compiled trees do not have alike, in the order of the files.

    Sealed Secrets and files without objects are named as files.
    """
    for path in sorted(before.keys() | after.keys(), key=str):
        old, new = before.get(path, b""), after.get(path, b"")
        if old == new:
            continue
        ones, others = _objects(old), _objects(new)
        if not ones and not others:
            yield f"{path}: {'added' if not old else 'removed' if not new else 'changed'}"
        for name in sorted(ones.keys() | others.keys()):
            if not same_json(ones.get(name), others.get(name)):
                yield f"{path}: {name} {_verb(ones.get(name), others.get(name))}"


def _objects(content: bytes) -> dict[str, Json]:
    """Return the objects of a file by kind and name; none for a file that is no plain stream of them."""
    import yaml_rs

    if not content:
        return {}
    text = content.decode()
    found: Json = yaml_rs.loads(text, parse_datetime=False)
    bodies = found if "\n---\n" in text else [found]
    if not all(isinstance(each, dict) and "sops" not in each and "kind" in each for each in bodies):
        return {}
    return {f"{each['kind']}/{(each.get('metadata') or {}).get('name', '')}": each for each in bodies}


def _verb(old: Json, new: Json) -> str:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    fields = list(_fields(old, new, ""))
    more = f" and {len(fields) - _MOST} more" if len(fields) > _MOST else ""
    return f"changed: {', '.join(fields[:_MOST])}{more}"


def _fields(old: Json, new: Json, path: str) -> Iterator[str]:
    """Yield the paths of the fields that differ; a list's items are told by their name where all have one."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            below = f"{path}.{key}" if path else key
            if key not in old or key not in new:
                yield below
            else:
                yield from _fields(old[key], new[key], below)
    elif _is_named(old) and _is_named(new):
        ones, others = ({each["name"]: each for each in items} for items in (old, new))
        for name in sorted(ones.keys() | others.keys()):
            yield from _fields(ones.get(name), others.get(name), f"{path}[{name}]")
    elif not same_json(old, new):
        yield path


def _is_named(items: Json) -> bool:
    return isinstance(items, list) and bool(items) and all(isinstance(each, dict) and "name" in each for each in items)
