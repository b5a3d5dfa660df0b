"""How an expression in a template becomes YAML: as a literal, whatever it holds.

Jinja can escape every expression for HTML. Here the same machinery is aimed at YAML: an expression prints a JSON
literal, which YAML 1.1 and 1.2 read alike, and only `Markup`, which this module and macros alone make, is trusted.
"""

from typing import Any

from jinja2 import Environment, StrictUndefined, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
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


class Printer:
    """Prints values, and remembers what it printed of the current unit: the same labels stand in every object."""

    def __init__(self) -> None:
        self._members: dict[tuple[int, int], tuple[Json, Markup]] = {}

    def forget(self) -> None:
        """Forget what was printed: values that are gone may not be taken for new ones."""
        self._members.clear()

    @pass_context  # keeps Jinja from folding constants past this function
    def literal(self, _context: Context, value: object) -> Markup:
        """Print *value* as a literal."""
        if type(value) is str:
            return _LITERALS[value]
        if isinstance(value, Markup):
            return value
        if isinstance(value, Undefined):
            str(value)  # StrictUndefined raises here, naming what is missing
        return Markup(yaml_text.literal(value))  # noqa: S704  (a literal is what may be trusted)

    def block(self, text: str, indent: int) -> Markup:
        """Print *text* as a literal block with lines at *indent*, or as a literal where a block would change it."""
        if "\n" not in text:
            return _LITERALS[text]
        return Markup(yaml_text.block(text, indent))  # noqa: S704  (a block scalar is what may be trusted)

    def members(self, value: Json, indent: int) -> Markup:
        """Print the members of a mapping, or the items of a list, each on a line of its own at *indent*.

        The first line is not indented: the template has done that. An empty value prints as `{}` or `[]`.
        """
        key = (id(value), indent)
        known = self._members.get(key)
        if known is None:
            # The value is kept beside what it printed as, so that no other can get its identity.
            known = self._members[key] = (value, Markup(yaml_text.branch(value, indent)))  # noqa: S704  (literals alone)
        return known[1]


class _Literals(dict[str, Markup]):
    """Strings and what they print as; the long ones, which hardly recur, are not kept."""

    def __missing__(self, text: str) -> Markup:
        printed = Markup(yaml_text.literal(text))  # noqa: S704  (a literal is what may be trusted)
        if len(text) < 256 and len(self) < 65_536:  # noqa: PLR2004  (some 10 MB at most)
            self[text] = printed
        return printed


_LITERALS = _Literals()


class _PrintingCode(CodeGenerator):
    """Trusts what `Printer.literal` returns, which is always `Markup`: Jinja would escape and wrap it once more."""

    def _output_child_pre(
        self,
        node: nodes.Expr,  # noqa: ARG002  (Jinja's signature)
        frame: Frame,  # noqa: ARG002  (Jinja's signature)
        finalize: CodeGenerator._FinalizeInfo,
    ) -> None:
        self.write("(")
        if finalize.src is not None:
            self.write(finalize.src)


class _TrustedCode(_PrintingCode):
    """Reads attributes as Python does: all that built-in templates see has them, so there is nothing to try."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  (Jinja's name)
        self.visit(node.node, frame)
        self.write(f".{node.attr}")


class _Trusting(Environment):
    """For the built-in templates."""

    code_generator_class: type[CodeGenerator] = _TrustedCode


MOST = 1_000_000
"""How long a text or list may get by multiplication in a template that is not trusted, and how large a power."""


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


def printing_environment(printer: Printer, *, sandboxed: bool, **options: Any) -> Environment:
    """Return a Jinja environment in which every expression prints a YAML literal.

    Args:
        printer: What prints.
        sandboxed: Templates may not be trusted.
        options: Passed to Jinja, the loader above all.
    """
    kind = _Sandbox if sandboxed else _Trusting
    environment = kind(
        undefined=StrictUndefined,
        autoescape=True,
        finalize=printer.literal,
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
    environment.filters |= {"block": printer.block, "members": printer.members}
    return environment
