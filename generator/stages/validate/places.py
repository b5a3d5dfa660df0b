"""Naming a node of the document the way a person would: `head.port of 'Catalog' in 'Prod'`."""

from generator.model.source import Json, Path

_OWNERS = {"applications": "application", "environments": "environment", "microservices": "microservice"}
_ITEMS = {
    **_OWNERS,
    "tenants": "tenant",
    "files": "file",
    "patches": "patch",
    "subscribes": "subscription",
    "hosts": "host",
    "external": "external object",
    "json": "operation",
}


def place_of(document: Json, path: Path) -> str:
    """Return words for the node at *path*: its last keys, and the named thing that it belongs to."""
    node, kind, owner, override = document, "", "", ""
    segments: list[list[str]] = []  # keys that follow each other, or one item of a list
    for step, before in zip(path, ("", *path), strict=False):
        node = _below(node, step)
        name = node.get("name") if isinstance(node, dict) else None
        if isinstance(step, int) and before in _OWNERS and isinstance(name, str):
            kind, owner, segments = _OWNERS[before], f"'{name}'", []
        elif isinstance(step, int) and before in _ITEMS:
            segments = [*_without_last(segments), [f"{_ITEMS[str(before)]} {step + 1}"], []]
        elif isinstance(step, int):
            segments = [*segments, [f"item {step + 1}"], []]
        elif before == "environments":
            override, segments = f" in '{step}'", []
        else:
            segments = [*segments[:-1], [*(segments[-1] if segments else ()), step]]
    words = " of ".join(".".join(each[-3:]) for each in reversed(segments) if each)
    if words:
        return f"{words} of {owner}{override}" if owner else words
    if override:
        return f"the override of {owner}{override}"
    return f"{kind} {owner}" if owner else "the document"


def _without_last(segments: list[list[str]]) -> list[list[str]]:
    """Return *segments* without the last key, the name of a list, which goes without saying."""
    return [*segments[:-1], segments[-1][:-1]] if segments else []


def _below(node: Json, step: str | int) -> Json:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None
