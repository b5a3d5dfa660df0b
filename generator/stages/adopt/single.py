"""An edit of many parts, one part at a time."""

from collections.abc import Iterator

from generator.model.source import Json, Path, same_json


def single_edits(before: Json, after: Json) -> Iterator[tuple[Path, Json]]:
    """Yield, for each part in which *after* differs from *before*, its path and *before* with that part of *after*."""
    if same_json(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before | after:
            if key not in after:
                yield (key,), {name: value for name, value in before.items() if name != key}
            elif key not in before:
                yield (key,), {**before, key: after[key]}
            else:
                for below, value in single_edits(before[key], after[key]):
                    yield (key, *below), {**before, key: value}
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            for below, value in single_edits(old, new):
                yield (index, *below), [*before[:index], value, *before[index + 1 :]]
    else:
        yield (), after
