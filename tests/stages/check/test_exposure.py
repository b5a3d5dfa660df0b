"""Hosts and paths."""

import pytest

from generator.stages.check.exposure import normalized
from tests.compiled import compile_text, errors_of, findings_of, shop

TENANT = "445f8ea8-1a6f-40d7-b2fc-796dba92dc44"
OTHER = "a1b2c3d4-1111-4aaa-8111-000000000001"


def exposed(path: str, name: str = "Catalog") -> str:
    return f"- name: {name}\n  head: {{ image: nginx:1.27.3 }}\n  expose: {{ path: {path} }}"


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known",
        "/.Well-Known/acme",
        "/robots.txt",
        "/sitemap",
        "/dolittle",
        "/DOLITTLE/a",
        "/api//dolittle/",
        "//dolittle",
    ],
)
def test_reserved_paths_are_reserved_however_they_are_spelled(path: str) -> None:
    assert [each.code for each in findings_of(shop(exposed(path)))][:1] == ["reserved-path"]


@pytest.mark.parametrize("path", ["/", "/dolittles", "/well-known", "/api", "/docs/dolittle"])
def test_other_paths_are_free(path: str) -> None:
    with pytest.raises(AssertionError, match="it compiled"):
        findings_of(shop(exposed(path)))


@pytest.mark.parametrize(("path", "plain"), [("/", "/"), ("/a/", "/a"), ("//a//b", "/a/b")])
def test_slashes_that_say_nothing_do_not_count(path: str, plain: str) -> None:
    assert normalized(path) == plain


def test_a_path_leads_to_one_microservice() -> None:
    said = shop(f"{exposed('/api/')}\n{exposed('/api', 'Pricing')}")

    assert [each.message for each in findings_of(said)] == ["path '/api' of 'Pricing' is that of 'Catalog' in 'Dev'"]


def test_environments_without_a_host_are_told_once_and_the_hint_leaves_one_of_them_out() -> None:
    reachable = f"tenants: [{{ id: {TENANT}, hosts: [a.example.com] }}]"
    stages = f"- name: Dev\n- name: Test\n- {{ name: Prod, {reachable} }}"
    (told,) = findings_of(shop(exposed("/"), stages))

    assert told.message == "'Catalog' is exposed, but no tenant of 'Dev' has a host (and 1 more like it)"
    override = told.hint.split("`")[3]
    assert override == "environments: { Dev: { expose: null } }"

    (left,) = findings_of(shop(f"{exposed('/')}\n  {override}", stages))

    assert left.message == "'Catalog' is exposed, but no tenant of 'Test' has a host"
    both = "environments: { Dev: { expose: null }, Test: { expose: null } }"
    compiled = compile_text(shop(f"{exposed('/')}\n  {both}", stages))
    assert "kind: Ingress" in compiled.file("shop/prod/catalog.yaml")
    assert "kind: Ingress" not in compiled.file("shop/dev/catalog.yaml")


@pytest.mark.parametrize(
    ("tenants", "message"),
    [
        (
            f"[{{ id: {TENANT}, hosts: [a.example.com] }}, {{ id: {OTHER}, hosts: [a.example.com] }}]",
            "host 'a.example.com' leads to two tenants of 'Dev'",
        ),
        (
            f"[{{ id: {TENANT}, hosts: [a.example.com, {{ host: a.example.com }}] }}]",
            "host 'a.example.com' stands twice in one tenant of 'Dev'",
        ),
    ],
)
def test_a_host_is_given_once(tenants: str, message: str) -> None:
    said = shop(exposed("/"), f"- {{ name: Dev, tenants: {tenants} }}")

    assert [(each.code, each.message) for each in findings_of(said)] == [("host-taken", message)]


@pytest.mark.parametrize(
    ("ingress", "wrong"),
    [
        ("{ tenantHeader: route }", True),
        ("{ tenantHeader: snippet, gateway: { name: public, namespace: gateways } }", True),
        ("{ tenantHeader: snippet }", False),
        ("{ tenantHeader: route, gateway: { name: public, namespace: gateways } }", False),
    ],
)
def test_the_tenant_s_header_goes_with_the_way_in(ingress: str, wrong: bool) -> None:  # noqa: FBT001  (a column)
    said = shop(
        exposed("/"), f"- {{ name: Dev, tenants: [{{ id: {TENANT}, hosts: [a.example.com] }}], ingress: {ingress} }}"
    )

    if wrong:
        assert [each.split()[1] for each in errors_of(said)] == ["tenant-header"]
    else:
        with pytest.raises(AssertionError, match="it compiled"):
            errors_of(said)
