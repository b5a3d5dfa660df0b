"""The real sops, through pipes."""

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path, PurePosixPath

import pytest

from generator.adapters.sops import Sops
from generator.adapters.tools import MissingTool, ToolError
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.recipients import Recipients
from generator.model.sealed import read_sealed
from generator.stages.seal.sops_config import application_rules, sops_config

KEYS = Path(__file__).parents[1] / "stages" / "seal"
DEV = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
PROD = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"
CATALOG = PurePosixPath("secrets/shop/dev/catalog.yaml")
VALUES = {"B": "two: 'x'\n", "A": "one 😀\u2028\x00"}


def config(*recipients: str) -> bytes:
    return sops_config(application_rules("shop", [("dev", Recipients(age=recipients))]))


@pytest.fixture
def sops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sops:
    """sops with the key of Dev at hand; temporary files go to a folder of the test's."""
    assert shutil.which("sops"), "'sops' is not on PATH; 'make tools' fetches it"
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("SOPS_AGE_KEY", (KEYS / "throwaway-dev.agekey").read_text())
    monkeypatch.setenv("HOME", str(tmp_path))
    return Sops.find()


def refusal(call: "object") -> Reason:
    with pytest.raises(Unsealable) as caught:
        call()  # type: ignore[operator]  # a lambda
    return caught.value.reason


def test_what_it_creates_can_be_carried_and_opened(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(DEV, PROD))

    source = read_sealed(str(CATALOG), sealed)
    assert source.findings == ()
    assert source.keys == ("A", "B")
    assert source.recipients.age == (DEV, PROD)
    assert sops.decrypt(CATALOG, sealed) == VALUES


def test_the_same_values_again_are_the_same_bytes(sops: Sops) -> None:
    sealed = b"# ours\n" + sops.create(CATALOG, VALUES, config(DEV))

    assert sops.replace(CATALOG, sealed, VALUES) == sealed


def test_an_untouched_value_keeps_its_ciphertext(sops: Sops) -> None:
    sealed = b"# ours\n" + sops.create(CATALOG, VALUES, config(DEV))

    changed = sops.replace(CATALOG, sealed, {**VALUES, "AB": "new", "A": "other"})

    assert sops.decrypt(CATALOG, changed) == {"A": "other", "AB": "new", "B": VALUES["B"]}
    assert re.findall(rb"^# ours$|^    B: .*$", changed, re.MULTILINE) == re.findall(
        rb"^# ours$|^    B: .*$", sealed, re.MULTILINE
    )
    assert read_sealed(str(CATALOG), changed).keys == ("A", "AB", "B")


def test_other_recipients_change_nothing_else(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(DEV))

    both = sops.update_keys(CATALOG, sealed, config(DEV, PROD))

    before, after = read_sealed(str(CATALOG), sealed), read_sealed(str(CATALOG), both)
    assert after.recipients.age == (DEV, PROD)
    assert (after.string_data_text, after.lastmodified) == (before.string_data_text, before.lastmodified)
    assert sops.update_keys(CATALOG, both, config(DEV, PROD)) == both


def test_a_new_data_key_keeps_values_and_vectors(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(DEV))

    rotated = sops.rotate(CATALOG, sealed)

    assert sops.decrypt(CATALOG, rotated) == VALUES
    vectors = re.compile(rb"type:str.*|data:[^,]*|tag:[^,]*")
    lines = [re.findall(rb"^    [AB]: .*$", each, re.MULTILINE) for each in (sealed, rotated)]
    assert lines[0] != lines[1]
    assert [vectors.sub(b"", each) for each in lines[0]] == [vectors.sub(b"", each) for each in lines[1]]


def test_a_key_that_is_not_at_hand(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(PROD))

    assert refusal(lambda: sops.decrypt(CATALOG, sealed)) is Reason.NO_KEY
    assert refusal(lambda: sops.replace(CATALOG, sealed, VALUES)) is Reason.NO_KEY
    assert refusal(lambda: sops.update_keys(CATALOG, sealed, config(DEV))) is Reason.NO_KEY
    assert refusal(lambda: sops.rotate(CATALOG, sealed)) is Reason.NO_KEY


def test_a_file_that_was_tampered_with(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(DEV))
    without = re.sub(rb"    A: .*\n", b"", sealed)
    plain = re.sub(rb"    A: .*\n", b"    A: canary\n", sealed)
    other_code = re.sub(rb"(mac: ENC.*data:)....", rb"\1AAAA", sealed)

    for each in (without, plain, other_code):
        assert refusal(lambda each=each: sops.decrypt(CATALOG, each)) is Reason.BAD_MAC


def test_a_file_that_is_none(sops: Sops) -> None:
    sealed = sops.create(CATALOG, VALUES, config(DEV))

    assert refusal(lambda: sops.decrypt(CATALOG, b"stringData: {A: canary}\n")) is Reason.NOT_SEALED
    assert refusal(lambda: sops.decrypt(CATALOG, sealed[: sealed.index(b"sops:")])) is Reason.DAMAGED
    assert refusal(lambda: sops.decrypt(CATALOG, sealed[:-100] + b"\n: [")) is Reason.DAMAGED


def test_nobody_and_somebody_who_cannot_be_reached(sops: Sops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    nobody = sops_config([])
    stranger = sops_config([("^secrets/", Recipients(pgp=("FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4",)))])

    assert refusal(lambda: sops.create(CATALOG, VALUES, nobody)) is Reason.NO_RECIPIENT
    assert refusal(lambda: sops.create(CATALOG, VALUES, stranger)) is Reason.UNREACHABLE


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_finding_about_the_file(reason: Reason) -> None:
    error = Unsealable(CATALOG, reason)

    codes = {
        Reason.NO_KEY: "no-key",
        Reason.BAD_MAC: "mac-mismatch",
        Reason.NOT_SEALED: "not-sealed",
        Reason.DAMAGED: "sealed-shape",
        Reason.COMMENTED: "sealed-comment",
        Reason.NO_RECIPIENT: "no-recipients",
        Reason.UNREACHABLE: "unreachable-recipient",
    }
    assert error.diagnostic.code == codes[reason]
    assert str(CATALOG) in str(error)
    assert error.diagnostic.hint


def test_nothing_is_left_behind_and_no_core_would_be(sops: Sops, tmp_path: Path) -> None:
    import resource

    sealed = sops.create(CATALOG, VALUES, config(DEV))
    sops.replace(CATALOG, sealed, {"A": "x"})
    refusal(lambda: sops.replace(CATALOG, b"A: b\n", {"A": "x"}))

    assert list((tmp_path / "temporary").iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def test_a_machine_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingTool, match="'sops' is not on PATH; install it: go install"):
        Sops.find()


def test_one_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "sops"
    old.write_text("#!/bin/sh\necho 'sops 3.10.2 (latest)'\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(
        ToolError, match=r"sops: version 3\.10 is too old, expected 3\.11 or newer; install it: go install"
    ):
        Sops.find()
