import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.stages.verify.schedules import is_schedule, is_time_zone


@pytest.mark.parametrize(
    "text",
    [
        "17 * * * *",
        "*/5 * * * *",
        "1/5 * * * *",
        "5-10/2 * * * *",
        "1,2,3 * * * *",
        "1, * * * *",
        "0 0 31 12 6",
        "0 0 1 jan mon",
        "0 0 1 JAN-MAR MON-SAT",
        "? ? ? ? ?",
        "*-5 * * * *",
        " 0  0 * * *",
        "@hourly",
        "@every 1h30m",
    ],
)
def test_what_an_api_server_takes_for_a_schedule(text: str) -> None:
    assert is_schedule(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32 1 0",
        "0 0 1 13 0",
        "0 0 * * 7",
        "5-1 * * * *",
        "*/0 * * * *",
        "1-2-3 * * * *",
        "1/2/3 * * * *",
        "*/ * * * *",
        "-1 * * * *",
        "a * * * *",
        ", * * * *",
        "@reboot",
        "@Hourly",
        "@every 5",
    ],
)
def test_what_an_api_server_refuses_as_a_schedule(text: str) -> None:
    assert not is_schedule(text)


@given(st.integers(-5, 70), st.integers(-5, 70))
def test_a_range_of_minutes_is_one_that_an_hour_has(first: int, last: int) -> None:
    assert is_schedule(f"{first}-{last} * * * *") == (0 <= first <= last <= 59)


def test_a_time_zone_is_a_name_of_the_iana_database() -> None:
    assert all(map(is_time_zone, ["Etc/UTC", "Europe/Oslo", "UTC", "Etc/GMT+5", "America/Argentina/Salta"]))
    assert not any(map(is_time_zone, ["", "Local", "local", "../etc", "A//B", "/UTC", "-a", "Europe/ Oslo"]))
