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
    node, kind, owner, override, rest = document, "", "", "", list[str]()
    for step, before in zip(path, ("", *path), strict=False):
        node = _below(node, step)
        name = node.get("name") if isinstance(node, dict) else None
        if isinstance(step, int) and before in _OWNERS and isinstance(name, str):
            kind, owner, rest = _OWNERS[before], f"'{name}'", []
        elif isinstance(step, int):
            rest = [*rest[:-1], f"{_ITEMS.get(str(before), f'item {before}'.strip())} {step + 1}"]
        elif before == "environments":
            override, rest = f" in '{step}'", []
        else:
            rest.append(step)
    if rest:
        words = ".".join(rest[-3:])
        return f"{words} of {owner}{override}" if owner else words
    if override:
        return f"the override of {owner}{override}"
    return f"{kind} {owner}" if owner else "the document"


def _below(node: Json, step: str | int) -> Json:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None
