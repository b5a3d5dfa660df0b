"""Every code that platformc can say, read from its source: a new one is noticed before anybody meets it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "generator"

SAYING = frozenset({"Diagnostic", "error", "warn", "add", "found", "_find", "_say"})
"""The functions that take a code first, or as `code`."""

HANDING_ON = frozenset(
    {"error", "warn", "found", "_find", "_say", "_add", "_about_template", "_reported", "findings_of", "said_again"}
)
"""The functions that hand a code on to a `Diagnostic`, which their callers chose."""

CHOOSING = {
    "stages/validate/explain.py": {"bad-format", "out-of-range"},
    "stages/verify/schema.py": {"invalid-value", "unknown-value", "wrong-type"},
}
"""The modules that choose among codes in other ways, and those codes."""

_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")


@cache
def codes() -> frozenset[str]:
    """Return every code."""
    found = {code for codes in CHOOSING.values() for code in codes}
    for path in SOURCE.rglob("*.py"):
        module = str(path.relative_to(SOURCE))
        for function, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            chosen = _codes_of(call)
            found |= chosen
            if not chosen and _name(call) == "Diagnostic" and function not in HANDING_ON and module not in CHOOSING:
                raise AssertionError(f"{path}:{call.lineno}: which codes are these? see HANDING_ON and CHOOSING")
    return frozenset(found)


def _calls(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Yield every call in *tree*, with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield function, node
        yield from _calls(node, node.name if isinstance(node, ast.FunctionDef) else function)


def _codes_of(call: ast.Call) -> set[str]:
    given = [each.value for each in call.keywords if each.arg == "code"]
    if _name(call) in SAYING:
        given += call.args[:1]
    return {
        each.value
        for argument in given
        for each in ([argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument])
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and _CODE.fullmatch(each.value)
    }


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))
