"""What stands in a file of its own means the same as if it stood in the document, and is found in its own lines."""

from tests.compiled import compile_text, errors_of, findings_of, shop

INCLUDING = shop("- include: parts/*.yaml", "- { name: Dev }\n- { name: Prod }")
CATALOG = b"""\
name: Catalog
head: { image: "acme.io/catalog:1.0.0" }
files: [config/app.json]
environments:
  Prod: { env: { A: b } }
"""
BESIDE = {"parts/config/app.json": b"{}\n", "config/app.json": b"wrong\n"}


def test_paths_are_those_of_the_file_that_names_them() -> None:
    compiled = compile_text(INCLUDING, {"parts/catalog.yaml": CATALOG, **BESIDE})

    assert compiled.one("ConfigMap", "dev-catalog-config-files")["data"] == {"app.json": "{}\n"}
    assert compiled.one("ConfigMap", "prod-catalog-env-variables")["data"] == {"A": "b"}


def test_including_changes_nothing_of_what_comes_out() -> None:
    inline = CATALOG.decode().replace("config/app.json", "parts/config/app.json")
    whole = shop("- " + inline.replace("\n", "\n  "), "- { name: Dev }\n- { name: Prod }")

    included = compile_text(INCLUDING, {"parts/catalog.yaml": CATALOG, **BESIDE})

    assert dict(included.compilation.tree) == dict(compile_text(whole, BESIDE).compilation.tree)


def test_an_override_without_effect_is_found_in_the_included_file() -> None:
    wrong = CATALOG.replace(b"A: b", b"A: null")
    (finding,) = findings_of(INCLUDING, {"parts/catalog.yaml": wrong, **BESIDE})

    assert (str(finding.at), finding.code) == ("parts/catalog.yaml:5:18", "override-without-effect")


def test_one_microservice_may_stand_in_the_document_and_the_next_in_a_file() -> None:
    both = INCLUDING.replace("- include:", '- { name: Catalog, head: { image: "nginx:1.27.3" } }\n      - include:')

    assert [each.partition(" ")[2] for each in errors_of(both, {"parts/catalog.yaml": CATALOG, **BESIDE})] == [
        "name-taken"
    ]
