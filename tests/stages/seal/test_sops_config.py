"""Plain sops obeys the compiled `.sops.yaml`."""

from typing import Any

import pytest

from generator.model.recipients import Recipients
from generator.stages.seal.sops_config import application_rules, sops_config

Project = Any  # the folder of conftest.py

DEV = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
PROD = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAm4dvHjFtEDI4nks8WDJPh0j9SjiItIP5lKvIRX7av9 throw-away@tests"


def test_configuration_is_one_rule_for_each_environment_and_one_for_the_application() -> None:
    dev = Recipients(age=(DEV, SSH), pgp=("A5090AA2BDAC2C80723ED98F483CAC90677FE61E",))
    prod = Recipients(
        age=(DEV,),
        kms=("arn:aws:kms:eu-west-1:123456789012:key/b+arn:aws:iam::123456789012:role/r",),
        gcp_kms=("projects/p/locations/l/keyRings/r/cryptoKeys/k",),
        azure_kv=("https://v.vault.azure.net/keys/n/1", "https://v.vault.azure.net/keys/n"),
        hc_vault=("https://vault:8200/v1/transit/keys/k",),
    )

    assert sops_config(application_rules("Shop", [("Dev", dev), ("Prod", prod)])[:2]).decode() == (
        "# Compiled by platformc from the recipients in the platform document: change them there, not here.\n"
        "creation_rules:\n"
        "  - path_regex: '^secrets[/\\\\]shop[/\\\\]dev[/\\\\][^/\\\\]+\\.yaml$'\n"
        "    encrypted_regex: '^(data|stringData)$'\n"
        "    mac_only_encrypted: true\n"
        "    key_groups:\n"
        "      - age:\n"
        f"          - '{DEV}'\n"
        f"          - '{SSH}'\n"
        "        pgp:\n"
        "          - 'A5090AA2BDAC2C80723ED98F483CAC90677FE61E'\n"
        "  - path_regex: '^secrets[/\\\\]shop[/\\\\]prod[/\\\\][^/\\\\]+\\.yaml$'\n"
        "    encrypted_regex: '^(data|stringData)$'\n"
        "    mac_only_encrypted: true\n"
        "    key_groups:\n"
        "      - age:\n"
        f"          - '{DEV}'\n"
        "        kms:\n"
        "          - arn: 'arn:aws:kms:eu-west-1:123456789012:key/b'\n"
        "            role: 'arn:aws:iam::123456789012:role/r'\n"
        "        gcp_kms:\n"
        "          - resource_id: 'projects/p/locations/l/keyRings/r/cryptoKeys/k'\n"
        "        azure_keyvault:\n"
        "          - vaultUrl: 'https://v.vault.azure.net'\n"
        "            key: 'n'\n"
        "            version: '1'\n"
        "          - vaultUrl: 'https://v.vault.azure.net'\n"
        "            key: 'n'\n"
        "        hc_vault:\n"
        "          - 'https://vault:8200/v1/transit/keys/k'\n"
    )


def test_files_of_the_application_are_sealed_to_everyone_once() -> None:
    rules = application_rules("shop", [("dev", Recipients(age=(DEV,))), ("prod", Recipients(age=(PROD, DEV)))])

    assert rules[-1] == (r"^secrets[/\\]shop[/\\](registry|storage)\.yaml$", Recipients(age=(DEV, PROD)))


@pytest.mark.parametrize(
    ("path", "recipients"),
    [
        ("secrets/shop/dev/catalog.yaml", (DEV,)),
        ("secrets/shop/dev/catalog.files.yaml", (DEV,)),
        ("secrets/shop/prod/catalog.yaml", (PROD,)),
        ("secrets/shop/registry.yaml", (DEV, PROD)),
        ("secrets/shop/storage.yaml", (DEV, PROD)),
        (r"secrets\shop\prod\catalog.yaml", (PROD,)),  # what sops sees on Windows
    ],
)
def test_sops_seals_a_file_to_the_recipients_of_its_place(
    project: Project, path: str, recipients: tuple[str, ...]
) -> None:
    assert project.seal(path, "  A: one\n").recipients == Recipients(age=recipients)


@pytest.mark.parametrize(
    "path",
    [
        "secrets/shop/dev-2/catalog.yaml",
        "secrets/shop/dev/deeper/catalog.yaml",
        "other/secrets/shop/dev/catalog.yaml",
        "secrets/shop/dev/catalog.json",
        "secrets/shop/registry-yaml",
        "secrets/shop2/registry.yaml",
    ],
)
def test_sops_refuses_to_seal_what_has_no_rule(project: Project, path: str) -> None:
    made = project.run(
        *("sops", "encrypt", "--filename-override", path, "--input-type", "yaml", "--output-type", "yaml"),
        given="stringData:\n  A: canary\n",
    )

    assert made.returncode != 0
    assert "no matching creation rules found" in made.stderr


def test_sops_edit_and_set_work_on_a_sealed_file(project: Project) -> None:
    project.seal("secrets/shop/dev/catalog.yaml", "  A: one\n")
    (project.root / "edited.yaml").write_text("stringData:\n  A: one\n  B: two\n")

    edited = project.run("sh", "-c", "EDITOR='cp edited.yaml' sops edit secrets/shop/dev/catalog.yaml")
    changed = project.run(
        *("sops", "set", "--value-stdin", "secrets/shop/dev/catalog.yaml", '["stringData"]["A"]'),
        given='"new"',
    )

    assert (edited.returncode, changed.returncode) == (0, 0), edited.stderr + changed.stderr
    assert project.read("secrets/shop/dev/catalog.yaml").keys == ("A", "B")


def test_names_mean_themselves_in_a_pattern(project: Project) -> None:
    rules = application_rules("Shop (v1.0)", [("It's", Recipients(age=(DEV,)))])
    (project.root / ".sops.yaml").write_bytes(sops_config(rules))

    assert project.seal("secrets/shop (v1.0)/it's/a.yaml", "  A: one\n").keys == ("A",)


def test_ssh_keys_are_recipients(project: Project) -> None:
    rules = application_rules("shop", [("dev", Recipients(age=(DEV, SSH)))])
    (project.root / ".sops.yaml").write_bytes(sops_config(rules))

    assert project.seal("secrets/shop/dev/a.yaml", "  A: one\n").recipients == Recipients(age=(DEV, SSH))


def test_sops_seals_nothing_for_an_environment_without_recipients(project: Project) -> None:
    (project.root / ".sops.yaml").write_bytes(sops_config(application_rules("shop", [("dev", Recipients())])))

    made = project.run("sops", "encrypt", "--filename-override", "secrets/shop/dev/a.yaml", given="stringData: {A: b}")

    assert made.returncode != 0
    assert "no matching creation rules found" in made.stderr
