from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.diagnostics import Diagnostic
from generator.stages.verify.names import (
    is_annotation_key,
    is_config_key,
    is_env_name,
    is_label,
    is_label_key,
    is_label_value,
    is_path_segment,
    is_port_name,
    is_service_name,
    is_subdomain,
)

# What an API server of version 1.36 said of each; the first line of a test is what it takes.


def test_a_label_is_63_lower_case_letters_digits_and_hyphens() -> None:
    assert all(map(is_label, ["a", "1a", "a-b", "a--b", "a" * 63]))
    assert not any(map(is_label, ["", "A", "-a", "a-", "a.b", "a_b", "a" * 64, "é", "a\n", "１"]))  # noqa: RUF001


def test_a_subdomain_is_253_characters_of_labels_of_any_length() -> None:
    assert all(map(is_subdomain, ["a", "1a", "a.b", "a-b.c", "a" * 253]))
    assert not any(map(is_subdomain, ["", "A", "a..b", ".a", "a.", "a.-b", "a_b", "a" * 254, "a\n"]))


def test_a_services_name_begins_with_a_letter() -> None:
    assert all(map(is_service_name, ["a", "a1", "a" * 63]))
    assert not any(map(is_service_name, ["", "1a", "a.b", "a-", "a" * 64]))


def test_a_label_key_is_a_name_perhaps_behind_a_domain() -> None:
    taken = ["a", "A.b_c-d", "a/b", "a.b/c", "a" * 63, "x/" + "a" * 63, "a" * 253 + "/a"]
    refused = ["", "a/b/c", "/a", "a/", "-a", "a-", "A/b", "a" * 64, "a" * 254 + "/a", "é", "a\n", "a b"]
    assert all(map(is_label_key, taken))
    assert not any(map(is_label_key, refused))


def test_an_annotation_key_may_be_in_upper_case() -> None:
    assert is_annotation_key("A/B")
    assert not is_annotation_key("A/B/C")


def test_a_label_value_may_be_empty() -> None:
    assert all(map(is_label_value, ["", "a", "A.b-_c", "a" * 63]))
    assert not any(map(is_label_value, ["-a", "a-", "a" * 64, "a b", "é", "a\n"]))


def test_a_port_name_is_15_characters_with_a_letter_and_single_hyphens() -> None:
    assert all(map(is_port_name, ["http", "a" * 15, "a1", "1a", "a-b", "123-a"]))
    assert not any(map(is_port_name, ["", "HTTP", "a" * 16, "1", "a--b", "-a", "a-", "a_b", "123-4", "a\n"]))


def test_a_key_is_253_characters_without_two_dots_in_front() -> None:
    assert all(map(is_config_key, ["k", "a.b_c-D", ".dockerconfigjson", "a..b", "a" * 253]))
    assert not any(map(is_config_key, ["", ".", "..", "..a", "...", "a b", "a/b", "a" * 254, "é", "a\n"]))


def test_a_variable_has_a_name_that_every_version_takes() -> None:
    assert all(map(is_env_name, ["A", "_a", "a.b", "a-b", "Dolittle__Runtime"]))
    assert not any(map(is_env_name, ["", "1A", "a b", "A=B", ".", "..", "..a", "é", "a/b", "A\n"]))


def test_a_path_segment_has_neither_slash_nor_percent() -> None:
    assert all(map(is_path_segment, ["a", "A:b", "a b", "é", "..."]))
    assert not any(map(is_path_segment, ["", ".", "..", "a/b", "a%b"]))


@given(st.from_regex(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", fullmatch=True))
def test_a_label_of_up_to_63_characters_is_a_subdomain_and_the_value_of_a_label(text: str) -> None:
    assert is_label(text) == (len(text) <= 63)
    if is_label(text):
        assert is_subdomain(text)
        assert is_label_value(text)


@given(st.text(max_size=70))
def test_what_is_a_service_name_or_a_port_name_is_a_label(text: str) -> None:
    if is_service_name(text) or is_port_name(text):
        assert is_label(text)


@pytest.mark.parametrize(
    ("kind", "name", "refused"),
    [
        ("Deployment", "a.b", []),
        ("Deployment", "a" * 253, []),
        ("Deployment", "a" * 254, ["bad-name"]),
        ("Deployment", "A", ["bad-name"]),
        ("Deployment", "", ["bad-name"]),
        ("StatefulSet", "a" * 52, []),
        ("StatefulSet", "a" * 53, ["bad-name"]),
        ("StatefulSet", "a.b", ["bad-name"]),
        ("CronJob", "a" * 52, []),
        ("CronJob", "a" * 53, ["bad-name"]),
        ("Job", "a" * 63, []),
        ("Job", "a" * 64, ["bad-name"]),
        ("Service", "a.b", ["bad-name"]),
        ("Service", "1a", ["bad-name"]),
        ("Role", "system:a b", []),
        ("Role", "a/b", ["bad-name"]),
        ("Ingress", "a.b", []),
        ("NetworkPolicy", "a_b", ["bad-name"]),
    ],
)
def test_what_a_name_may_be_depends_on_the_kind(
    codes: Callable[..., list[str]], kind: str, name: str, refused: list[str]
) -> None:
    assert codes(kind, "metadata.name", name) == refused


def test_a_name_that_is_too_long_is_told_its_length(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("Service", {"metadata.name": "a" * 64})

    assert "of 64 characters in metadata.name" in finding.message


def test_a_namespaced_object_carries_its_namespace(codes: Callable[..., list[str]]) -> None:
    assert codes("Service", "metadata.namespace", "other") == ["wrong-namespace"]
    assert codes("Service", "metadata.namespace", None) == ["wrong-namespace"]


@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [
        ("labels", {"example.com/a": "b"}, []),
        ("labels", {"a b": "c"}, ["bad-label"]),
        ("labels", {"a": "b c"}, ["bad-label"]),
        ("annotations", {"A/b": "any value\n"}, []),
        ("annotations", {"a/b/c": ""}, ["bad-label"]),
        ("annotations", {"k": "a" * (256 * 1024 - 1)}, []),
        ("annotations", {"k": "a" * 256 * 1024}, ["too-large"]),
        ("annotations", {"k": "é" * 128 * 1024}, ["too-large"]),
    ],
)
def test_labels_and_annotations(codes: Callable[..., list[str]], field: str, value: object, refused: list[str]) -> None:
    assert codes("ConfigMap", f"metadata.{field}", value) == refused


def test_the_value_of_a_bad_label_is_not_repeated(findings: Callable[..., list[Diagnostic]]) -> None:
    (finding,) = findings("ConfigMap", {"metadata.labels": {"a": "hunter 2"}})

    assert "hunter" not in str(finding)
