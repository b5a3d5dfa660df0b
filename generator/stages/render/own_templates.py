"""The templates of a platform's own, in Jinja's sandbox, and what goes wrong in them."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FunctionLoader, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.environment import TemplateModule

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position
from generator.stages.render.jinja import printing_environment
from generator.stages.render.printing import Printer

FAILURES = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RuntimeError,
    MemoryError,
    AssertionError,
    NameError,
    SyntaxError,
)
"""What a template can make of its data; the last three are Jinja's, of `1e999` and of thirty loops in each other."""


class OwnTemplates:
    """Templates that are not trusted.

    Args:
        texts: All templates, those of the distribution included, which others may import.
        macros: The name of the template whose macros every one has, as `object`.
        names: What findings call each of them.
        printer: What prints.
    """

    def __init__(self, texts: Mapping[str, str], macros: str, names: Mapping[str, str], printer: Printer) -> None:
        self._names = names
        self._environment: Environment = printing_environment(printer, loader=FunctionLoader(texts.get))
        self._loaded: dict[str, Template] = {}
        self._macros = macros
        # Every template may use these without importing them, which would cost each render some time. The platform's
        # own could hand something on from one render to the next, and are made anew for each.
        self._shared: dict[str, Any] = {**self._environment.globals, "object": self._object()}
        self._has_own_macros = self._name(macros) != macros

    def print(self, name: str, variables: Mapping[str, Any]) -> str:
        """Return what template *name* prints, which sees *variables*.

        Raises:
            CompileError: With `template-error` at the line of a template that fails.
        """
        try:
            template = self._loaded.get(name)
            if template is None:
                template = self._loaded[name] = self._environment.get_template(name)
            shared = {**self._shared, "object": self._object()} if self._has_own_macros else self._shared
            context = template.new_context({**shared, **variables}, shared=True)
            return "".join(template.root_render_func(context))
        except FAILURES as error:
            raise CompileError([self._explained(name, error)]) from error

    def _object(self) -> TemplateModule:
        try:
            return self._environment.get_template(self._macros).module
        except FAILURES as error:
            raise CompileError([self._explained(self._macros, error)]) from error

    def _explained(self, name: str, error: Exception) -> Diagnostic:
        place = Position(self._name(name))
        if isinstance(error, TemplateSyntaxError):
            place = Position(self._name(error.name or name), error.lineno)
        else:
            place = self._line_of(error, place)
        hint = "look at the built-in templates for what there is: templates see data only"
        if isinstance(error, TemplateSyntaxError):
            hint = "correct the tag: templates are written in Jinja"
        return Diagnostic("template-error", f"the template fails: {_words(error)}", place, hint)

    def _name(self, name: str) -> str:
        return self._names.get(name, name)

    def _line_of(self, error: Exception, otherwise: Position) -> Position:
        """Return the innermost line of a template in the traceback of *error*; Jinja makes it look like Python's."""
        place, trace = otherwise, error.__traceback__
        while trace is not None:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            if template is not None and template.name in self._names:
                line = template.get_corresponding_lineno(trace.tb_lineno)
                place = Position(self._name(template.name), line)
            trace = trace.tb_next
        return place


def _words(error: Exception) -> str:
    """Return what *error* says, without a value in it: Jinja's messages name attributes, Python's may show data."""
    if isinstance(error, TemplateNotFound):
        return f"there is no template '{error.name}'"
    if isinstance(error, TemplateError) and error.message:
        words = re.sub(r"'[\w.]+ object' has no", "there is no", error.message).rstrip(".")
        return words[:1].lower() + words[1:]
    return f"{type(error).__name__} in an expression"
