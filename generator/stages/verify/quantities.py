"""Quantities (`100m`, `1.5Gi`, `1e3`), and what a container requests of them.

The syntax is that of k8s.io/apimachinery/pkg/api/resource:
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from generator.model.lazy_pattern import lazy_pattern
from generator.model.source import Json, Path
from generator.stages.verify.names import is_label_key
from generator.stages.verify.objections import Objections

_QUANTITY = lazy_pattern(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<power>[+-]?[0-9]{1,3}))?"
)
_BYTES = lazy_pattern(r"([0-9]+(?:\.[0-9]+)?) ?([kmgtp])i?b?", re.IGNORECASE)
_SCALES: Mapping[str, Fraction] = {
    **{suffix: Fraction(1000) ** power for power, suffix in enumerate(("n", "u", "m", "", "k", *"MGTPE"), start=-3)},
    **{f"{suffix}i": Fraction(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}
_EXPECTED = "expected a number, perhaps with one of the suffixes m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei"
_IN_BYTES = frozenset({"memory", "ephemeral-storage", "storage"})
_OF_CONTAINERS = frozenset({"cpu", "memory", "ephemeral-storage"})


class Amount(NamedTuple):
    """A quantity: its value, and the suffix that it was written with."""

    value: Fraction
    suffix: str


@lru_cache(1 << 14)
def parsed(quantity: str | float) -> Amount | None:
    """Return what *quantity* says, or None where it is not a quantity."""
    match = _QUANTITY.fullmatch(str(quantity))
    if match is None:
        return None
    suffix = match["suffix"] or ""
    scale = Fraction(10) ** int(match["power"]) if match["power"] else _SCALES[suffix]
    return Amount(Fraction(match["number"].rstrip(".")) * scale, suffix)


@lru_cache(1 << 14)
def complaint(resource: str, quantity: str | float) -> tuple[str, str] | None:
    """Return what is wrong with so much of *resource* and what was expected instead, or None."""
    amount = parsed(quantity)
    if amount is None:
        return f"bad quantity '{quantity}'", _EXPECTED
    if amount.value < 0:
        return f"negative quantity '{quantity}'", "expected zero or more"
    if resource == "cpu" and (amount.value * 1000).denominator != 1:
        return f"'{quantity}' processors", "expected a multiple of '1m'"
    # A fraction of a byte is rounded up; but whoever writes '512m' means megabytes.
    if resource in _IN_BYTES and amount.suffix in {"n", "u", "m"} and amount.value.denominator != 1:
        return f"'{quantity}', a fraction of a byte", "'m' is a thousandth; expected a suffix like Mi or M"
    if _is_whole(resource) and amount.value.denominator != 1:
        return f"'{quantity}'", f"expected a whole number of {resource}"
    return None


def check_quantity(resource: str, quantity: Json, path: Path, objections: Objections) -> bool:
    """Check one *quantity* of *resource*, which stands at *path*; return whether it is sound."""
    wrong = complaint(resource, quantity)
    if wrong is not None:
        objections.add("bad-quantity", path, *wrong, hint=_nearest(resource, f"{quantity}"))
    return wrong is None


def _nearest(resource: str, quantity: str) -> str:
    """Return a hint for what people write who count bytes: `1GB`, `512mb`, `1 Gi`."""
    match = _BYTES.fullmatch(quantity) if resource in _IN_BYTES else None
    return f"did you mean '{match[1]}{match[2].upper()}i'?" if match else ""


def check_resources(resources: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check the requests and limits of a container, which stand at *at*."""
    limits = resources.get("limits") or {}
    requests = resources.get("requests") or {}
    _check_amounts(limits, (*at, "limits"), objections)
    _check_amounts(requests, (*at, "requests"), objections)
    for name, quantity in requests.items():
        wrong = excess(name, quantity, limits.get(name))
        if wrong is not None:
            objections.add("request-over-limit", (*at, "requests", name), *wrong)
    if not (limits.keys() <= _OF_CONTAINERS and requests.keys() <= _OF_CONTAINERS):
        named = {*limits, *requests}
        if any(name.startswith("hugepages-") for name in named) and named.isdisjoint({"cpu", "memory"}):
            objections.add("missing-field", at, "huge pages alone", "they need 'cpu' or 'memory' beside them")


def _check_amounts(amounts: Mapping[str, Json], at: Path, objections: Objections) -> None:
    for name, quantity in amounts.items():
        if name not in _OF_CONTAINERS and not _is_resource(name):
            expected = "expected 'cpu', 'memory', 'ephemeral-storage', 'hugepages-…' or a resource with a domain"
            objections.add("bad-name", (*at, name), f"bad resource '{name}'", expected)
        wrong = complaint(name, quantity)
        if wrong is not None:
            objections.add("bad-quantity", (*at, name), *wrong, hint=_nearest(name, f"{quantity}"))


@lru_cache(1 << 14)
def excess(resource: str, request: str | float, limit: str | float | None) -> tuple[str, str] | None:
    """Return what is wrong with a *request* beside its *limit* and what was expected instead, or None."""
    if limit is None:
        return (f"a request of {resource} without a limit", "expected both, and equal") if _is_whole(resource) else None
    wanted, allowed = parsed(request), parsed(limit)
    if wanted is None or allowed is None:
        return None
    if wanted.value > allowed.value:
        return f"request of '{request}' {resource}", f"expected at most the limit '{limit}'"
    if _is_whole(resource) and wanted.value != allowed.value:
        return f"request of '{request}' {resource}", f"expected the limit, '{limit}'"
    return None


def _is_whole(resource: str) -> bool:
    """Say whether *resource* is counted in whole pieces, of which nobody gets more than was promised."""
    return "/" in resource or resource.startswith("hugepages-")


def _is_resource(name: str) -> bool:
    if "/" in name:
        return is_label_key(name) and not name.startswith("requests.")
    return name.startswith("hugepages-") and parsed(name.removeprefix("hugepages-")) is not None
