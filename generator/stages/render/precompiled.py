"""The built-in templates as Python, made when the wheel is built, so that no run has to compile them.

A checkout has none of it, and Jinja of another version, or a template of another text, does not use it: then the
template is compiled where it is used, to the same code.
"""

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, TypeAlias

import jinja2
from jinja2 import Environment, FunctionLoader, Template

from generator.stages.render.printing import Printer, printing_environment

MODULE = "generator.stages.render._python"
"""The module that a wheel has; it is made by `python_of`."""

Makers: TypeAlias = Mapping[str, tuple[str, Callable[[Environment], dict[str, Any]]]]
"""By the name of each template, the digest of its text, and what makes its namespace."""

_HEAD = '''"""The built-in templates, compiled by Jinja when this wheel was built."""
# Generated: do not edit.

JINJA = {version!r}
MAKERS = {{}}
'''
_MAKER = """

def _make(environment):
{body}
    return locals()


MAKERS[{name!r}] = ({digest!r}, _make)
"""


def python_of(templates: Mapping[str, str]) -> str:
    """Return the text of the module with *templates*, by name."""
    from textwrap import indent

    environment = printing_environment(Printer(), sandboxed=False, loader=FunctionLoader(templates.get))
    parts = [_HEAD.format(version=jinja2.__version__)]
    for name, text in sorted(templates.items()):
        python = environment.compile(text, name, name, raw=True)
        parts.append(_MAKER.format(body=indent(python, "    "), name=name, digest=_digest(text)))
    return "".join(parts)


def precompiled(name: str, text: str, environment: Environment) -> Template | None:
    """Return the template *name* of *environment*, a trusting one, None where it has to be compiled from its *text*."""
    digest, make = _makers().get(name, ("", None))
    if make is None or digest != _digest(text):
        return None
    namespace = {**make(environment), "__file__": name}
    return environment.template_class.from_module_dict(environment, namespace, environment.make_globals(None))


@cache
def _makers() -> Makers:
    try:
        module = import_module(MODULE)
    except ModuleNotFoundError:
        return {}
    makers: Makers = module.MAKERS if jinja2.__version__ == module.JINJA else {}
    return makers


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
