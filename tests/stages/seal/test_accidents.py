"""What happens to values on their way into a sealed file."""

import json

import pytest

from generator.model.diagnostics import Diagnostic
from generator.model.sealed import SealedSource
from generator.model.sealed_place import Kind, application_place, microservice_place
from generator.stages.seal.accidents import Fingerprint, accidents, fingerprints, repetitions

TEXT = "# a comment\nstringData:\n    KEY: ENC[…]\n    OTHER: ENC[…]\nsops:\n"
PEPPER = b"of this run"


def source(name: str = "secrets/shop/dev/catalog.yaml") -> SealedSource:
    return SealedSource(name, TEXT, {})


def found(value: str, kind: Kind = Kind.VARIABLES, key: str = "KEY", host: str = "") -> list[Diagnostic]:
    return list(accidents(source(), {key: value}, kind, host))


def codes(value: str, kind: Kind = Kind.VARIABLES, key: str = "KEY", host: str = "") -> list[str]:
    return [each.code for each in found(value, kind, key, host)]


@pytest.mark.parametrize(
    "value",
    [
        "p3BEYfasWJGPx",
        "correct horse battery staple",
        "Server=db;Password=8hj2kLq0;TrustServerCertificate=true",
        "q0w1ZkY3b2xkIG5vdCB0ZXh0IQ4+/w==",
        "deadbeefdeadbeefdeadbeefdeadbeef",
        "my-password-is-8hj2kLq0",
        "testing-9f2c1b",
    ],
)
def test_values_that_people_use_are_no_finding(value: str) -> None:
    assert codes(value) == []


@pytest.mark.parametrize("value", ["p3BEYfasWJGP\n", "p3BEYfasWJGP\r\n"])
def test_a_line_break_at_the_end_is_said_to_be_one(value: str) -> None:
    (finding,) = found(value)

    assert str(finding) == ("secrets/shop/dev/catalog.yaml:3:5: warning: 'KEY' ends in a line break [stray-blanks]")


@pytest.mark.parametrize("value", [" p3BEYfasWJGP", "p3BEYfasWJGP\t", "\np3BEYfasWJGP\n"])
def test_blanks_at_either_end_are_found(value: str) -> None:
    assert codes(value) == ["stray-blanks"]


@pytest.mark.parametrize(
    "value",
    [
        *("changeme", "please-change-me", "CHANGE_IT", "replace this", "TODO", "to do", "tbd", "xxx", "xxxxxxxxxxxx"),
        *(
            "<your password>",
            "{{ password }}",
            "${DB_PASSWORD}",
            "%PASSWORD%",
            "example",
            "password",
            "Password1",
            "***",
        ),
        *("secret", "dummy", "your-api-key", "insert token here", "00000000", "12345678"),
    ],
)
def test_placeholders_are_found(value: str) -> None:
    assert codes(value) == ["placeholder-value"]


def test_a_value_of_five_characters_is_short_and_one_of_six_is_not() -> None:
    assert codes("q7Zk2") == ["short-value"]
    assert codes("q7Zk2w") == []


def test_the_name_of_a_storage_account_may_be_short() -> None:
    assert codes("acme", Kind.STORAGE, "azurestorageaccountname") == []


def test_a_text_in_base64_was_taken_from_an_encoded_secret() -> None:
    assert codes("Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZQo=") == ["encoded-value"]


def test_files_end_in_line_breaks_and_may_be_short() -> None:
    assert codes("{}\n", Kind.FILES) == []
    assert codes("-----BEGIN CERTIFICATE-----\nabc\n", Kind.FILES) == []


@pytest.mark.parametrize("value", ["TODO\n", "<paste it here>", "\n"])
def test_a_file_may_be_a_placeholder_as_a_whole(value: str) -> None:
    assert codes(value, Kind.FILES) == ["placeholder-value"]


@pytest.mark.parametrize("value", ["", "user:password", "[]", "{}", '{"auths": {}}', '{"auths": []}'])
def test_a_login_that_is_no_docker_configuration_is_an_error(value: str) -> None:
    (finding,) = found(value, Kind.REGISTRY, ".dockerconfigjson", "acme.azurecr.io")

    assert (finding.code, finding.severity) == ("bad-docker-config", "error")


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("acme.azurecr.io", "acme.azurecr.io"),
        ("acme.azurecr.io/team", "https://acme.azurecr.io/v2/"),
        ("acme.azurecr.io", "*.azurecr.io"),
        ("acme.azurecr.io", "ACME.azurecr.io"),
        ("docker.io", "https://index.docker.io/v1/"),
        ("", "anything.example.com"),
    ],
)
def test_an_account_fits_the_registry_as_the_kubelet_sees_it(host: str, name: str) -> None:
    assert codes(json.dumps({"auths": {name: {}}}), Kind.REGISTRY, ".dockerconfigjson", host) == []


def test_an_account_for_another_registry_is_an_error_that_names_the_one_in_the_document() -> None:
    value = json.dumps({"auths": {"other.azurecr.io": {"auth": "canary"}}})

    (finding,) = found(value, Kind.REGISTRY, ".dockerconfigjson", "acme.azurecr.io")

    assert finding.message == "'.dockerconfigjson' has no account for 'acme.azurecr.io', which the document names"
    assert "canary" not in repr(finding)


def test_a_long_value_is_looked_at_in_no_time() -> None:
    assert codes("change " * 150_000, Kind.FILES) == []
    assert codes("your-" * 200_000) == []


def prints(environment: str, values: dict[str, str], microservice: str = "Catalog") -> tuple[Fingerprint, ...]:
    place = microservice_place("shop", environment, microservice, Kind.VARIABLES)
    return fingerprints(source(str(place.source)), values, place, PEPPER)


def test_the_same_value_in_two_environments_is_found_beside_the_second() -> None:
    dev = prints("Dev", {"KEY": "p3BEYfasWJGP", "OTHER": "8hj2kLq0Zz"})
    prod = prints("Prod", {"KEY": "p3BEYfasWJGP", "OTHER": "another-one"})

    (finding,) = repetitions([*dev, *prod])

    assert str(finding) == (
        "secrets/shop/prod/catalog.yaml:3:5: warning: 'KEY' has the same value as 'KEY' of 'shop/Dev/Catalog' "
        "[repeated-value]"
    )


def test_the_key_of_the_same_name_is_named_where_several_hold_the_value() -> None:
    dev = prints("Dev", {"KEY": "p3BEYfasWJGP", "OTHER": "p3BEYfasWJGP"})

    (finding,) = repetitions([*dev, *prints("Prod", {"OTHER": "p3BEYfasWJGP"})])

    assert "'OTHER' has the same value as 'OTHER' of" in finding.message


def test_the_same_value_in_one_environment_is_shared_on_purpose() -> None:
    both = [*prints("Dev", {"KEY": "p3BEYfasWJGP"}), *prints("Dev", {"KEY": "p3BEYfasWJGP"}, "Pricing")]

    assert list(repetitions(both)) == []


def test_placeholders_and_short_values_are_not_compared() -> None:
    both = [*prints("Dev", {"KEY": "changeme", "OTHER": "abc"}), *prints("Prod", {"KEY": "changeme", "OTHER": "abc"})]

    assert list(repetitions(both)) == []


def test_what_all_environments_share_is_compared_with_nothing() -> None:
    place = application_place("shop", Kind.STORAGE)
    own = fingerprints(source(), {"KEY": "p3BEYfasWJGP"}, place, PEPPER)

    assert list(repetitions([*own, *prints("Dev", {"KEY": "p3BEYfasWJGP"})])) == []


def test_nothing_that_is_kept_holds_a_value() -> None:
    kept = repr(prints("Dev", {"KEY": "p3BEYfasWJGP"}))

    assert "p3BEY" not in kept
