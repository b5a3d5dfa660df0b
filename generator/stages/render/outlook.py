"""What templates of a platform's own look at: what a microservice is rendered from, or what else there is."""

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from generator.model.platform import Application, Environment
from generator.stages.render.jinja import printing_environment
from generator.stages.render.own_templates import FAILURES
from generator.stages.render.printing import Printer

_NARROW: Mapping[str, frozenset[str]] = {
    "application": frozenset(Application.__struct_fields__) - {"environments"},
    "environment": frozenset(Environment.__struct_fields__) - {"microservices"},
}
"""What templates see around a microservice, and the attributes of that which tell nothing of other microservices."""

_ELSEWHERE = ("application/", "environment/")
"""The folders of templates that render other units, and may look at whatever they like."""


def looks_around(templates: Mapping[str, str], *, anywhere: bool = False) -> bool:
    """Say whether a microservice's templates may look at other microservices or environments.

    They do not if they only ask `application` and `environment` for attributes that tell nothing of those, by name.
    Whatever else they do with the two, hand them to a macro for example, they may look around.

    Args:
        templates: Those of the platform's own, by their path.
        anywhere: Also look at the templates of applications and environments.
    """
    parse = printing_environment(Printer()).parse
    for name, text in templates.items():
        if name.startswith(_ELSEWHERE) and not anywhere:
            continue
        try:
            if any(_strays(parse(text))):
                return True
        except FAILURES:  # said with its line where it is rendered
            return True
    return False


def _strays(tree: nodes.Node) -> Iterator[bool]:
    """Yield whether each part of a template may look around."""
    asked = {id(each.node) for each in tree.find_all(nodes.Getattr) if _is_narrow(each)}
    for name in tree.find_all(nodes.Name):
        yield name.name in _NARROW and id(name) not in asked
    for other in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)):
        named: nodes.Expr = getattr(other, "template")  # noqa: B009  (each of them has one)
        text = named.value if isinstance(named, nodes.Const) else None
        yield not isinstance(text, str) or text.startswith(_ELSEWHERE)


def _is_narrow(attribute: nodes.Getattr) -> bool:
    name = attribute.node.name if isinstance(attribute.node, nodes.Name) else ""
    return attribute.attr in _NARROW.get(name, ())
