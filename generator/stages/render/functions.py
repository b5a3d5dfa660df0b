"""The built-in templates as Python functions, written once, when the wheel is built.

Jinja reads a template; what it says is then written down as a function that joins the same texts. That needs no Jinja
where it runs, which is a tenth of the shortest compile, and takes half the time. The templates of a platform's own are
none of this: Jinja runs them, in its sandbox, and prints the same (`own_templates.py`).

Only what built-in templates use can be written: whoever uses more of Jinja in one is told so by `Unwritable`.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent

from jinja2 import nodes
from jinja2.meta import find_undeclared_variables

from generator.stages.render.jinja import printing_environment
from generator.stages.render.printing import Printer

MACROS = "_object.yaml.j2"
"""The template whose macros every other one has, as `object`."""

_HEAD = '''"""The built-in templates, written as Python when this wheel was built."""
# Generated: do not edit.


def make(literal, members, block, indent):
'''
_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
_PRINTING = {"members", "block", "indent"}
_GLOBALS = {"dict", "object"}
_TAKEN = {"out", "see", "literal", *_PRINTING, *_GLOBALS}
"""What variables of templates cannot be called, since the functions call other things so."""


class Unwritable(Exception):  # noqa: N818  (what it says of a template)
    """A built-in template uses something of Jinja that has no Python here; the message says where and what."""


def python_of(templates: Mapping[str, str]) -> str:
    """Return the text of a module whose `make` returns a function for every one of *templates*, by name.

    Raises:
        Unwritable: When a template uses more of Jinja than is known here.
    """
    environment = printing_environment(Printer())
    functions, returned = [], []
    for number, (name, text) in enumerate(sorted(templates.items())):
        tree = environment.parse(text, name, name)
        if name == MACROS:
            functions += [_macro(each, name) for each in tree.find_all(nodes.Macro)]
            continue
        free = sorted(find_undeclared_variables(tree) - _GLOBALS)
        head = [f"{each} = see[{each!r}]" for each in free]
        functions.append(_function(f"_{number}(see)", head, _Writer(name, frozenset(free)), tree.body))
        returned.append(f"{name!r}: _{number},\n")
    # Macros first: the others call them.
    body = [*functions, "return {\n" + indent("".join(returned), "    ") + "}\n"]
    return _HEAD + indent("\n".join(body), "    ")


def _macro(macro: nodes.Macro, template: str) -> str:
    arguments = [each.name for each in macro.args]
    return _function(f"object_{macro.name}({', '.join(arguments)})", [], _Writer(template, frozenset()), macro.body)


def _function(signature: str, head: Sequence[str], writer: "_Writer", body: Sequence[nodes.Node]) -> str:
    lines = [*head, "out = []", *writer.statements(body), 'return "".join(out)']
    return f"def {signature}:\n" + indent("\n".join(lines) + "\n", "    ")


class _Writer:
    """Writes the body of one *template*, which finds the names *free* in its context."""

    def __init__(self, template: str, free: frozenset[str]) -> None:
        self._template = template
        self._used = free | _TAKEN

    def statements(self, body: Sequence[nodes.Node]) -> Iterator[str]:
        """Yield the statements that add to `out` what *body* prints."""
        texts: list[str] = []
        for node in body:
            if isinstance(node, nodes.Output):
                texts += map(self._printed, node.nodes)
                continue
            yield from _added(texts)
            texts = []
            if isinstance(node, nodes.If):
                yield from self._choice(node)
            elif isinstance(node, nodes.For):
                yield from self._loop(node)
            else:
                raise self._unwritable(node)
        yield from _added(texts)

    def _choice(self, node: nodes.If) -> Iterator[str]:
        keyword = "if"
        for each in (node, *node.elif_):
            yield f"{keyword} {self._value(each.test)}:"
            yield indent("\n".join(self.statements(each.body)) or "pass", "    ")
            keyword = "elif"
        if node.else_:
            yield "else:"
            yield indent("\n".join(self.statements(node.else_)), "    ")

    def _loop(self, node: nodes.For) -> Iterator[str]:
        target = node.target
        names = [each.name for each in ([target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name))]
        if node.else_ or node.recursive or self._used.intersection(names):  # in Jinja a name may mean two things
            raise self._unwritable(node)
        yield f"for {', '.join(names)} in {self._value(node.iter)}:"
        inside = _Writer(self._template, self._used.union(names))
        lines = list(inside.statements(node.body))
        if node.test is not None:
            lines = [f"if {self._value(node.test)}:", indent("\n".join(lines), "    ")]
        yield indent("\n".join(lines) or "pass", "    ")

    def _printed(self, node: nodes.Expr) -> str:
        """Return the Python of the text that *node* prints: a value prints as a literal."""
        if isinstance(node, nodes.TemplateData):
            return repr(node.data)
        is_text = isinstance(node, nodes.Filter) and node.name in _PRINTING
        return self._value(node) if is_text or _macro_of(node) else f"literal({self._value(node)})"

    def _value(self, node: nodes.Node) -> str:
        """Return the Python of the value of *node*."""
        match node:
            case nodes.Name() | nodes.Const() | nodes.Getattr() | nodes.Getitem():
                return self._reference(node)
            case nodes.And() | nodes.Or() | nodes.Not() | nodes.Compare() | nodes.Test() | nodes.CondExpr():
                return f"({self._logic(node)})"
            case nodes.Concat():
                return f"({'%s' * len(node.nodes)!r} % ({', '.join(map(self._value, node.nodes))},))"
            case nodes.Filter():
                return self._filtered(node)
            case nodes.Call():
                return self._called(node)
            case _:
                raise self._unwritable(node)

    def _reference(self, node: nodes.Name | nodes.Const | nodes.Getattr | nodes.Getitem) -> str:
        match node:
            case nodes.Name():
                return node.name
            case nodes.Const():
                return repr(node.value)
            case nodes.Getattr():
                return f"{self._value(node.node)}.{node.attr}"
            case nodes.Getitem():
                return f"{self._value(node.node)}[{self._value(node.arg)}]"

    def _logic(self, node: nodes.Expr) -> str:
        match node:
            case nodes.Not():
                return f"not {self._value(node.node)}"
            case nodes.And() | nodes.Or():
                return f"{self._value(node.left)} {node.operator} {self._value(node.right)}"
            case nodes.Compare(ops=[operand]):
                return f"{self._value(node.expr)} {_OPERATORS[operand.op]} {self._value(operand.expr)}"
            case nodes.Test(name="none"):
                return f"{self._value(node.node)} is None"
            case nodes.CondExpr() if node.expr2 is not None:
                return f"{self._value(node.expr1)} if {self._value(node.test)} else {self._value(node.expr2)}"
            case _:
                raise self._unwritable(node)

    def _filtered(self, node: nodes.Filter) -> str:
        arguments = [self._value(each) for each in node.args]
        subject = self._value(node.node) if node.node is not None else ""
        if node.name in _PRINTING and subject and not node.kwargs:
            return f"{node.name}({', '.join((subject, *arguments))})"
        if node.name == "list" and not arguments:
            return f"list({subject})"
        if node.name == "selectattr" and len(node.args) == 1 and isinstance(node.args[0], nodes.Const):
            return f"[each for each in {subject} if each.{node.args[0].value}]"
        raise self._unwritable(node)

    def _called(self, node: nodes.Call) -> str:
        arguments = [self._value(each) for each in node.args]
        if macro := _macro_of(node):
            return f"object_{macro}({', '.join(arguments)})"
        if isinstance(node.node, nodes.Name) and node.node.name == "dict":
            more = [f"**{self._value(node.dyn_kwargs)}"] if node.dyn_kwargs is not None else []
            return f"dict({', '.join((*arguments, *more))})"
        raise self._unwritable(node)

    def _unwritable(self, node: nodes.Node) -> Unwritable:
        what = f"{type(node).__name__} {getattr(node, 'name', '')}".rstrip()
        return Unwritable(f"{self._template}:{node.lineno}: built-in templates do without Jinja's {what}")


def _macro_of(node: nodes.Node) -> str:
    """Return the macro that *node* calls, empty where it calls none."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Getattr) or node.kwargs:
        return ""
    owner = node.node.node
    return node.node.attr if isinstance(owner, nodes.Name) and owner.name == "object" else ""


def _added(texts: Sequence[str]) -> Iterator[str]:
    if len(texts) == 1:
        yield f"out.append({texts[0]})"
    elif texts:
        yield f"out += ({', '.join(texts)})"
