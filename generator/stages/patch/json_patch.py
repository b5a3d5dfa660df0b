"""JSON patches: RFC 6902 to the letter, so no negative index, and no `replace` of what is not there."""

from collections.abc import Mapping, Sequence

from generator.model.source import Json, Path, same_json
from generator.stages.patch.json_pointer import Pointer, PointerError
from generator.stages.patch.outcome import Outcome, Refusal

_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


def json_patch(body: Mapping[str, Json], operations: Sequence[Mapping[str, Json]]) -> Outcome:
    """Apply *operations* to *body*, in order, up to the first that does not fit.

    Nothing is changed in place. Places in refusals begin with `json`.
    """
    old = body if isinstance(body, dict) else dict(body)
    new = old
    for index, operation in enumerate(operations):
        try:
            new = _applied(new, operation)
        except PointerError as error:
            below: Path = ("json", index, error.member)
            return Outcome(old, changed=False, refusals=(Refusal(below, error.message, error.hint),))
    return Outcome(new, not same_json(old, new))


def touching(operations: Sequence[Mapping[str, Json]], field: Sequence[str]) -> Path:
    """Return the place of the first of *operations* that writes to *field*, above or below it."""
    for index, operation in enumerate(operations):
        if operation.get("op") == "test":
            continue
        members = ("path", "from") if operation.get("op") == "move" else ("path",)
        for member in members:
            steps = Pointer.parse(operation[member], member).steps
            if all(one == two for one, two in zip(steps, field, strict=False)):
                return ("json", index, member)
    return ("json",)


def _applied(root: Json, operation: Mapping[str, Json]) -> Json:
    path = Pointer.parse(operation.get("path"), "path")
    match operation.get("op"):
        case "add":
            return _added(root, path, _value(operation))
        case "remove":
            return _removed(root, path)
        case "replace":
            return _replaced(root, path, _value(operation))
        case "move":
            return _moved(root, path, Pointer.parse(operation.get("from"), "from"))
        case "copy":
            return _added(root, path, Pointer.parse(operation.get("from"), "from").find(root))
        case "test":
            if not same_json(path.find(root), _value(operation)):
                raise PointerError("path", f"the test of '{path.text}' failed: another value stands there")
            return root
        case _:
            raise PointerError("op", f"'op' must be one of {', '.join(_OPERATIONS)}")


def _value(operation: Mapping[str, Json]) -> Json:
    if "value" not in operation:
        raise PointerError("op", f"the operation '{operation['op']}' needs a 'value'")
    return operation["value"]


def _added(root: Json, path: Pointer, value: Json) -> Json:
    def add(container: Json, depth: int) -> Json:
        if isinstance(container, dict):
            return {**container, path.steps[depth]: value}
        index = path.locate(container, depth, end=True)
        return [*container[:index], value, *container[index:]]

    return path.edit(root, add) if path.steps else _whole(value)


def _removed(root: Json, path: Pointer) -> Json:
    def remove(container: Json, depth: int) -> Json:
        key: Json = path.locate(container, depth)
        copy = container.copy()
        del copy[key]
        return copy

    if not path.steps:
        hint = "change in the document what the object is made from"
        raise PointerError(path.member, "a patch cannot remove the object", hint)
    return path.edit(root, remove)


def _replaced(root: Json, path: Pointer, value: Json) -> Json:
    def replace(container: Json, depth: int) -> Json:
        key = path.locate(container, depth)
        copy = container.copy()
        copy[key] = value
        return copy

    return path.edit(root, replace) if path.steps else _whole(value)


def _moved(root: Json, path: Pointer, source: Pointer) -> Json:
    value = source.find(root)
    if path.steps == source.steps:
        return root
    if path.steps[: len(source.steps)] == source.steps:
        raise PointerError("path", f"'{source.text}' cannot be moved into itself, to '{path.text}'")
    return _added(_removed(root, source), path, value)


def _whole(value: Json) -> Json:
    if not isinstance(value, dict):
        raise PointerError("value", "the whole object can only be replaced by an object")
    return value
