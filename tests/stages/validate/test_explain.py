"""Why a document is refused: each mistake in one finding, at its place, without its value."""

import pytest

from generator.model.diagnostics import Diagnostic
from tests.compiled import findings_of, shop

CATALOG = "- name: Catalog\n  head: { image: nginx:1.27.3 }"


def only(text: str) -> Diagnostic:
    (found,) = findings_of(text)
    return found


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("replicas: 3", "unknown key 'replicas' in microservice 'Catalog'", "move it into 'head'"),
        ("image: nginx", "unknown key 'image' in microservice 'Catalog'", "move it into 'head' or 'runtime'"),
        ("hosts: [a.example.com]", "unknown key 'hosts' in microservice 'Catalog'", "it belongs in a tenant"),
        ("tenants: []", "unknown key 'tenants' in microservice 'Catalog'", "it belongs in an environment"),
        (
            "files: [{ path: a.txt }]",
            "unknown key 'path' in file 1 of 'Catalog'",
            "did you mean 'source'?",
        ),
        ("expos: { path: / }", "unknown key 'expos' in microservice 'Catalog'", "did you mean 'expose'?"),
    ],
)
def test_an_unknown_key_is_sent_to_where_it_belongs(line: str, message: str, hint: str) -> None:
    found = only(shop(f"{CATALOG}\n  {line}"))

    assert (found.code, found.message) == ("unknown-key", message)
    assert hint in found.hint


def test_a_misspelt_key_is_not_reported_as_missing_too() -> None:
    assert only(shop("- name: Catalog\n  haed: { image: nginx:1.27.3 }")).code == "unknown-key"


def test_of_several_complaints_about_one_value_the_type_is_said() -> None:
    assert only(shop(CATALOG, platform="kubernetes: 1.34")).code == "wrong-type"


def test_every_mistake_is_said_at_once() -> None:
    said = shop("- name: Catalog\n  head: { imag: nginx, port: 0 }\n  env: []", application="security: none")

    assert sorted(each.code for each in findings_of(said)) == [
        "out-of-range",
        "unknown-key",
        "unknown-value",
        "wrong-type",
    ]


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("{}", "env.A of 'Catalog' has none of 'secret', 'vault', 'plain', 'fieldRef', 'address' or 'url'"),
        ("{ secret: true, plain: x }", "env.A of 'Catalog' has 'secret' and 'plain', expected one of them"),
        ("{ plain: x, port: http }", "env.A of 'Catalog' has 'port' beside 'plain', which stands alone"),
    ],
)
def test_a_variable_has_exactly_one_form(variable: str, message: str) -> None:
    found = only(shop(f"{CATALOG}\n  env: {{ A: {variable} }}"))

    assert (found.code, found.message) == ("wrong-shape", message)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("{ name: a }", "file 1 of 'Catalog' has none of 'source', 'content', 'secret', 'vault' or '$patch'"),
        ("{ secret: true }", "file 1 of 'Catalog' has 'secret', but no 'name'"),
        (
            "{ name: a, secret: true, plain: true }",
            "file 1 of 'Catalog' has 'plain' beside 'secret', which stands alone",
        ),
        (
            "{ name: a, content: x, secret: true }",
            "file 1 of 'Catalog' has 'content' and 'secret', expected one of them",
        ),
    ],
)
def test_a_file_has_exactly_one_form(file: str, message: str) -> None:
    found = only(shop(f"{CATALOG}\n  files: [{file}]"))

    assert (found.code, found.message) == ("wrong-shape", message)


@pytest.mark.parametrize(
    "line",
    [
        "env: { A: { secret: canary } }",
        "env: { A: [canary] }",
        "env: { A: { secret: true, canary: canary-value } }",
        "files: [{ name: canary/value, content: canary-value }]",
        "head: canary-value",
        "expose: { path: canary-value }",
        "subscribes: [{ to: 3, stream: canary-value }]",
    ],
)
def test_no_finding_repeats_a_value(line: str) -> None:
    said = shop(f"- name: Catalog\n  {line}" if line.startswith("head") else f"{CATALOG}\n  {line}")

    assert not [each for each in findings_of(said) if "canary-value" in f"{each}{each.hint}"]


def test_a_document_of_another_kind_gets_one_finding() -> None:
    found = only("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: {}\n")

    assert found.message == "this is another kind of document than a platform's"


@pytest.mark.parametrize("port", ["http", "runtime-web", "a--b", "UPPER"])
def test_a_port_cannot_have_a_name_that_is_taken_or_no_name(port: str) -> None:
    said = shop(f"- name: Catalog\n  head: {{ image: nginx:1.27.3, ports: {{ {port}: 9090 }} }}")

    assert only(said).message == f"'{port}' cannot be a name in head.ports of 'Catalog'"
