"""Sealed files are read without a key. The samples in `sealed/` were written by sops 3.13.2."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.model.recipients import Recipients
from generator.model.sealed import SealedSource, read_sealed, recipients_of

SAMPLES = Path(__file__).parent / "sealed"
CATALOG = (SAMPLES / "catalog.yaml").read_text()
GROUPS = (SAMPLES / "two-key-groups.yaml").read_text()
API_KEY = CATALOG.splitlines(keepends=True)[2]
FILE = "secrets/shop/dev/catalog.yaml"


def read(text: str) -> SealedSource:
    return read_sealed(FILE, text.encode())


def said_by(source: SealedSource) -> list[str]:
    return [str(each) for each in source.findings]


def test_sealed_file_is_read_as_keys_and_two_blocks_of_lines() -> None:
    source = read(CATALOG)

    assert source.findings == ()
    assert source.keys == ("API_KEY", "DB_PASSWORD", "SMTP_PASSWORD")
    assert f"# written by the team of Catalog\n{source.string_data_text}{source.sops_text}" == CATALOG
    assert source.sops_text.startswith("sops:\n    age:\n")
    assert source.lastmodified == "2026-11-23T05:30:32Z"


def test_every_key_has_a_position() -> None:
    at = read(CATALOG).locate("DB_PASSWORD")

    assert (str(at), at.length) == (f"{FILE}:5:5", 11)


def test_recipients_of_all_key_groups_are_read() -> None:
    ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAm4dvHjFtEDI4nks8WDJPh0j9SjiItIP5lKvIRX7av9 throw-away@tests"

    assert read(GROUPS).recipients == Recipients(
        age=(
            "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3",
            "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60",
            ssh,
        ),
        pgp=("A5090AA2BDAC2C80723ED98F483CAC90677FE61E",),
    )


def test_recipients_of_key_services_are_read_as_the_document_names_them() -> None:
    sops = {
        "kms": [
            {"arn": "arn:aws:kms:eu-west-1:123456789012:key/a", "aws_profile": ""},
            {"arn": "arn:aws:kms:eu-west-1:123456789012:key/b", "role": "arn:aws:iam::123456789012:role/r"},
        ],
        "gcp_kms": [{"resource_id": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}],
        "azure_kv": [{"vault_url": "https://v.vault.azure.net", "name": "n", "version": "1"}],
        "hc_vault": [{"vault_address": "https://vault:8200", "engine_path": "a/transit", "key_name": "k"}],
    }

    assert recipients_of(sops) == Recipients(
        kms=(
            "arn:aws:kms:eu-west-1:123456789012:key/a",
            "arn:aws:kms:eu-west-1:123456789012:key/b+arn:aws:iam::123456789012:role/r",
        ),
        gcp_kms=("projects/p/locations/l/keyRings/r/cryptoKeys/k",),
        azure_kv=("https://v.vault.azure.net/keys/n/1",),
        hc_vault=("https://vault:8200/v1/a/transit/keys/k",),
    )


@pytest.mark.parametrize(
    "text",
    [
        CATALOG.replace("\n", "\r\n"),
        f"\ufeff{CATALOG}",
        f"---\n{CATALOG}",
        CATALOG.replace("sops:", "\n# the block of SOPS\nsops:"),
        f"{CATALOG}\n\n# the end\n",
        CATALOG.removesuffix("\n"),
    ],
    ids=[
        "CR LF",
        "byte-order mark",
        "document marker",
        "comment between",
        "comment after",
        "no last newline",
    ],
)
def test_what_stands_around_the_blocks_does_not_change_them(text: str) -> None:
    source, plain = read(text), read(CATALOG)

    assert source.findings == ()
    assert (source.string_data_text, source.sops_text) == (plain.string_data_text, plain.sops_text)


def test_long_key_on_a_line_of_its_own_is_read_and_found() -> None:
    key = "z" * 200

    source = read(CATALOG.replace("sops:", f"    ? {key}\n    : {API_KEY.split(': ')[1]}sops:"))

    assert source.findings == ()
    assert source.keys[-1] == key
    assert str(source.locate(key)) == f"{FILE}:7:7"


def test_quoted_keys_are_read_as_what_they_say() -> None:
    source = read(CATALOG.replace("SMTP_PASSWORD", '"Y"'))

    assert source.findings == ()
    assert source.keys == ("API_KEY", "DB_PASSWORD", "Y")


def without_values(text: str) -> str:
    return text[text.index("sops:") :]


FAULTS = {
    "no sops block": ("stringData:\n  A: canary\n", "1:1 not-sealed"),
    "sealed, and no sops block": (CATALOG.partition("sops:")[0], "1:1 sealed-shape"),
    "a Secret in plaintext": ("kind: Secret\ndata: {A: Y2FuYXJ5}\n", "1:1 not-sealed"),
    "plaintext value": (CATALOG.replace(API_KEY, "    API_KEY: canary\n"), "3:5 plaintext-value"),
    "plaintext number": (CATALOG.replace(API_KEY, "    API_KEY: 5\n"), "3:5 plaintext-value"),
    "plaintext comment": (CATALOG.replace(API_KEY, f"    # canary\n{API_KEY}"), "3:5 plaintext-value"),
    "comment after a value": (
        CATALOG.replace(API_KEY, f"{API_KEY[:-1]} # canary\n"),
        "3:138 plaintext-value",
    ),
    "data": (CATALOG.replace("stringData:", "data:"), "2:1 sealed-shape"),
    "no values": (without_values(CATALOG), "1:1 sealed-shape"),
    "metadata of its own": (f"kind: Secret\n{CATALOG}", "1:1 sealed-shape"),
    "nested value": (CATALOG.replace("API_KEY: ", "API_KEY:\n        nested: "), "3:5 sealed-shape"),
    "sealed number": (CATALOG.replace("type:str]\n", "type:int]\n", 1), "3:5 sealed-shape"),
    "empty value": (CATALOG.replace(API_KEY, '    API_KEY: ""\n'), "3:5 sealed-shape"),
    "null": (CATALOG.replace(API_KEY, "    API_KEY: null\n"), "3:5 sealed-shape"),
    "damaged value": (CATALOG.replace("data:IRW5e457", "data:IRW5 e457"), "3:5 sealed-shape"),
    "value without data": (CATALOG.replace("data:IRW5e457aAfLp/F7", "data:"), "3:5 sealed-shape"),
    "several documents": (f"{CATALOG}---\na: canary\n", "23:1 sealed-shape"),
    "duplicate key": (CATALOG.replace(API_KEY, API_KEY * 2), "4:5 sealed-shape"),
    "empty map": (f"stringData: {{}}\n{without_values(CATALOG)}", "1:1 sealed-shape"),
    "list of values": (f"stringData: [canary]\n{without_values(CATALOG)}", "1:1 sealed-shape"),
    "empty file": ("", "1:1 sealed-shape"),
    "list": ("- canary\n", "1:1 sealed-shape"),
    "flow style": ('{"stringData": {}, "sops": {}}'.replace("{}", "{a: canary}", 1), "1:1 plaintext-value"),
    "unresolved merge": (f"<<<<<<< HEAD\n{CATALOG}", "1:1 sealed-shape"),
    "not YAML": (CATALOG.replace("    API_KEY: ENC", "    API_KEY: 'canary"), "4:5 sealed-shape"),
    "list for a key": (CATALOG.replace("API_KEY", "? [canary]\n    "), "1:1 bad-secret-key"),
    "map for a key": (CATALOG.replace("API_KEY", "? {canary: [1]}\n    "), "1:1 sealed-shape"),
    "lone carriage return": (CATALOG.replace(API_KEY, f"{API_KEY[:-1]}\r"), "3:137 sealed-shape"),
    "NUL": (CATALOG.replace("team", "\0"), "1:18 sealed-shape"),
    "space in a key": (CATALOG.replace("API_KEY", "API KEY"), "3:5 bad-secret-key"),
    "number for a key": (CATALOG.replace("API_KEY", "123"), "3:5 bad-secret-key"),
    "dots before a key": (CATALOG.replace("API_KEY", "..api"), "3:5 bad-secret-key"),
    "long key": (CATALOG.replace("API_KEY", f"? {'A' * 254}\n    "), "3:7 bad-secret-key"),
    "keys out of order": (CATALOG.replace("API_KEY", "XAPI_KEY"), "5:5 unsorted-keys"),
    "truncated": (CATALOG[: CATALOG.index("-----END")], "7:1 sealed-options"),
    "other values are sealed": (CATALOG.replace("(data|stringData)", "(data|string)"), "18:5 sealed-options"),
    "metadata is authenticated": (
        CATALOG.replace("only_encrypted: true", "only_encrypted: false"),
        "21:5 sealed-options",
    ),
    "old SOPS": (CATALOG.replace("3.13.2", "3.8.1"), "22:5 sealed-options"),
    "no version": (CATALOG.replace("    version: 3.13.2\n", ""), "7:1 sealed-options"),
    "damaged mac": (CATALOG.replace("    mac: ENC", "    mac: canary"), "20:5 sealed-options"),
    "nobody can unseal": (
        CATALOG.replace("    age:", "    age: []\n    nobody:").replace("- enc", "  enc"),
        "7:1 sealed-options",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_has_a_place_a_hint_and_no_value(text: str, expected: str) -> None:
    source = read(text)

    assert expected in {f"{each.at.line}:{each.at.column} {each.code}" for each in source.findings}
    assert all(each.hint and each.at.file == FILE for each in source.findings)
    assert "canary" not in repr(source.findings)
    assert (source.keys, source.string_data_text, source.sops_text) == ((), "", "")


@given(
    start=st.integers(0, len(CATALOG)),
    length=st.integers(0, 200),
    text=st.text() | st.sampled_from(["\n", "\n    A: ", "- ", "{}", "&a ", "*a", "!!int ", "\nsops:\n"]),
)
def test_any_damage_is_a_finding_or_leaves_the_blocks_whole(start: int, length: int, text: str) -> None:
    source = read_sealed(FILE, (CATALOG[:start] + text + CATALOG[start + length :]).encode("utf-8", "replace"))

    if not source.findings:
        again = yaml.safe_load(source.string_data_text + source.sops_text)
        assert list(again) == ["stringData", "sops"]
        assert tuple(again["stringData"]) == source.keys == tuple(sorted(source.keys))


def test_bytes_that_are_not_utf_8_are_refused_where_they_stand() -> None:
    source = read_sealed(FILE, CATALOG.encode().replace(b"DB_PASSWORD", "DB_LÖSEN".encode("latin-1")))

    assert said_by(source) == [f"{FILE}:5:9: error: the file is not UTF-8 [sealed-shape]"]


def test_more_than_a_secret_holds_is_refused() -> None:
    large = "A" * (1_048_580 // 3 * 4)

    found = read(CATALOG.replace("data:IRW5e457aAfLp/F7", f"data:{large}")).findings

    assert [each.code for each in found] == ["secret-too-large"]
    assert found[0].message == "the values have 1048617 bytes together, over the 1048576 of a Secret"


def test_all_faults_are_said_at_once() -> None:
    text = CATALOG.replace(API_KEY, "    API_KEY: canary\n").replace("DB_P", "db p").replace("3.13.2", "3.8.1")

    assert said_by(read(text)) == [
        f"{FILE}:22:5: error: the file was sealed by a SOPS older than 3.9 [sealed-options]",
        f"{FILE}:3:5: error: 'API_KEY' holds plaintext [plaintext-value]",
        f"{FILE}:5:5: error: 'db pASSWORD' is not a key that a Secret takes [bad-secret-key]",
        f"{FILE}:6:5: error: 'SMTP_PASSWORD' stands after 'db pASSWORD', out of order [unsorted-keys]",
    ]


def test_hint_is_a_command_that_a_shell_reads_right() -> None:
    found = read_sealed("secrets/my shop/dev/a.yaml", b"stringData:\n  A: canary\n").findings

    assert found[0].hint.startswith("run `sops encrypt --in-place 'secrets/my shop/dev/a.yaml'`")
