"""Kubernetes Secrets, read as a cluster reads them."""

from base64 import b64encode

import pytest

from generator.model.plaintext import Reading
from generator.stages.exchange.manifests import read_manifests
from generator.stages.parse.stream import parse_stream


def reading(text: str) -> Reading:
    return read_manifests(parse_stream("s.yaml", text))


def secret(members: str) -> str:
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{ name: s }}\n{members}"


def test_data_is_decoded_and_string_data_counts_before_it() -> None:
    encoded = b64encode(b"one").decode()
    (found,) = reading(secret(f"data: {{ A: {encoded}, B: {encoded} }}\nstringData: {{ B: two }}\n")).secrets

    assert [(each.key, each.value) for each in found.entries] == [("A", "one"), ("B", "two")]
    assert (found.name, found.namespace, found.type) == ("s", "", "Opaque")


def test_base64_may_be_broken_into_lines() -> None:
    (found,) = reading(secret("data:\n  A: |\n    Y2Fu\n    YXJ5\n")).secrets

    assert found.entries[0].value == "canary"


def test_lists_may_hold_lists() -> None:
    inner = '{ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "inner" } }'
    text = f'{{ "kind": "List", "items": [{{ "kind": "SecretList", "items": [{inner}] }}] }}'

    assert [each.name for each in reading(text).secrets] == ["inner"]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("data: { A: 'canary!' }", "the value of 'A' is not base64, as 'data' demands"),
        ("stringData: { A: 5432 }", "the value of 'A' is a number, expected a string"),
        ("stringData: { A: { B: canary } }", "the value of 'A' is a map, expected a string"),
        ("data: [canary]", "'data' is a list, expected a map"),
        ("stringData: canary", "'stringData' is text, expected a map"),
    ],
)
def test_what_no_cluster_would_take_is_refused(members: str, said: str) -> None:
    found = reading(secret(f"{members}\n"))

    assert [each.message for each in found.findings] == [said]
    assert found.secrets == ()
    assert "canary" not in str(found.findings)


def test_values_are_not_in_what_a_log_would_print() -> None:
    assert "canary" not in repr(reading(secret("stringData: { A: canary }\n")))
