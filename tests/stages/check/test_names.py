"""Names and ids that meet."""

import pytest

from tests.compiled import errors_of, findings_of, shop

FIRST, SECOND = "11aa22bb-33cc-44dd-85ee-66ff77008811", "11aa22bc-33cc-44dd-85ee-66ff77008811"


def microservice(name: str, identifier: str = "") -> str:
    return f"- name: {name}\n  head: {{ image: nginx:1.27.3 }}" + (f"\n  id: {identifier}" if identifier else "")


@pytest.mark.parametrize("name", ["Mongo", "nats", "Stan", "welcome", "Environment"])
def test_the_platform_s_own_names_are_taken(name: str) -> None:
    assert [each.split()[1] for each in errors_of(shop(microservice(name)))] == ["reserved-name"]


def test_names_that_are_one_in_lower_case_meet() -> None:
    (found,) = findings_of(shop(f"{microservice('Catalog')}\n{microservice('cataLog')}"))

    assert (found.code, found.message) == (
        "name-taken",
        "'Dev/cataLog' and 'Dev/Catalog' would both be called 'dev-catalog'",
    )


def test_names_that_are_one_once_they_are_joined_meet() -> None:
    said = shop(
        f"{microservice('b-c')}\n  environments: {{ a-b: {{ deploy: false }} }}\n"
        f"{microservice('cc')}\n{microservice('b-cc')}",
        "- { name: a-b }\n- { name: a }",
    )

    assert [each.message for each in findings_of(said)] == ["'a/b-cc' and 'a-b/cc' would both be called 'a-b-cc'"]


def test_ids_may_not_be_the_same() -> None:
    (found,) = findings_of(shop(f"{microservice('Catalog', FIRST)}\n{microservice('Pricing', FIRST)}"))

    assert found.message == "'Pricing' and 'Catalog' have the same id in 'Dev'"


def test_ids_may_not_be_alike_in_what_names_of_databases_carry_of_them() -> None:
    (found,) = findings_of(shop(f"{microservice('Catalog', FIRST)}\n{microservice('Pricing', SECOND)}"))

    assert found.message == (
        "'Pricing' and 'Catalog' have ids that begin with '11aa22b', of which the names of databases carry no more,"
        " in 'Dev'"
    )


def test_a_name_of_63_characters_is_short_enough_and_one_of_64_is_not() -> None:
    longest = "C" + "a" * 58  # behind "dev-"

    assert errors_of(shop(microservice(longest + "a"))) == ["10 name-too-long"]
    with pytest.raises(AssertionError, match="it compiled"):
        findings_of(shop(microservice(longest)))
