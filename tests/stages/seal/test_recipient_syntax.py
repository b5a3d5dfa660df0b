"""Recipients are held against the forms that SOPS reads, and never repeated."""

from typing import Any

import pytest

from generator.model.diagnostics import Diagnostic
from generator.model.recipients import Recipients
from generator.model.source import Position
from generator.stages.seal.recipient_syntax import recipient_findings

Project = Any  # the folder of conftest.py

AGE = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAm4dvHjFtEDI4nks8WDJPh0j9SjiItIP5lKvIRX7av9"
RSA = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDQkCmu5S6Lsl3Ky7FAwphqYy5Kxn4dcuPOJlmV5nXhGGdvqKpCre"
    "eScw+xeYfz4QlJueTCUoBwtLoN3QroxnabieT7rxrI34m+joaN96UbtkMa+qrLgniggpoHYhR9zvtUmRE+3UQkmjVn"
    "XheN0BJjmMtbiQ6KsyaSBV9mlXOEVo6c0uoUPjfQW9svwfVvysZU2Z10kY/YznMD6DJyNnSRXNefSm9hKh2N9/3OPJ"
    "6Xuq5eFJux51DVCgdAFW1usZKpS23tVKViusGZHKNJR/qddGY4DYQ5Gl4Zf/1US3y5JMVPUDYc5R7UjuZuomhenncA"
    "YJ6GrWuDcm2xuWCiuZ4p"
)


def findings(kind: str, name: str) -> tuple[Diagnostic, ...]:
    return recipient_findings(Recipients(**{kind: (name,)}), lambda _, index: Position("platform.yaml", 9 + index))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("age", AGE),
        ("age", ED25519),
        ("age", f"{ED25519} me@example.com"),
        ("age", RSA),
        ("pgp", "A5090AA2BDAC2C80723ED98F483CAC90677FE61E"),
        ("pgp", "A509 0AA2 BDAC 2C80 723E  D98F 483C AC90 677F E61E"),
        ("kms", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("kms", "arn:aws-cn:kms:cn-north-1:123456789012:alias/team/sops"),
        ("kms", "arn:aws:kms:eu-west-1:123456789012:key/mrk-1+arn:aws:iam::123456789012:role/sops"),
        ("gcp_kms", "projects/p-1/locations/europe-west1/keyRings/r/cryptoKeys/k"),
        ("azure_kv", "https://acme.vault.azure.net/keys/sops/0123456789abcdef0123456789abcdef"),
        ("azure_kv", "https://acme.vault.azure.net/keys/sops"),
        ("azure_kv", "https://acme.vault.azure.net/keys/sops/"),
        ("hc_vault", "https://vault.example.com:8200/v1/transit/keys/sops"),
        ("hc_vault", "http://127.0.0.1:8200/v1/team/transit/keys/sops"),
    ],
)
def test_good_recipient_is_no_finding(kind: str, name: str) -> None:
    assert findings(kind, name) == ()


@pytest.mark.parametrize(
    ("kind", "name", "word"),
    [
        ("age", AGE.replace("yfl4", "yf14"), "mistyped"),
        ("age", AGE.replace("yfl", "yfq"), "mistyped"),
        ("age", AGE[:-1], "mistyped"),
        ("age", "age1", "mistyped"),
        ("age", "age1qqqqqqqqqq4dz2r2", "mistyped"),
        ("age", AGE.upper(), "does not begin with"),
        ("age", "", "does not begin with"),
        ("age", f" {AGE}", "does not begin with"),
        ("age", ED25519[:-8], "SSH recipient"),
        ("age", f"{ED25519} me, myself", "SSH recipient"),
        ("age", ED25519.replace("ssh-ed25519 ", "ssh-rsa "), "SSH recipient"),
        ("age", "ssh-ecdsa AAAA", "SSH recipient"),
        ("age", "AGE-SECRET-KEY-1CANARY", "private key"),
        ("pgp", "-----BEGIN PGP PRIVATE KEY BLOCK-----", "private key"),
        ("pgp", "483CAC90677FE61E", "40 hexadecimal digits"),
        ("kms", "1234abcd-12ab-34cd-56ef-1234567890ab", "AWS KMS ARN"),
        ("kms", "arn:aws:s3:eu-west-1:123456789012:key/a", "AWS KMS ARN"),
        ("kms", "arn:aws:kms:eu-west-1:1234:key/a", "AWS KMS ARN"),
        ("gcp_kms", "projects/p/keyRings/r/cryptoKeys/k", "Google Cloud"),
        ("azure_kv", "http://acme.vault.azure.net/keys/sops", "Azure Key Vault"),
        ("azure_kv", "https://acme.vault.azure.net/secrets/sops", "Azure Key Vault"),
        ("hc_vault", "https://vault.example.com/transit/keys/sops", "Vault transit key"),
        ("hc_vault", "vault.example.com/v1/transit/keys/sops", "Vault transit key"),
    ],
)
def test_bad_recipient_is_refused_without_being_repeated(kind: str, name: str, word: str) -> None:
    (found,) = findings(kind, name)

    assert (found.code, str(found.at)) == ("bad-recipient", "platform.yaml:9:1")
    assert word in found.message
    assert found.hint
    assert not name.strip() or name not in found.message + found.hint or name == "age1"


def test_each_bad_recipient_has_its_own_place() -> None:
    recipients = Recipients(age=(AGE, "age1x"), pgp=("1",))

    found = recipient_findings(recipients, lambda kind, index: Position(kind, index + 1))

    assert [str(each.at) for each in found] == ["age:2:1", "pgp:1:1"]


@pytest.mark.parametrize("name", [AGE, AGE.replace("yfl", "yfq"), AGE[:-1], ED25519, ED25519[:-8], RSA])
def test_age_recipients_are_judged_as_sops_judges_them(project: Project, name: str) -> None:
    sealed = project.run(
        *("sops", "--config", "/dev/null", "encrypt", "--age", name, "--filename-override", "a.yaml"),
        given="a: b\n",
    )

    assert (sealed.returncode == 0) == (findings("age", name) == ()), sealed.stderr
