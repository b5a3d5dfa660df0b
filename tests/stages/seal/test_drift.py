"""Who can unseal a file, held against whom the document names."""

from typing import Any

import pytest

from generator.model.drift import Drift, drift_of, recipient_names
from generator.model.recipients import Recipients
from generator.model.sealed import SealedSource
from generator.stages.seal.drift import drift_findings

ANN = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
BEN = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN"
KEY = "arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/sops"
FINGERPRINT = "FBC7 B9E2 A4F9 289A C0C1  D484 3D16 CEE4 A273 81B4"
RING = "projects/a/locations/b/keyRings/c/cryptoKeys/d"
VAULT = "https://acme.vault.azure.net"
VERSION = "1234abcd12ab34cd56ef1234567890ab"


def sealed(**sops: Any) -> SealedSource:
    """A sealed file with a `sops` block."""
    return SealedSource("secrets/x.yaml", "stringData:\n  A: …\nsops:\n", {"stringData": {}, "sops": sops})


def age(*names: str) -> list[dict[str, str]]:
    return [{"recipient": each, "enc": "…"} for each in names]


def test_a_file_for_exactly_those_that_are_named_has_not_drifted() -> None:
    assert not drift_of(sealed(age=age(ANN, BEN)), Recipients(age=(ANN, BEN)))


def test_order_and_repetitions_say_nothing() -> None:
    assert not drift_of(sealed(age=age(BEN, ANN)), Recipients(age=(ANN, BEN, ANN)))


def test_who_is_missing_and_who_is_too_many_is_named_by_the_ends_of_the_key() -> None:
    drift = drift_of(sealed(age=age(ANN)), Recipients(age=(BEN,)))

    assert drift == Drift(missing=("age160x5…n8un60",), surplus=("age1yfl4…q5nmy3",))
    assert str(drift) == "without age160x5…n8un60, with age1yfl4…q5nmy3"


@pytest.mark.parametrize(
    ("sops", "wanted"),
    [
        ({"pgp": [{"fp": FINGERPRINT.replace(" ", "")}]}, {"pgp": FINGERPRINT.lower()}),
        ({"age": age(SSH)}, {"age": f"{SSH} ann@example.com"}),
        ({"kms": [{"arn": KEY, "role": ROLE, "created_at": "…"}]}, {"kms": f"{KEY}+{ROLE}"}),
        ({"kms": [{"arn": KEY, "aws_profile": ""}]}, {"kms": KEY}),
        ({"gcp_kms": [{"resource_id": RING}]}, {"gcp_kms": RING}),
        (
            {"azure_kv": [{"vault_url": VAULT, "name": "k", "version": VERSION}]},
            {"azure_kv": f"{VAULT}/keys/k/{VERSION}"},
        ),
        ({"azure_kv": [{"vault_url": f"{VAULT}/", "name": "k", "version": VERSION}]}, {"azure_kv": f"{VAULT}/keys/k"}),
        ({"azure_kv": [{"vault_url": VAULT, "name": "k", "version": ""}]}, {"azure_kv": f"{VAULT}/keys/k"}),
        (
            {"hc_vault": [{"vault_address": "https://V.example.com:8200", "engine_path": "sops", "key_name": "acme"}]},
            {"hc_vault": "https://v.example.com:8200/v1/sops/keys/acme"},
        ),
    ],
    ids=["pgp", "ssh", "kms role", "kms", "gcp", "azure version", "azure any version", "azure none", "vault"],
)
def test_spellings_of_one_key_are_the_same(sops: dict[str, Any], wanted: dict[str, str]) -> None:
    recipients = Recipients(**{kind: (name,) for kind, name in wanted.items()})

    assert not drift_of(sealed(**sops), recipients)


@pytest.mark.parametrize(
    ("sops", "wanted"),
    [
        ({"kms": [{"arn": KEY}]}, Recipients(kms=(f"{KEY}+{ROLE}",))),
        (
            {"azure_kv": [{"vault_url": VAULT, "name": "k", "version": VERSION}]},
            Recipients(azure_kv=(f"{VAULT}/keys/k/{VERSION[::-1]}",)),
        ),
        (
            {"azure_kv": [{"vault_url": VAULT, "name": "k", "version": VERSION}]},
            Recipients(azure_kv=(f"{VAULT}/keys/j",)),
        ),
    ],
    ids=["another role", "another version", "another name"],
)
def test_another_role_version_or_name_is_another_key(sops: dict[str, Any], wanted: Recipients) -> None:
    drift = drift_of(sealed(**sops), wanted)

    assert (len(drift.missing), len(drift.surplus)) == (1, 1)


def test_a_key_of_a_vault_never_stands_for_one_of_another_kind() -> None:
    source = sealed(hc_vault=[{"vault_address": VAULT, "engine_path": "e", "key_name": "k"}])

    assert drift_of(source, Recipients(azure_kv=(f"{VAULT}/v1/e/keys/k",)))


def test_a_kind_that_no_document_can_name_is_too_many() -> None:
    drift = drift_of(sealed(age=age(ANN), hckms=[{"key_id": "x"}]), Recipients(age=(ANN,)))

    assert drift.surplus == ("'hckms'",)


def test_a_key_that_is_split_between_groups_is_not_what_the_document_says() -> None:
    source = sealed(key_groups=[{"age": age(ANN)}, {"age": age(BEN), "hc_vault": []}], shamir_threshold=2)

    drift = drift_of(source, Recipients(age=(ANN, BEN)))

    assert str(drift) == "with its key split between groups"


def test_the_finding_points_at_the_block_and_names_the_command() -> None:
    (found,) = drift_findings(sealed(age=age(ANN, BEN)), Recipients(age=(ANN,)))

    assert str(found) == (
        "secrets/x.yaml:3:1: error: the file is not sealed to whom the document names: "
        "with age160x5…n8un60 [recipient-drift]"
    )
    assert found.hint == "run 'platformc secrets rekey' with a key that unseals it"


def test_an_ssh_key_is_shown_by_its_kind_and_its_end() -> None:
    assert recipient_names(Recipients(age=(SSH,))) == ("ssh-ed25519 …HtZ6isGN",)


@pytest.mark.parametrize(
    "sops",
    [
        {"age": 5},
        {"age": [5, None, {}]},
        {"age": [{"recipient": 5}]},
        {"pgp": [{"fp": None}], "key_groups": 5},
        {"key_groups": [5, {"age": 5}]},
        {"azure_kv": [{"vault_url": "", "name": None}]},
    ],
)
def test_what_no_sops_would_write_has_drifted_and_breaks_nothing(sops: dict[str, Any]) -> None:
    drift = drift_of(sealed(**sops), Recipients(age=(ANN,)))

    assert drift.missing == ("age1yfl4…q5nmy3",)
    assert str(drift)
