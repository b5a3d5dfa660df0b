"""Nodes that take one of several forms: `{ secret: true }`, or `{ address: … }`, or `{ url: … }`.

In the schema each form says by `required` which keys it needs, its own last, and by `propertyNames` which it takes.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from generator.model.source import Json
from generator.stages.validate.wording import alternatives


class Form(Struct, frozen=True):
    """One form: the *key* that tells it from the others, the keys that it *needs* and those that it *takes*."""

    key: str
    needs: tuple[str, ...]
    takes: frozenset[str] | None


class Misfit(NamedTuple):
    """Why a node has none of its forms: words that follow its name, the *key* at fault, and a hint."""

    words: str
    key: str
    hint: str


def forms_of(choices: Sequence[Mapping[str, Any]]) -> tuple[Form, ...]:
    """Return the forms among the *choices* of a schema."""
    found = []
    for choice in choices:
        needs = tuple(choice.get("required", ()))
        names = choice.get("propertyNames", {}).get("enum")
        if needs:
            found.append(Form(needs[-1], needs, None if names is None else frozenset(names)))
    return tuple(found)


def misfits(node: Mapping[str, Json], forms: Sequence[Form]) -> Iterator[Misfit]:
    """Yield why *node* has none of its *forms*, or several of them."""
    keys = [form.key for form in forms]
    there = [key for key in node if key in keys]
    if not there:
        yield Misfit(f"has none of {alternatives(keys)}", "", "add the one that you mean")
    elif len(there) > 1:
        both = alternatives(there).replace(" or ", " and ")
        yield Misfit(f"has {both}, expected one of them", there[1], "keep the one that you mean")
    else:
        form = next(each for each in forms if each.key == there[0])
        yield from _incomplete(node, form)


def _incomplete(node: Mapping[str, Json], form: Form) -> Iterator[Misfit]:
    for key in form.needs:
        if key not in node:
            yield Misfit(f"has '{form.key}', but no '{key}'", "", f"add '{key}'")
    for key in node:
        if form.takes is not None and key not in form.takes:
            yield Misfit(f"has '{key}' beside '{form.key}', which stands alone", key, f"leave '{key}' out")
