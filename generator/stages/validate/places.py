"""Naming a node of the document the way a person would: `head of 'Catalog'`."""

from generator.model.source import Json, Path

_LISTS = {
    "applications": "application",
    "environments": "environment",
    "microservices": "microservice",
    "tenants": "tenant",
    "files": "file",
    "patches": "patch",
    "subscribes": "subscription",
    "hosts": "host",
}


def place_of(document: Json, path: Path) -> str:
    """Return words for the node at *path*: its last keys, and the named thing that it belongs to."""
    node, owner, rest = document, "", list[str]()
    for index, step in enumerate(path):
        node = _below(node, step)
        name = node.get("name") if isinstance(node, dict) else None
        if isinstance(step, int):
            before = path[index - 1] if index else ""
            kind = _LISTS.get(str(before), "item")
            if isinstance(name, str) and before in ("applications", "environments", "microservices"):
                owner, rest = f"'{name}'", []
            else:
                rest = [*rest[:-1], f"{kind} {step + 1}"]
        elif index and path[index - 1] == "environments" and isinstance(step, str):
            rest = [f"override for '{step}'"]
        else:
            rest.append(str(step))
    words = ".".join(rest[-3:])
    if not words:
        return owner or "the document"
    return f"{words} of {owner}" if owner else words


def _below(node: Json, step: str | int) -> Json:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None
