"""A sealed file that was changed by other means than sops is found, by `compile` already where no key is needed."""

import re
from collections.abc import Callable

import pytest

from tests.life.household import CATALOG_DEV, CATALOG_PROD, Household

KEYS = ("API_KEY", "DB_PASSWORD")
CANARY = "canary-in-the-clear"


def ciphertexts(text: str) -> dict[str, str]:
    """Return what stands behind each key."""
    return dict(re.findall(r"^    ([A-Z_]+): (ENC\[.*\])$", text, re.MULTILINE))


def swapped(dev: str, prod: str) -> str:  # noqa: ARG001  (all take both)
    one, other = (ciphertexts(dev)[key] for key in KEYS)
    return dev.replace(one, "").replace(other, one).replace("API_KEY: \n", f"API_KEY: {other}\n")


def taken_from_another_file(dev: str, prod: str) -> str:
    return dev.replace(ciphertexts(dev)["API_KEY"], ciphertexts(prod)["API_KEY"])


def damaged(dev: str, prod: str) -> str:  # noqa: ARG001
    return re.sub(r"(API_KEY: ENC\[AES256_GCM,data:)(.)", lambda it: it[1] + ("A" if it[2] != "A" else "B"), dev)


def pasted(dev: str, prod: str) -> str:  # noqa: ARG001
    return dev.replace(ciphertexts(dev)["API_KEY"], CANARY)


def dropped(dev: str, prod: str) -> str:  # noqa: ARG001
    return dev.replace(f"    API_KEY: {ciphertexts(dev)['API_KEY']}\n", "")


def doubled(dev: str, prod: str) -> str:  # noqa: ARG001
    line = f"    API_KEY: {ciphertexts(dev)['API_KEY']}\n"
    return dev.replace(line, line + line.replace("API_KEY", "API_KEY_2"))


def cut_off(dev: str, prod: str) -> str:  # noqa: ARG001
    return dev[: dev.index("sops:")]


Tampering = Callable[[str, str], str]


@pytest.mark.parametrize("tampering", [swapped, taken_from_another_file, damaged])
def test_what_shows_only_with_a_key_is_found_by_verify(household: Household, tampering: Tampering) -> None:
    tampered = tampering(household.text(CATALOG_DEV), household.text(CATALOG_PROD))
    (household.root / CATALOG_DEV).write_text(tampered)

    ended = household.platformc("secrets", "verify")

    assert ended.returncode == 1
    assert re.search(rf"^{CATALOG_DEV}:.*\[mac-mismatch\]$", ended.stderr, re.MULTILINE)
    assert ended.stderr.count("error: ") == 1
    assert household.without_anything("compile").returncode == 0


@pytest.mark.parametrize(
    ("tampering", "code"),
    [
        (pasted, "plaintext-value"),
        (dropped, "missing-sealed-value"),
        (doubled, "undeclared-sealed-value"),
        (cut_off, "sealed-shape"),
    ],
)
def test_what_shows_without_a_key_stops_compile_already(household: Household, tampering: Tampering, code: str) -> None:
    before = household.files()
    tampered = tampering(household.text(CATALOG_DEV), household.text(CATALOG_PROD))
    (household.root / CATALOG_DEV).write_text(tampered)

    compiled = household.without_anything("compile")
    verified = household.platformc("secrets", "verify")

    assert (compiled.returncode, verified.returncode) == (1, 1)
    assert f"[{code}]" in compiled.stderr
    assert re.search(rf"^{CATALOG_DEV}:.*error: ", verified.stderr, re.MULTILINE)
    assert CANARY not in compiled.stdout + compiled.stderr + verified.stdout + verified.stderr
    assert {name for name, content in household.files().items() if before[name] != content} == {CATALOG_DEV}


def test_what_was_tampered_with_is_not_sealed_over(household: Household) -> None:
    (household.root / CATALOG_DEV).write_text(swapped(household.text(CATALOG_DEV), ""))
    before = household.files()

    ended = [
        household.platformc("secrets", "set", "shop/Catalog", "API_KEY", "-e", "Dev", given="anything"),
        household.platformc("secrets", "unset", "shop/Catalog", "API_KEY", "-e", "Dev"),
        household.platformc("secrets", "rekey", "--all", "--rotate"),
        household.platformc("secrets", "download", "shop/Catalog", "-e", "Dev", "-o", "-"),
    ]

    assert [(each.returncode, "[mac-mismatch]" in each.stderr) for each in ended] == [(1, True)] * 4
    assert household.files() == before
