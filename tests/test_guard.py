"""What one file leaks, judged by itself."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.guard import LARGEST, guard

TOKEN = "ghp_" + "a" * 36
SEALED = "ENC[AES256_GCM,data:Q29y,iv:p3BEYfasWJGP,tag:abcd,type:str]"


def said(name: str, text: str | bytes) -> list[str]:
    """Return what is found in a file, as `LINE:COLUMN CODE`; no finding repeats a value."""
    found = guard(name, text.encode() if isinstance(text, str) else text)
    assert not [each for each in found if "hunter2" in f"{each}{each.hint}" or TOKEN in f"{each}{each.hint}"]
    return [f"{each.at.line}:{each.at.column} {each.code}" for each in found]


@pytest.mark.parametrize("name", ["a.py", "notes.md", ".env", "Dockerfile", "deploy/a.yaml", "a.json"])
def test_a_known_format_is_found_in_any_file(name: str) -> None:
    assert said(name, f"one: 1\nkey: {TOKEN}\n") == ["2:6 secret-looking-value"]


def test_every_secret_of_a_file_is_found() -> None:
    assert said("a.txt", f"{TOKEN}\r\n {TOKEN}\r{TOKEN} {TOKEN}\n") == [
        "1:1 secret-looking-value",
        "2:2 secret-looking-value",
        "3:1 secret-looking-value",
        "3:42 secret-looking-value",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_a_secret_is_found_in_text_of_any_encoding(encoding: str) -> None:
    assert said("a.txt", f"ä {TOKEN}".encode(encoding)) == ["1:3 secret-looking-value"]


def test_a_secret_is_found_in_a_binary_file() -> None:
    assert said("a.bin", b"\x00\xff\xfe\x80" + TOKEN.encode() + b"\x00") == ["1:5 secret-looking-value"]


def test_a_file_that_is_too_large_is_not_passed_by_in_silence() -> None:
    (found,) = guard("a.bin", b"\x00" * (LARGEST + 1))

    assert (found.code, found.severity) == ("unscanned-file", "warning")


@pytest.mark.parametrize(
    "text",
    [f"{TOKEN}  # platformc: allow-secret", f"// platformc: allow-secret\n{TOKEN}", f"{TOKEN} platformc: allow-secret"],
)
def test_a_comment_says_that_a_line_holds_none(text: str) -> None:
    assert said("a.txt", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { A: aHVudGVyMg== }\n",
        "kind: Secret\napiVersion: v1\n\nstringData: { A: hunter2 }\n",
        '{ "apiVersion": "v1",\n "kind": "Secret",\n\n"data": { "A": "aHVudGVyMg==" } }',
    ],
)
def test_a_secret_that_is_not_sealed_is_found(text: str) -> None:
    assert said("a.yaml", text) == ["4:1 plain-secret"]


@pytest.mark.parametrize("kind", ["List", "SecretList"])
def test_a_secret_in_a_list_is_found(kind: str) -> None:
    text = f"apiVersion: v1\nkind: {kind}\nitems:\n- {{ apiVersion: v1, kind: Secret, data: {{ A: aA== }} }}\n"

    assert [each.partition(" ")[2] for each in said("a.yaml", text)] == ["plain-secret"]


def test_the_items_of_a_list_of_secrets_need_not_say_what_they_are() -> None:
    assert said("a.yaml", "kind: SecretList\napiVersion: v1\nitems:\n- data: { A: aA== }\n") == ["4:3 plain-secret"]


def test_a_secret_among_other_objects_is_found() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: Secret\nstringData: { A: hunter2 }\n"

    assert said("a.yml", text) == ["6:1 plain-secret"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Secret\nmetadata: { name: a }\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: { A: hunter2 }\n",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: { encryptedData: { A: AgA } }\n",
        "apiVersion: v1\nkind: Secret\nstringData: { A: hunter2 }  # platformc: allow-secret\n",
    ],
)
def test_other_objects_are_no_open_secrets(text: str) -> None:
    assert said("a.yaml", text) == []


def test_a_file_that_may_hold_a_secret_and_cannot_be_read_is_not_passed_by_in_silence() -> None:
    (found,) = guard("a.yaml", b"apiVersion: v1\nkind: Secret\ndata: {{ .Values.password }\n")

    assert (found.code, found.severity) == ("unscanned-file", "warning")


def test_a_file_that_cannot_be_read_and_is_about_something_else_is_nobodys_concern() -> None:
    assert said("a.yaml", "kind: Deployment\nspec: {{ .Values.spec }\n") == []


_PARTLY = f"""\
public: one
a_unencrypted: two
data: {{ A: three, B: '{SEALED}', C: '', D: null }}
b_secret: four
publicity: 5
list: [six]
"""

SOPS = "sops:\n  mac: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n  version: 3.13.2\n"


def test_a_sealed_file_is_sealed() -> None:
    options = "  encrypted_regex: ^(data|stringData)$\n"
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{ name: a }}\nstringData:\n  A: {SEALED}\n{SOPS}{options}"

    assert said("secrets/a.yaml", text) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", ["1:1", "2:1", "3:9", "4:1", "5:1", "6:8"]),
        ("  unencrypted_suffix: _unencrypted\n", ["1:1", "3:9", "4:1", "5:1", "6:8"]),
        ("  encrypted_suffix: _secret\n", ["4:1"]),
        ("  encrypted_regex: ^data$\n", ["3:9"]),
        ("  unencrypted_regex: ^(data|public)\n", ["2:1", "4:1", "6:8"]),
    ],
)
def test_what_sops_was_told_to_leave_in_the_clear_may_be_in_the_clear(options: str, found: list[str]) -> None:
    text = f"{_PARTLY}{SOPS}{options}"

    assert [each.partition(" ")[0] for each in said("a.yaml", text) if each.endswith("plaintext-value")] == found


def test_options_that_cannot_be_judged_are_said() -> None:
    found = guard("a.yaml", f"a: one\n{SOPS}  unencrypted_comment_regex: plain\n".encode())

    assert [each.code for each in found] == ["unscanned-file"]


def test_a_sealed_file_in_json_is_judged_alike() -> None:
    body = {"stringData": {"A": SEALED, "B": "hunter2"}, "sops": {"encrypted_regex": "^(data|stringData)$"}}

    assert [each.partition(" ")[2] for each in said("a.json", json.dumps(body))] == ["plaintext-value"]


@pytest.mark.parametrize(
    "name", ["secrets/a.yaml", "x/secrets/shop/a.yml", "secrets/a.json", "secrets/.env", "secrets/prod.env"]
)
def test_a_file_in_a_folder_of_secrets_must_be_sealed(name: str) -> None:
    assert said(name, "DB=hunter2\n") == ["1:1 not-sealed"]


@pytest.mark.parametrize("name", ["secrets/README.md", "secrets.yaml", "cli/secrets/guard.py"])
def test_other_files_need_not_be_sealed(name: str) -> None:
    assert said(name, "DB: hunter2\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("secrets/a.env", f"DB={SEALED}\nsops_mac=ENC[a]\n"),
        ("secrets/a.ini", f"[a]\nDB={SEALED}\n[sops]\nmac=ENC[a]\n"),
        ("secrets/empty.yaml", "\n"),
    ],
)
def test_sealed_files_of_other_kinds_are_sealed(name: str, text: str) -> None:
    assert said(name, text) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--encrypted-regex", "^(data|stringData)$"),
        ("--unencrypted-regex", "^(metadata|kind|apiVersion|type)$"),
        ("--encrypted-suffix", "Data"),
        ("--unencrypted-suffix", "Version"),
        (),
    ],
)
@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_sops_seals_is_sealed_whatever_it_was_told(options: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    sops = shutil.which("sops") or pytest.fail("'sops' is not on the PATH: run the tests with 'make test'")
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"A": "one", "B": ""}}
    recipient = "age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn"
    path = tmp_path / f"a.{kind}"
    path.write_text(json.dumps(body))

    subprocess.run([sops, "encrypt", "--age", recipient, *options, "-i", str(path)], cwd=tmp_path, check=True)

    assert said(path.name, path.read_bytes()) == []


def test_a_secret_that_sops_was_told_to_leave_in_the_clear_is_found_all_the_same() -> None:
    text = f"apiVersion: v1\nkind: Secret\nstringData: {{ A: hunter2 }}\n{SOPS}  encrypted_regex: ^data$\n"

    assert said("a.yaml", text) == ["3:1 plain-secret"]
