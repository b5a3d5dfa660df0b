"""The table of secrets, on terminals of any width."""

import re
from datetime import date
from pathlib import PurePosixPath

from generator.model.sealed_place import Kind, application_place, microservice_place
from generator.model.standing import Standing, State, Stock
from generator.report.standings import stock_summary, stock_table

TODAY = date(2026, 6, 30)
STAGES = ("Dev", "Test", "Acceptance", "Staging", "Production-North", "Production-South")


def standing(stage: str, key: str = "DB_PASSWORD", *states: State, owner: str = "", days: int = 12) -> Standing:
    return Standing(
        place=microservice_place("shop", stage, "Catalog", Kind.VARIABLES),
        key=key,
        states=states or (State.SEALED,),
        owner=owner,
        changed=date.fromordinal(TODAY.toordinal() - days),
    )


def stock(*standings: Standing, strays: tuple[PurePosixPath, ...] = ()) -> Stock:
    return Stock(standings=standings, environments={"shop": STAGES}, strays=strays, faults=(), today=TODAY)


def test_columns_stand_in_the_order_of_the_document_and_only_those_that_are_met() -> None:
    table = stock_table(stock(standing("Test"), standing("Dev", owner="team-payments", days=0)), 80)

    assert table == (
        "shop                 Dev        Test\nCatalog DB_PASSWORD  sealed 0d  sealed 12d  team-payments\n"
    )


def test_what_all_environments_share_has_a_column_of_its_own() -> None:
    own = Standing(place=application_place("shop", Kind.REGISTRY), key=".dockerconfigjson", states=(State.MISSING,))

    table = stock_table(stock(standing("Dev"), own), 80)

    assert table == (
        "shop                        all      Dev\n"
        "Catalog DB_PASSWORD         -        sealed 12d\n"
        "registry .dockerconfigjson  missing  -\n"
    )


def test_a_table_that_is_too_wide_becomes_paragraphs_of_at_most_that_width() -> None:
    standings = [standing(stage, owner="team-payments") for stage in STAGES]
    standings[5] = standing("Production-South", "DB_PASSWORD", State.DRIFTED, State.OVERDUE)

    table = stock_table(stock(*standings), 80)

    assert table == (
        "shop\n"
        "  Catalog DB_PASSWORD (team-payments)\n"
        "    Dev sealed 12d, Test sealed 12d, Acceptance sealed 12d, Staging sealed 12d,\n"
        "    Production-North sealed 12d, Production-South drifted,overdue 12d\n"
    )


def test_colours_are_for_what_asks_for_something_and_change_no_width() -> None:
    standings = (standing("Dev", "DB_PASSWORD", State.OVERDUE), standing("Test"))

    plain, coloured = (stock_table(stock(*standings), 80, coloured=each) for each in (False, True))

    assert "\x1b[1;33moverdue 12d\x1b[0m" in coloured
    assert plain == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_orphaned_files_stand_below() -> None:
    table = stock_table(stock(standing("Dev"), strays=(PurePosixPath("secrets/a.yaml"),)), 80)

    assert table.endswith("\n\norphaned files\n  secrets/a.yaml\n")


def test_nothing_to_show_is_nothing() -> None:
    assert stock_table(stock(), 80) == ""
    assert stock_summary(stock()) == "0 secrets: none"


def test_a_key_with_two_states_is_counted_by_the_worse_and_both_are_explained() -> None:
    words = stock_summary(stock(standing("Dev", "DB_PASSWORD", State.DRIFTED, State.OVERDUE)))

    assert words.startswith("1 secret: 1 drifted\n")
    assert "drifted: " in words
    assert "overdue: " in words
