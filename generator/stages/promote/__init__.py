"""What one environment takes over from another, and what stays its own.

An image and a Runtime's version are taken over as they resolve, wherever the document says them. Of everything else
an environment takes over what the other one's overrides say: what both share needs no promotion. Its own stay how much
of it runs and where (replicas, resources, scaling, scheduling), who it is (labels, annotations, accounts), who reaches
it (tenants, hosts, exposure, subscriptions), its patches, and its secrets.
"""

from collections.abc import Callable, Iterator, Mapping

from generator.model.promotion import Below, Plan, Taking
from generator.model.source import Json, same_json

HEAD = ("port", "ports", "command", "args", "probes", "security")
"""The settings of a head that belong to its image: what it listens on, how it starts, how it says that it is well."""

_MAPS = ("ports", "probes")
"""Those of them whose members an override names one by one; each member is then replaced as a whole."""

_PINS = (("head", "image"), ("runtime", "version"), ("runtime", "image"))
_MISSING = object()

KeyOf = Callable[[Json], str]
"""Returns what a file of a list is called."""


def planned(source: Json, target: Json, override: Json, *, image_only: bool, key_of: KeyOf) -> Plan:
    """Return what the environment of *target* takes over from that of *source*.

    Args:
        source: What the document says of the microservice in the one environment, all layers merged.
        target: The same in the other.
        override: What it says in the one environment alone.
        image_only: Nothing but the image of the head.
        key_of: Names the items of `files`.
    """
    pins = _PINS[:1] if image_only else _PINS
    takings = list(_pinned(source, target, pins))
    if not image_only:
        takings += _overridden(override, target, key_of)
    taken = {each.below for each in takings}
    mine, yours = (dict(_settings(said, key_of)) for said in (target, source))
    names = sorted(
        ".".join(below)
        for below in mine.keys() | yours.keys()
        if not same_json(mine.get(below), yours.get(below)) and not any(each[: len(below)] == below for each in taken)
    )
    return Plan(tuple(takings), tuple(names))


def _pinned(source: Json, target: Json, pins: tuple[Below, ...]) -> Iterator[Taking]:
    """Yield what is taken over as it resolves."""
    for below in pins:
        wanted, present = _at(source, below), _at(target, below)
        if below[0] == "runtime" and (source.get("runtime") is None or target.get("runtime") is None):
            continue
        if wanted is not _MISSING or present is not _MISSING:
            value = None if wanted is _MISSING else wanted
            now = None if present is _MISSING else present
            if not same_json(value, now):
                yield Taking(below, value, str(value or "none"), str(now or "none"))


def _overridden(override: Json, target: Json, key_of: KeyOf) -> Iterator[Taking]:
    """Yield what the overrides of the one environment say, as far as the other one differs."""
    head = override.get("head") or {}
    for name in HEAD:
        if isinstance(head.get(name), dict) and name in _MAPS:
            for member, value in head[name].items():
                yield from _leaf(("head", name, member), value, _at(target, ("head", name, member)))
        elif name in head:
            yield from _leaf(("head", name), head[name], _at(target, ("head", name)))
    for name, value in (override.get("env") or {}).items():
        present = _at(target, ("env", name))
        if not _is_kept_secret(value, present):
            yield from _leaf(("env", name), value, present)
    files = {key_of(each): each for each in target.get("files") or ()}
    for item in override.get("files") or ():
        name, present = key_of(item), files.get(key_of(item), _MISSING)
        if not _is_kept_secret(item, present) and not (_removes(item) and present is _MISSING):
            yield from _leaf(("files", name), item, present)


def _leaf(below: Below, value: Json, present: Json) -> Iterator[Taking]:
    if value is None and present is _MISSING:
        return
    if present is _MISSING or not same_json(value, present):
        yield Taking(below, value)


def _is_kept_secret(value: Json, present: Json) -> bool:
    """Say whether a value must not take the place of *present*: one of them is sealed, for its own environment."""
    return present is not _MISSING and (_is_secret(value) or _is_secret(present))


def _is_secret(value: Json) -> bool:
    return isinstance(value, dict) and value.get("secret") is True


def _removes(item: Json) -> bool:
    return isinstance(item, dict) and item.get("$patch") == "delete"


def _at(said: Json, below: Below) -> Json:
    for step in below:
        if not isinstance(said, Mapping) or said.get(step) is None:
            return _MISSING
        said = said[step]
    return said


def _settings(said: Json, key_of: KeyOf) -> Iterator[tuple[Below, Json]]:
    """Yield every setting by the way to it, two levels down: deep enough to be named."""
    for name, value in said.items():
        if name == "files":
            yield from (((name, key_of(item)), item) for item in value or ())
        elif isinstance(value, dict):
            yield from (((name, inner), each) for inner, each in value.items())
        else:
            yield (name,), value
