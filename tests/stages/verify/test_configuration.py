from base64 import b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.diagnostics import Diagnostic
from generator.stages.verify.configuration import decoded, sealed_size

_MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("data", {"a b": "c"}, ["bad-key"]),
        ("data", {"..": "c"}, ["bad-key"]),
        ("data", {"logo.png": "c"}, ["name-taken"]),
        ("data", {"k": "a" * (_MIB - 5)}, []),
        ("data", {"k": "a" * (_MIB - 4)}, ["too-large"]),
        ("data", {"k": "é" * (_MIB // 2)}, ["too-large"]),
        ("binaryData", {"k": "aGVsbG8="}, []),
        ("binaryData", {"k": "aGVs\nbG8=\n"}, []),
        ("binaryData", {"k": "aGVsbG8"}, ["bad-base64"]),
        ("binaryData", {"k": "aGVs bG8="}, ["bad-base64"]),
        ("binaryData", {"k": "aGVsbG-_"}, ["bad-base64"]),
        ("binaryData", {"k": "aGVsbG8=aGVs"}, ["bad-base64"]),
        ("binaryData", {"k": "é"}, ["bad-base64"]),
        ("immutable", True, []),
    ],
)
def test_a_config_map(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("ConfigMap", path, value) == refused


@pytest.mark.parametrize(
    ("path", "value", "refused"),
    [
        ("stringData", {"a/b": "c"}, ["bad-key"]),
        ("data", {"k": "plain"}, ["bad-base64"]),
        ("data", {"key": "aGVsbG8="}, []),
        ("data", {"k": b64encode(b"a" * (_MIB - 5)).decode()}, []),
        ("data", {"k": b64encode(b"a" * _MIB).decode()}, ["too-large"]),
        ("type", "kubernetes.io/dockerconfigjson", ["missing-field"]),
        ("type", "kubernetes.io/tls", ["missing-field"]),
        ("type", "kubernetes.io/basic-auth", ["missing-field"]),
        ("type", "kubernetes.io/service-account-token", ["missing-field"]),
        ("type", "example.com/own", []),
    ],
)
def test_a_secret(codes: Callable[..., list[str]], path: str, value: object, refused: list[str]) -> None:
    assert codes("Secret", path, value) == refused


@pytest.mark.parametrize(("value", "refused"), [("{}", []), ("[]", ["bad-choice"]), ("hunter2", ["bad-choice"])])
def test_a_pull_secret_is_a_json_object(
    findings: Callable[..., list[Diagnostic]], value: object, refused: list[str]
) -> None:
    changes = {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": value}}

    found = findings("Secret", changes)

    assert [each.code for each in found] == refused
    assert "hunter2" not in str(found)


def test_of_a_sealed_secret_the_keys_are_checked_and_no_value(findings: Callable[..., list[Diagnostic]]) -> None:
    sealed = "ENC[AES256_GCM,data:aGVsbG8=,iv:aGVsbG8=,tag:aGVsbG8=,type:str]"
    changes = {"type": "kubernetes.io/dockerconfigjson", "data": {}, "sops": {"mac": "ENC[]"}}

    assert findings("Secret", changes | {"stringData": {".dockerconfigjson": sealed}}, sealed=True) == []
    assert [each.code for each in findings("Secret", changes | {"stringData": {"a b": sealed}}, sealed=True)] == [
        "bad-key",
        "missing-field",
    ]


@given(st.binary(max_size=50))
def test_a_sealed_value_is_as_long_as_its_plaintext(plaintext: bytes) -> None:
    # AES-GCM is a stream cipher: it keeps the length.
    assert sealed_size(f"ENC[AES256_GCM,data:{b64encode(plaintext).decode()},iv:AA==,tag:AA==]") == len(plaintext)


def test_a_sealed_secret_is_measured_as_what_it_will_become(findings: Callable[..., list[Diagnostic]]) -> None:
    value = f"ENC[AES256_GCM,data:{b64encode(b'a' * _MIB).decode()},iv:AA==,tag:AA==,type:str]"

    assert findings("Secret", {"data": {}, "stringData": {"k": value}}, sealed=True) == []
    found = findings("Secret", {"data": {}, "stringData": {"k": value, "l": "a"}}, sealed=True)
    assert [each.code for each in found] == ["too-large"]


@given(st.binary())
def test_what_was_encoded_is_base64(content: bytes) -> None:
    assert decoded(b64encode(content).decode()) == content


def test_what_a_secret_holds_is_never_repeated(findings: Callable[..., list[Diagnostic]]) -> None:
    assert "hunter2" not in str(findings("Secret", {"data": {"a b": "hunter2!"}}))
