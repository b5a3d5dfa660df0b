"""Jinja, aimed at YAML: whatever an expression holds, it prints as a literal.

Jinja can escape every expression for HTML. Here the same machinery prints a JSON literal, which YAML 1.1 and 1.2 read
alike, and only `Markup`, which this module and macros alone make, is trusted.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.filters import do_format
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json
from generator.stages.render.printing import Printer

# They guess, they read the clock's or the machine's mind, or they let text through unprinted.
_REMOVED_FILTERS = (
    "d", "default", "e", "escape", "filesizeformat", "forceescape", "pprint", "random", "safe", "striptags", "tojson",
    "urlize", "xmlattr",
)  # fmt: skip
_REMOVED_GLOBALS = ("lipsum",)

_TOO_LARGE = "the result is too large"
# A field of millions of characters, or of a width that is yet to be given.
_WIDE_PERCENT = lazy_pattern(r"%(?:\(\w*\))?[-+ #0]*(?:\*|\d{7}|\d*\.(?:\*|\d{7}))")
_WIDE_BRACES = lazy_pattern(r"[:.][^{}]*\d{7}")

MOST = 1_000_000
"""How long a text or list may get by multiplication in a template that is not trusted, and how large a power."""


class _PrintingCode(CodeGenerator):
    """Trusts what finalizing returns, which is always `Markup`: Jinja would escape and wrap it once more."""

    def _output_child_pre(
        self,
        node: nodes.Expr,  # noqa: ARG002  (Jinja's signature)
        frame: Frame,  # noqa: ARG002  (Jinja's signature)
        finalize: CodeGenerator._FinalizeInfo,
    ) -> None:
        self.write("(")
        if finalize.src is not None:
            self.write(finalize.src)


class _Template(Template):
    """A template whose macros are made anew for each that imports them: what one prints tells nothing to another."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        self._module = None
        return super()._get_default_module(ctx)


class _Sandbox(ImmutableSandboxedEnvironment):
    """For templates that come with a platform: they see data, and nothing of Python behind it."""

    code_generator_class: type[CodeGenerator] = _PrintingCode
    template_class = _Template
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, unless the result would fill the memory.

        Raises:
            OverflowError: When it would.
        """
        if _size(operator, left, right) > MOST:
            raise OverflowError(_TOO_LARGE)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, function: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call, unless it is a method of a text that would fill the memory, as `ljust` and `format` can.

        Raises:
            OverflowError: When it would.
        """
        text = getattr(getattr(function, "__wrapped__", function), "__self__", None)
        if isinstance(text, str):
            _refuse_wide(*arguments, *named.values())
            if function.__name__.startswith("format") and _WIDE_BRACES.search(text):
                raise OverflowError(_TOO_LARGE)
        return super().call(context, function, *arguments, **named)


def _size(operator: str, left: Any, right: Any) -> int:
    """Return how long the result gets: items or characters of a sequence, bits of a power, a field of a format."""
    if operator == "%":
        return MOST + 1 if isinstance(left, str) and _WIDE_PERCENT.search(left) else 0
    if operator == "**":
        return left.bit_length() * right if isinstance(left, int) and isinstance(right, int) else 0
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, (str, bytes, list, tuple)) and isinstance(times, int):
            return len(sequence) * times
    return 0


def printing_environment(printer: Printer, **options: Any) -> Environment:
    """Return a Jinja environment, a sandbox, in which every expression prints a YAML literal.

    Args:
        printer: What prints.
        options: Passed to Jinja, the loader above all.
    """
    environment = _Sandbox(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_finalizing(printer),
        cache_size=-1,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    for name in _REMOVED_FILTERS:
        del environment.filters[name]
    for name in _REMOVED_GLOBALS:
        del environment.globals[name]

    def block(text: str, indent: int) -> Markup:
        return Markup(printer.block(text, indent))  # noqa: S704  (a block scalar is what may be trusted)

    def members(value: Json, indent: int) -> Markup:
        return Markup(printer.members(value, indent))  # noqa: S704  (literals alone)

    environment.filters |= {"block": block, "members": members}
    for name in ("center", "format", "indent", "wordwrap"):
        environment.filters[name] = _bounded(environment.filters[name])
    return environment


def _refuse_wide(*values: Any) -> None:
    """Raise OverflowError where a number among *values* is too large to be a width."""
    if any(isinstance(each, int) and each > MOST for each in values):
        raise OverflowError(_TOO_LARGE)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that lays out texts, such that none gets too long."""

    @wraps(function)
    def bounded(*arguments: Any, **named: Any) -> Any:
        if function is do_format:  # which formats numbers, however large
            if _WIDE_PERCENT.search(str(arguments[0])):
                raise OverflowError(_TOO_LARGE)
        else:
            _refuse_wide(*arguments, *named.values())
        return function(*arguments, **named)

    return bounded


def _finalizing(printer: Printer) -> Any:
    @pass_context  # keeps Jinja from folding constants past this function
    def literal(_context: Context, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Undefined):
            str(value)  # StrictUndefined raises here, naming what is missing
        return Markup(printer.literal(value))  # noqa: S704  (a literal is what may be trusted)

    return literal
