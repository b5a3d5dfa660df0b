"""Lists that layers share: files by name and patches by theirs merge item by item, all others are replaced."""

import pytest

from tests.compiled import Compiled, compile_text, errors_of, shop

ENVIRONMENTS = "- { name: Dev }\n- { name: Prod }"
FILES = {"config/app.json": b"{}\n", "config/prod/app.json": b'{ "prod": true }\n', "config/other.txt": b"other\n"}


def files(compiled: Compiled, environment: str) -> dict[str, str]:
    return dict(compiled.one("ConfigMap", f"{environment}-website-config-files")["data"])


def website(said: str, override: str) -> str:
    return shop(
        f"""
        - name: Website
          head: {{ image: "nginx:1.27.3", command: [a, b], args: [c] }}
          {said}
          environments:
            Prod: {{ {override} }}
        """,
        ENVIRONMENTS,
    )


def test_a_file_of_the_same_name_is_replaced_and_others_stay() -> None:
    compiled = compile_text(
        website('files: [config/app.json, { name: note.txt, content: "a\\n" }]', "files: [config/prod/app.json]"),
        FILES,
    )

    assert files(compiled, "dev") == {"app.json": "{}\n", "note.txt": "a\n"}
    assert files(compiled, "prod") == {"app.json": '{ "prod": true }\n', "note.txt": "a\n"}


def test_a_file_may_be_taken_away_and_another_one_added() -> None:
    compiled = compile_text(
        website(
            "files: [config/app.json]",
            "files: [{ name: app.json, $patch: delete }, { name: b.txt, source: config/other.txt }]",
        ),
        FILES,
    )

    assert files(compiled, "prod") == {"b.txt": "other\n"}


def test_the_last_file_may_be_taken_away() -> None:
    compiled = compile_text(website("files: [config/app.json]", "files: [{ name: app.json, $patch: delete }]"), FILES)

    assert compiled.has("ConfigMap", "dev-website-config-files")
    assert not compiled.has("ConfigMap", "prod-website-config-files")
    assert "volumes" not in compiled.one("Deployment", "prod-website")["spec"]["template"]["spec"]


def test_what_a_file_is_does_not_mix_with_what_it_was() -> None:
    compiled = compile_text(
        website("files: [{ name: a.txt, source: config/other.txt }]", 'files: [{ name: a.txt, content: "new\\n" }]'),
        FILES,
    )

    assert (files(compiled, "dev"), files(compiled, "prod")) == ({"a.txt": "other\n"}, {"a.txt": "new\n"})


def test_a_patch_of_the_same_name_is_replaced_and_others_stay() -> None:
    said = """patches:
            - { name: grace, target: Deployment, merge: { spec: { minReadySeconds: 1 } } }
            - { name: history, target: Deployment, merge: { spec: { revisionHistoryLimit: 1 } } }"""
    compiled = compile_text(
        website(said, "patches: [{ name: grace, target: Deployment, merge: { spec: { minReadySeconds: 2 } } }]")
    )
    specs = [compiled.one("Deployment", f"{each}-website")["spec"] for each in ("dev", "prod")]

    assert [each["minReadySeconds"] for each in specs] == [1, 2]
    assert [each["revisionHistoryLimit"] for each in specs] == [1, 1]


def test_a_patch_may_be_taken_away() -> None:
    said = "patches: [{ name: grace, target: Deployment, merge: { spec: { minReadySeconds: 1 } } }]"
    compiled = compile_text(website(said, "patches: [{ name: grace, target: Deployment, $patch: delete }]"))

    assert compiled.one("Deployment", "dev-website")["spec"]["minReadySeconds"] == 1
    assert "minReadySeconds" not in compiled.one("Deployment", "prod-website")["spec"]


def test_lists_without_a_key_are_replaced_whole() -> None:
    compiled = compile_text(website("env: { A: b }", "head: { command: [z] }"))

    assert compiled.container("dev-website", "head")["command"] == ["a", "b"]
    assert compiled.container("prod-website", "head")["command"] == ["z"]
    assert compiled.container("prod-website", "head")["args"] == ["c"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("files: [config/app.json, config/prod/app.json]", "name-taken"),
        ('files: [config/app.json, { name: app.json, content: "x" }]', "name-taken"),
        ("files: [{ name: a.txt, source: config/other.txt }, { name: a.txt, secret: true }]", "name-taken"),
        ("files: [config/nowhere.json]", "missing-file"),
        ("files: [../outside.json]", "outside-project"),
        ("files: [/etc/hostname]", "outside-project"),
    ],
)
def test_a_list_that_cannot_be_is_refused_at_its_line(said: str, code: str) -> None:
    text = website(said, "env: { A: b }")

    assert errors_of(text, FILES) == [f"{text[: text.index(said)].count(chr(10)) + 1} {code}"]
