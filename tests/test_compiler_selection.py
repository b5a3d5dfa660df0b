"""Compiling a part of a platform."""

import pytest

from generator.adapters.package import read_schema, read_templates
from generator.compiler import Compilation, compile_platform
from generator.front import Inputs
from generator.model.inputs import FilesInMemory
from generator.model.selection import Selection, SelectionError
from tests.compiled import shop

ENVIRONMENTS = "- { name: Dev }\n- { name: Prod }"
MICROSERVICES = """
- { name: Website, head: { image: "acme/website:1.0.0" } }
- { name: Catalog, head: { image: "acme/catalog:1.0.0" } }
"""


def compiled(selection: Selection) -> Compilation:
    text = shop(MICROSERVICES, ENVIRONMENTS).encode()
    inputs = Inputs(
        name="platform.yaml", text=text, files=FilesInMemory(), read_schema=read_schema, templates=read_templates()
    )
    return compile_platform(inputs, selection)


def paths(compilation: Compilation) -> list[str]:
    return [str(path) for path in compilation.tree]


def test_an_environment_comes_with_its_application() -> None:
    assert paths(compiled(Selection(environments=("Prod",)))) == [
        "deploy/shop/application.yaml",
        "deploy/shop/prod/catalog.yaml",
        "deploy/shop/prod/environment.yaml",
        "deploy/shop/prod/website.yaml",
    ]


@pytest.mark.parametrize("name", ["Catalog", "shop/Catalog"])
def test_a_microservice_comes_alone(name: str) -> None:
    assert paths(compiled(Selection(microservices=(name,)))) == [
        "deploy/shop/dev/catalog.yaml",
        "deploy/shop/prod/catalog.yaml",
    ]


def test_both_together_narrow_each_other() -> None:
    chosen = Selection(environments=("Dev",), microservices=("Website",))

    assert paths(compiled(chosen)) == ["deploy/shop/dev/website.yaml"]


def test_a_part_is_what_the_whole_has_there() -> None:
    whole, part = compiled(Selection()), compiled(Selection(environments=("Dev",)))

    assert all(whole.tree[path] == content for path, content in part.tree.items())


def test_a_part_decides_about_nothing_else() -> None:
    scope = [str(path) for path in compiled(Selection(microservices=("Catalog",), environments=("Dev",))).scope]

    assert scope == [
        "deploy/shop/dev/catalog.yaml",
        "deploy/shop/dev/catalog.secret.yaml",
        "deploy/shop/dev/catalog.files.secret.yaml",
    ]


@pytest.mark.parametrize(
    ("selection", "message", "hint"),
    [
        (Selection(environments=("Pord",)), "there is no environment 'Pord'", "did you mean 'Prod'?"),
        (Selection(microservices=("Catalogue",)), "there is no microservice 'Catalogue'", "did you mean 'Catalog'?"),
    ],
)
def test_a_name_that_means_nothing_is_refused(selection: Selection, message: str, hint: str) -> None:
    with pytest.raises(SelectionError) as caught:
        compiled(selection)

    assert str(caught.value) == f"{message}; {hint}"
