"""How secrets stand, told without a key."""

from datetime import date
from typing import Any

import pytest

from generator.adapters.package import read_schema
from generator.adapters.project import ProjectFiles
from generator.front import Inputs, front_to_seal
from generator.model.sealed_record import Change, vectors_of, with_record
from generator.model.selection import WHOLE, Selection, SelectionError
from generator.model.standing import Stock
from generator.model.unit import units
from generator.stages.seal.stock import take_stock
from tests.compiled import shop

Project = Any  # the folder of conftest.py

DEV = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
PROD = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"
STAGES = f"""
- {{ name: Dev, recipients: {{ age: [{DEV}] }} }}
- {{ name: Prod, recipients: {{ age: [{PROD}] }} }}
"""
CATALOG = """
- name: Catalog
  head: { image: "nginx:1.27.3" }
  env:
    API_KEY: { secret: true, rotateEvery: 90d, owner: team-payments }
"""


def stock(
    project: Project, microservices: str = CATALOG, selection: Selection = WHOLE, today: date = date(2026, 6, 30)
) -> Stock:
    text = shop(microservices, STAGES).encode()
    files = ProjectFiles(project.root)
    inputs = Inputs(name="platform.yaml", text=text, files=files, read_schema=read_schema, templates={})
    return take_stock(tuple(units(front_to_seal(inputs).platform)), files, today, selection)


def states(stock: Stock) -> dict[str, str]:
    """What is to be said of each key, by `ENVIRONMENT/SUBJECT/KEY`."""
    return {
        f"{each.place.environment}/{each.place.subject}/{each.key}": ",".join(each.states) for each in stock.standings
    }


def record(project: Project, path: str, day: date) -> None:
    """Let the record of a sealed file say that every value was changed on *day*."""
    source = project.read(path)
    changes = {key: Change(day, iv[:12]) for key, iv in vectors_of(source).items()}
    (project.root / path).write_text(with_record(source.text, changes))


def test_what_is_sealed_and_what_is_missing(project: Project) -> None:
    project.seal("secrets/shop/dev/catalog.yaml", "  API_KEY: one\n")

    assert states(stock(project)) == {"Dev/shop/Catalog/API_KEY": "sealed", "Prod/shop/Catalog/API_KEY": "missing"}


def test_a_key_is_missing_also_from_a_file_that_holds_others(project: Project) -> None:
    project.seal("secrets/shop/dev/catalog.yaml", "  OTHER: one\n")

    assert states(stock(project)) == {
        "Dev/shop/Catalog/API_KEY": "missing",
        "Dev/shop/Catalog/OTHER": "orphaned",
        "Prod/shop/Catalog/API_KEY": "missing",
    }


def test_a_value_is_overdue_from_the_day_after_its_term(project: Project) -> None:
    path = "secrets/shop/dev/catalog.yaml"
    project.seal(path, "  API_KEY: one\n")
    record(project, path, date(2026, 4, 1))
    dev = Selection(environments=("Dev",))

    (before,) = stock(project, selection=dev, today=date(2026, 6, 30)).standings
    (after,) = stock(project, selection=dev, today=date(2026, 7, 1)).standings

    assert (before.states, after.states) == (("sealed",), ("overdue",))
    assert (after.changed, after.due, after.owner) == (date(2026, 4, 1), date(2026, 6, 30), "team-payments")


def test_a_file_for_somebody_else_has_drifted_and_may_be_overdue_as_well(project: Project) -> None:
    path = "secrets/shop/prod/catalog.yaml"
    project.seal(path, "  API_KEY: one\n")
    record(project, path, date(2020, 1, 1))
    (project.root / "secrets/shop/dev").mkdir()
    (project.root / path).rename(project.root / "secrets/shop/dev/catalog.yaml")

    assert states(stock(project, selection=Selection(environments=("Dev",)))) == {
        "Dev/shop/Catalog/API_KEY": "drifted,overdue"
    }


def test_a_file_that_cannot_be_read_is_faulty_and_says_why(project: Project) -> None:
    path = project.root / "secrets/shop/dev/catalog.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("stringData:\n  API_KEY: hunter2\n")

    found = stock(project)

    assert states(found)["Dev/shop/Catalog/API_KEY"] == "faulty"
    assert [each.code for each in found.faults] == ["not-sealed"]
    assert "hunter2" not in repr(found)


def test_a_file_that_nothing_declares_is_orphaned_key_by_key(project: Project) -> None:
    project.seal("secrets/shop/dev/catalog.files.yaml", "  client.pfx: one\n")
    project.seal("secrets/shop/dev/gone.yaml", "  OLD: one\n")
    project.seal("secrets/shop/dev/main.store.yaml", "  token: one\n")

    found = stock(project, CATALOG.partition("  env:")[0])

    assert states(found) == {
        "Dev/shop/Catalog/client.pfx": "orphaned",
        "Dev/shop/gone/OLD": "orphaned",
        "Dev/shop/token": "orphaned",
    }
    assert [each.place.store for each in found.standings] == ["", "", "main"]


def test_a_file_of_no_environment_is_a_stray(project: Project) -> None:
    project.seal("secrets/shop/prod/catalog.yaml", "  API_KEY: one\n")
    (project.root / "secrets/shop/prod").rename(project.root / "secrets/shop/stage")
    (project.root / "secrets/notes.yaml").write_text("a: b\n")

    found = stock(project)

    assert [str(each) for each in found.strays] == ["secrets/notes.yaml", "secrets/shop/stage/catalog.yaml"]
    assert not found.is_good


def test_a_selection_leaves_out_other_environments_microservices_and_strays(project: Project) -> None:
    project.seal("secrets/shop/dev/gone.yaml", "  OLD: one\n")
    project.seal("secrets/shop/prod/gone.yaml", "  OLD: one\n")
    (project.root / "secrets/notes.yaml").write_text("a: b\n")

    by_environment = stock(project, selection=Selection(environments=("Prod",)))
    by_microservice = stock(project, selection=Selection(microservices=("shop/Catalog",)))

    assert set(states(by_environment)) == {"Prod/shop/Catalog/API_KEY", "Prod/shop/gone/OLD"}
    assert set(states(by_microservice)) == {"Dev/shop/Catalog/API_KEY", "Prod/shop/Catalog/API_KEY"}
    assert by_environment.strays == by_microservice.strays == ()


def test_a_selection_of_nothing_names_the_nearest(project: Project) -> None:
    with pytest.raises(SelectionError, match="did you mean 'Prod'"):
        stock(project, selection=Selection(environments=("Pord",)))


def test_a_secret_file_has_an_owner_and_a_term_as_well(project: Project) -> None:
    files = (
        "  files: [{ name: client.pfx, secret: true, rotateEvery: 1y, owner: ann }, { name: other, secret: true }]\n"
    )
    project.seal("secrets/shop/dev/catalog.files.yaml", "  client.pfx: one\n  other: two\n")
    record(project, "secrets/shop/dev/catalog.files.yaml", date(2025, 6, 29))

    found = stock(project, CATALOG.partition("  env:")[0] + files, Selection(environments=("Dev",))).standings

    assert [(each.key, each.states, each.owner) for each in found] == [
        ("client.pfx", ("overdue",), "ann"),
        ("other", ("sealed",), ""),
    ]


def test_the_term_may_differ_by_environment_as_the_rest_of_a_variable_does(project: Project) -> None:
    project.seal("secrets/shop/dev/catalog.yaml", "  API_KEY: one\n")
    project.seal("secrets/shop/prod/catalog.yaml", "  API_KEY: one\n")
    for path in ("secrets/shop/dev/catalog.yaml", "secrets/shop/prod/catalog.yaml"):
        record(project, path, date(2026, 6, 1))
    override = "  environments: { Prod: { env: { API_KEY: { secret: true, rotateEvery: 2w } } } }\n"

    found = {each.place.environment: each for each in stock(project, CATALOG + override).standings}

    assert found["Dev"].states == ("sealed",)
    assert found["Prod"].states == ("overdue",)
    assert (found["Dev"].owner, found["Prod"].owner) == ("team-payments", "")
