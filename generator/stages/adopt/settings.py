"""The commonest edits, for which the document has a key: image, replicas, resources, a plain variable."""

from collections.abc import Iterator, Mapping

from generator.model.adoption import Change, Setting, Subject
from generator.model.microservice import Microservice
from generator.model.source import Json, same_json


def settings(subject: Subject) -> Iterator[Setting]:
    """Yield what the override of a microservice may say instead of a patch; whether it does, compiling tells."""
    microservice = subject.unit.microservice
    if microservice is None:
        return
    for change in subject.changes:
        for below, value in _of_change(microservice, change):
            yield Setting(subject=subject, below=below, value=value, at=change.at)


def broader(subject: Subject) -> Iterator[Setting]:
    """Yield what may say it where `settings` do not: all resources, for the document may have said none of them."""
    microservice = subject.unit.microservice
    for change in subject.changes:
        if microservice and (change.ref.kind, change.ref.name) == ("Deployment", microservice.object_name):
            before, resources = (_head(each.get("spec")).get("resources") for each in (change.before, change.after))
            if isinstance(resources, dict) and not same_json(before, resources):
                yield Setting(subject=subject, below=("head", "resources"), value=resources, at=change.at)


def _of_change(microservice: Microservice, change: Change) -> Iterator[tuple[tuple[str, ...], Json]]:
    if change.ref.kind == "ConfigMap" and change.ref.name == f"{microservice.object_name}-env-variables":
        declared = microservice.variables.declared_plain
        for name, text in _changed(change.before.get("data"), change.after.get("data")):
            yield ("env", name), {"plain": text} if name in declared else text
        for name in _gone(change.before.get("data"), change.after.get("data")):
            yield ("env", name), None
    elif change.ref.kind == "Deployment" and change.ref.name == microservice.object_name:
        old, new = change.before["spec"], change.after.get("spec")
        if isinstance(new, Mapping):
            yield from ((("head", name), each) for name, each in _changed(old, new) if name == "replicas")
            yield from _of_head(_head(old), _head(new))


def _of_head(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[tuple[tuple[str, ...], Json]]:
    yield from ((("head", name), each) for name, each in _changed(old, new) if name == "image")
    ones, others = old.get("resources"), new.get("resources")
    if isinstance(ones, dict) and isinstance(others, dict):
        for kind in ("requests", "limits"):
            yield from (
                (("head", "resources", kind, name), each) for name, each in _changed(ones.get(kind), others.get(kind))
            )


def _head(spec: Json) -> Mapping[str, Json]:
    node = spec
    for step in ("template", "spec"):
        node = node.get(step) if isinstance(node, dict) else None
    containers = node.get("containers") if isinstance(node, dict) else None
    named = (each for each in containers or () if isinstance(each, dict) and each.get("name") == "head")
    return next(named, {}) if isinstance(containers, list) else {}


def _gone(old: Json, new: Json) -> Iterator[str]:
    """Yield the names in *old* that are not in *new*."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from (name for name in old if name not in new)


def _changed(old: Json, new: Json) -> Iterator[tuple[str, Json]]:
    """Yield the members of *new* that are plain values, and others than in *old* or not there."""
    if not isinstance(new, Mapping):
        return
    before = old if isinstance(old, Mapping) else {}
    for name, value in new.items():
        plain = isinstance(value, str | int)
        if plain and not (name in before and same_json(before[name], value)):
            yield name, value
