"""The built-in templates and those of the platform's own: which prints what."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.model.lazy_pattern import lazy_pattern
from generator.stages.render.precompiled import functions_of
from generator.stages.render.printing import Printer

if TYPE_CHECKING:  # Jinja, which is there when somebody else's templates are
    from generator.stages.render.own_templates import OwnTemplates

_SEPARATOR = lazy_pattern(r"^---[ \t]*\n", re.MULTILINE)
_MACROS = "_object.yaml.j2"


class Templates:
    """All templates of one compilation, by their path: `microservice/deployment.yaml.j2`.

    Args:
        built_in: The distribution's own.
        own: The platform's: a built-in template of the same path gives way.
        folder: Where the platform's templates stand, as findings name it.

    Raises:
        CompileError: With `template-error` when macros of the platform's own fail.
    """

    def __init__(self, built_in: Mapping[str, str], own: Mapping[str, str], folder: str) -> None:
        self._folder = folder
        self._own = frozenset(own)
        self._has_trusted_macros = not any(_is_partial(name) for name in own)
        self._texts = {**built_in, **own}
        self.printer = Printer()
        self._functions = functions_of(built_in, self.printer)
        self._sandbox = self._sandboxed() if own else None
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

    def print(self, name: str, variables: Mapping[str, Any]) -> list[str]:
        """Return the YAML documents that template *name* prints; none where it prints only white space.

        Args:
            name: The template.
            variables: What it sees.

        Raises:
            CompileError: With `template-error` at the line of a template that fails.
        """
        if self._sandbox is None or self.is_trusted(name):
            text = self._functions[name](variables)
        else:
            text = self._sandbox.print(name, variables)
        if "---" not in text:
            return [text] if text.strip() else []
        return [part for part in _SEPARATOR.split(text) if part.strip()]

    def _sandboxed(self) -> "OwnTemplates":
        from generator.stages.render.own_templates import OwnTemplates

        return OwnTemplates(self._texts, _MACROS, {name: self.source_of(name) for name in self._texts}, self.printer)


def _is_partial(name: str) -> bool:
    return name.rpartition("/")[2].startswith("_")
