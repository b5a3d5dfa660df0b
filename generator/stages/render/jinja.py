"""Jinja, aimed at YAML: whatever an expression holds, it prints as a literal.

Jinja can escape every expression for HTML. Here the same machinery prints a JSON literal, which YAML 1.1 and 1.2 read
alike, and only `Markup`, which this module and macros alone make, is trusted.
"""

from typing import Any

from jinja2 import Environment, StrictUndefined, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.model.source import Json
from generator.stages.render.printing import Printer

# They guess, they read the clock's or the machine's mind, or they let text through unprinted.
_REMOVED_FILTERS = (
    "d", "default", "e", "escape", "filesizeformat", "forceescape", "pprint", "random", "safe", "striptags", "tojson",
    "urlize", "xmlattr",
)  # fmt: skip
_REMOVED_GLOBALS = ("lipsum",)

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


class _Sandbox(ImmutableSandboxedEnvironment):
    """For templates that come with a platform: they see data, and nothing of Python behind it."""

    code_generator_class: type[CodeGenerator] = _PrintingCode
    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, unless the result would fill the memory.

        Raises:
            OverflowError: When it would.
        """
        if _size(operator, left, right) > MOST:
            raise OverflowError("the result is too large")
        return super().call_binop(context, operator, left, right)


def _size(operator: str, left: Any, right: Any) -> int:
    """Return how long the result gets: items or characters of a sequence, bits of a power."""
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
    return environment


def _finalizing(printer: Printer) -> Any:
    @pass_context  # keeps Jinja from folding constants past this function
    def literal(_context: Context, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Undefined):
            str(value)  # StrictUndefined raises here, naming what is missing
        return Markup(printer.literal(value))  # noqa: S704  (a literal is what may be trusted)

    return literal
