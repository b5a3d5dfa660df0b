from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.stages.verify.quantities import complaint, parsed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100m", Fraction(1, 10)),
        ("1.5Gi", 1.5 * 2**30),
        ("1e3", 1000),
        ("1E3", 1000),
        ("12E+3", 12000),
        ("1e-3", Fraction(1, 1000)),
        ("1E", 10**18),
        ("1Ei", 2**60),
        ("1k", 1000),
        ("1Ki", 1024),
        ("+1", 1),
        ("-1", -1),
        ("1.", 1),
        (".5", 0.5),
        ("128974848", 128974848),
        (2, 2),
        (2.5, 2.5),
    ],
)
def test_a_quantity_is_read_as_kubernetes_reads_it(text: str | float, value: float | Fraction) -> None:
    amount = parsed(text)

    assert amount is not None
    assert amount.value == value


@pytest.mark.parametrize("text", ["", "abc", "1K", "1ki", "1mi", "1Mib", "1 Gi", "1_000", "1e", "1.5.5", "0x10", "１"])  # noqa: RUF001
def test_what_is_no_quantity_is_refused(text: str) -> None:
    assert parsed(text) is None
    assert complaint("memory", text) is not None


@given(st.integers(0, 10**15), st.sampled_from(["", "m", "k", "Ki", "M", "Mi", "G", "Gi", "T", "Ti"]))
def test_every_number_with_a_suffix_is_a_quantity_and_larger_with_a_larger_number(number: int, suffix: str) -> None:
    amount, more = parsed(f"{number}{suffix}"), parsed(f"{number + 1}{suffix}")

    assert amount is not None
    assert more is not None
    assert amount.value < more.value


@pytest.mark.parametrize(
    ("resource", "quantity"),
    [
        ("cpu", "1m"),
        ("cpu", "0.001"),
        ("memory", "0.1Gi"),
        ("memory", "2000m"),
        ("example.com/gpu", "2"),
    ],
)
def test_a_resource_can_be_had_in_its_smallest_amount(resource: str, quantity: str) -> None:
    assert complaint(resource, quantity) is None


@pytest.mark.parametrize(
    ("resource", "quantity", "what"),
    [
        ("cpu", "0.5m", "'0.5m' processors"),
        ("cpu", "-1", "negative quantity '-1'"),
        ("memory", "512m", "'512m', a fraction of a byte"),
        ("ephemeral-storage", "1u", "'1u', a fraction of a byte"),
        ("example.com/gpu", "1.5", "'1.5'"),
    ],
)
def test_less_than_the_smallest_amount_of_a_resource_is_refused(resource: str, quantity: str, what: str) -> None:
    wrong = complaint(resource, quantity)

    assert wrong is not None
    assert wrong[0] == what


@pytest.mark.parametrize(
    ("resources", "refused"),
    [
        ({"requests": {"cpu": "1000m"}, "limits": {"cpu": "1"}}, []),
        ({"requests": {"cpu": "1001m"}, "limits": {"cpu": 1}}, ["request-over-limit"]),
        ({"requests": {"memory": "1025Mi"}, "limits": {"memory": "1Gi"}}, ["request-over-limit"]),
        ({"requests": {"ephemeral-storage": "1Gi"}, "limits": {"ephemeral-storage": "1G"}}, ["request-over-limit"]),
        ({"limits": {"cpu": "one"}}, ["bad-quantity"]),
        ({"limits": {"disk": "1"}}, ["bad-name"]),
        ({"limits": {"storage": "1Gi"}}, ["bad-name"]),
        ({"limits": {"example.com/gpu": "1"}}, []),
        ({"requests": {"example.com/gpu": "1"}}, ["request-over-limit"]),
        ({"requests": {"example.com/gpu": "1"}, "limits": {"example.com/gpu": "2"}}, ["request-over-limit"]),
        ({"limits": {"hugepages-2Mi": "4Mi", "memory": "1Gi"}}, []),
        ({"limits": {"hugepages-2Mi": "4Mi"}}, ["missing-field"]),
        ({"limits": {"hugepages-x": "4Mi", "memory": "1Gi"}}, ["bad-name"]),
    ],
)
def test_the_resources_of_a_container(
    codes: Callable[..., list[str]], resources: dict[str, Any], refused: list[str]
) -> None:
    assert codes("Deployment", "spec.template.spec.containers.0.resources", resources) == refused
