"""The built-in templates as functions: as the wheel has them, or, in a checkout, written now.

A wheel's are used only for the templates that they were written of; of any others, functions are written where they
are needed, which takes Jinja and a tenth of a second.
"""

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, TypeAlias

from generator.stages.render.printing import Printer

MODULE = "generator.stages.render._python"
"""The module that a wheel has; `module_of` writes it."""

Functions: TypeAlias = Mapping[str, Callable[[Mapping[str, Any]], str]]
"""By the name of each template, what prints it with the variables that it sees."""

_Make: TypeAlias = Callable[..., Functions]


def module_of(templates: Mapping[str, str]) -> str:
    """Return the text of the module with the functions of *templates*, by name.

    Raises:
        Unwritable: When a template uses more of Jinja than can be written.
    """
    from generator.stages.render.functions import python_of

    return f"{python_of(templates)}\n\nDIGEST = {_digest(templates)!r}\n"


def functions_of(templates: Mapping[str, str], printer: Printer) -> Functions:
    """Return the functions of *templates*, by name, which print with *printer*."""
    digest = _digest(templates)
    make = _shipped().get(digest) or _written(digest, tuple(templates.items()))
    return make(printer.literal, printer.members, printer.block, printer.indent)


@cache
def _shipped() -> Mapping[str, _Make]:
    try:
        module = import_module(MODULE)
    except ModuleNotFoundError:
        return {}
    return {module.DIGEST: module.make}


@cache
def _written(_digest: str, templates: tuple[tuple[str, str], ...]) -> _Make:
    namespace: dict[str, Any] = {}
    exec(compile(module_of(dict(templates)), "<built-in templates>", "exec"), namespace)  # noqa: S102  (our own text)
    make: _Make = namespace["make"]
    return make


def _digest(templates: Mapping[str, str]) -> str:
    parts = (f"{name}\0{len(text)}\0{text}" for name, text in sorted(templates.items()))
    return sha256("\0".join(parts).encode()).hexdigest()
