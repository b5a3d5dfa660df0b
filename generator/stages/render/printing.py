"""How an expression in a template becomes YAML: as a literal, whatever it holds.

Jinja can escape every expression for HTML. Here the same machinery is aimed at YAML: an expression prints a JSON
literal, which YAML 1.1 and 1.2 read alike, and only `Markup`, which nothing but this module and macros make, is trusted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.model import yaml_text
from generator.model.source import Json

# They guess, they read the clock's or the machine's mind, or they let text through unprinted.
_REMOVED_FILTERS = (
    "d", "default", "e", "escape", "filesizeformat", "forceescape", "pprint", "random", "safe", "striptags", "tojson",
    "urlize", "xmlattr",
)  # fmt: skip
_REMOVED_GLOBALS = ("lipsum",)


@pass_context  # keeps Jinja from folding constants past this function
def _printed(_context: Context, value: object) -> Markup:
    """Print *value* as a literal."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        str(value)  # StrictUndefined raises here, naming what is missing
    return Markup(yaml_text.literal(value))  # noqa: S704  (a literal is what may be trusted)


def _block(text: str, indent: int) -> Markup:
    """Print *text* as a literal block whose lines stand at *indent*, or as a literal where a block would change it."""
    return Markup(yaml_text.block(text, indent))  # noqa: S704  (a block scalar is what may be trusted)


def _members(value: Json, indent: int) -> Markup:
    """Print the members of a mapping, or the items of a list, each on a line of its own at *indent*.

    The first line is not indented: the template has done that. An empty value prints as `{}` or `[]`.
    """
    return Markup(members(value, indent))  # noqa: S704  (made of literals alone)


def members(value: Json, indent: int) -> str:
    """Return the members of *value* as `_members` prints them."""
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    separator = "\n" + " " * indent
    if isinstance(value, Mapping):
        return separator.join([f"{_key(key)}:{_nested(each, indent + 2)}" for key, each in value.items()])
    return separator.join([f"- {_item(each, indent + 2)}" for each in value])


def _key(key: object) -> str:
    text = str(key)
    return text if _is_plain(text) else yaml_text.literal(text)


_PLAIN_KEYS: dict[str, bool] = {}


def _is_plain(key: str) -> bool:
    plain = _PLAIN_KEYS.get(key)
    if plain is None:
        plain = _PLAIN_KEYS[key] = yaml_text.is_plain_key(key)
    return plain


def _nested(value: Json, indent: int) -> str:
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return f"\n{' ' * indent}{members(value, indent)}" if value else f" {members(value, indent)}"
    return f" {yaml_text.literal(value)}"


def _item(value: Json, indent: int) -> str:
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        return members(value, indent)
    return yaml_text.literal(value)


class _Sandbox(ImmutableSandboxedEnvironment):
    """For templates that come with a platform: they see data, and nothing of Python behind it."""


def printing_environment(*, sandboxed: bool, **options: Any) -> Environment:
    """Return a Jinja environment in which every expression prints a YAML literal.

    Args:
        sandboxed: Templates may not be trusted.
        options: Passed to Jinja, the loader above all.
    """
    kind = _Sandbox if sandboxed else Environment
    environment = kind(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=-1,
        auto_reload=False,
        **options,
    )
    for name in _REMOVED_FILTERS:
        del environment.filters[name]
    for name in _REMOVED_GLOBALS:
        del environment.globals[name]
    environment.filters |= {"block": _block, "members": _members}
    return environment
