"""The built-in templates and those of the platform's own, and what goes wrong in them."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FunctionLoader, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.environment import TemplateModule

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position
from generator.stages.render.precompiled import precompiled
from generator.stages.render.printing import Printer, printing_environment

_SEPARATOR = re.compile(r"^---[ \t]*\n", re.MULTILINE)

_FAILURES = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
    AssertionError,
    NameError,
    SyntaxError,
)
"""What a template can make of its data; the last three are Jinja's, of `1e999` and of thirty loops in each other."""


class Templates:
    """All templates of one compilation, by their path: `microservice/deployment.yaml.j2`.

    Args:
        built_in: The distribution's own.
        own: The platform's: a built-in template of the same path gives way.
        folder: Where the platform's templates stand, as findings name it.
    """

    def __init__(self, built_in: Mapping[str, str], own: Mapping[str, str], folder: str) -> None:
        self._folder = folder
        self._own = frozenset(own)
        self._has_trusted_macros = not any(_is_partial(name) for name in own)
        self._texts = {**built_in, **own}
        self.printer = Printer()
        # The sandbox costs time, so it is there when somebody else's templates are.
        self._environment: Environment = printing_environment(
            self.printer, sandboxed=bool(own), loader=FunctionLoader(self._texts.get)
        )
        self._loaded: dict[str, Template] = {}
        # Every template may use the macros of this one without importing it, which would cost each render some time.
        self._shared: dict[str, Any] = {**self._environment.globals, "object": self._macros("_object.yaml.j2")}
        self.additional = tuple(sorted(name for name in own if name not in built_in and not _is_partial(name)))

    def is_trusted(self, name: str) -> bool:
        """Say whether nothing of the platform's own has a part in what template *name* prints."""
        return name not in self._own and self._has_trusted_macros

    def is_built_in(self, source: str) -> bool:
        """Say whether *source*, as `source_of` has it, is a trusted template: the platform's own have a folder."""
        return source in self._texts and self.is_trusted(source)

    def source_of(self, name: str) -> str:
        """Return template *name* as findings and origins call it."""
        return f"{self._folder}/{name}" if name in self._own else name

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return what templates see: *variables*, and what all of them share."""
        return {**self._shared, **variables}

    def print(self, name: str, context: dict[str, Any]) -> list[str]:
        """Return the YAML documents that template *name* prints; none where it prints only white space.

        Args:
            name: The template.
            context: See `context`.

        Raises:
            CompileError: With `template-error` at the line of a template that fails.
        """
        try:
            template = self._loaded.get(name)
            if template is None:
                template = self._loaded[name] = self._template(name)
            text = "".join(template.root_render_func(template.new_context(context, shared=True)))
        except _FAILURES as error:
            if not self._own:
                raise
            raise CompileError([self._explained(name, error)]) from error
        if "---" not in text:
            return [text] if text.strip() else []
        return [part for part in _SEPARATOR.split(text) if part.strip()]

    def _template(self, name: str) -> Template:
        """Return the template *name*: as the wheel has it, unless templates of the platform's own ask for a sandbox."""
        ready = None if self._own else precompiled(name, self._texts.get(name, ""), self._environment)
        return ready or self._environment.get_template(name)

    def _macros(self, name: str) -> TemplateModule:
        try:
            return self._template(name).module
        except _FAILURES as error:
            if not self._own:
                raise
            raise CompileError([self._explained(name, error)]) from error

    def _explained(self, name: str, error: Exception) -> Diagnostic:
        place = Position(self.source_of(name))
        if isinstance(error, TemplateSyntaxError):
            place = Position(self.source_of(error.name or name), error.lineno)
        else:
            place = self._line_of(error, place)
        hint = "look at the built-in templates for what there is: templates see data only"
        if isinstance(error, TemplateSyntaxError):
            hint = "correct the tag: templates are written in Jinja"
        return Diagnostic("template-error", f"the template fails: {_words(error)}", place, hint)

    def _line_of(self, error: Exception, otherwise: Position) -> Position:
        """Return the innermost line of a template in the traceback of *error*; Jinja makes it look like Python's."""
        place, trace = otherwise, error.__traceback__
        while trace is not None:
            template = trace.tb_frame.f_globals.get("__jinja_template__")
            if template is not None and template.name in self._texts:
                line = template.get_corresponding_lineno(trace.tb_lineno)
                place = Position(self.source_of(template.name), line)
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


def _is_partial(name: str) -> bool:
    return name.rpartition("/")[2].startswith("_")
