"""What looks like a secret, and what only sounds like one."""

import pytest

from generator.stages.check.leaks import looks_secret, promises_secret
from tests.compiled import compile_text, errors_of, findings_of, shop

CATALOG = "- name: Catalog\n  head: { image: nginx:1.27.3 }"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "AGE-SECRET-KEY-1" + "Q" * 58,
        "AKIA" + "A" * 16,
        "ghp_" + "a" * 36,
        "github_pat_" + "a" * 40,
        "glpat-" + "a" * 20,
        "xoxb-" + "1" * 12,
        "AIza" + "a" * 35,
        "sk_live_" + "a" * 24,
        "npm_" + "a" * 36,
        "eyJ" + "a" * 12 + ".eyJ" + "a" * 12 + "." + "a" * 12,
        "Server=db;Password=hunter22",
        "DefaultEndpointsProtocol=https;AccountKey=" + "k" * 20,
        "postgres://shop:hunter22@db.example.com/shop",
    ],
)
def test_known_kinds_of_secrets_are_recognised(text: str) -> None:
    assert looks_secret(f"before {text} behind")


@pytest.mark.parametrize(
    "text",
    ["", "info", "https://example.com/a:b@c", "postgres://db.example.com/shop", "postgres://shop:$PASSWORD@db/shop"],
)
def test_plain_texts_are_no_secrets(text: str) -> None:
    assert not looks_secret(text)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "apiKey", "clientSecret", "github.token", "SMTP_PWD"])
def test_a_name_can_promise_a_secret(name: str) -> None:
    assert promises_secret(name, "hunter22")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD_FILE", "hunter22"),
        ("TOKENS", "hunter22"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("TOKEN", "https://login.example.com/token"),
        ("USE_TOKEN", "true"),
        ("TOKEN", "${OTHER}"),
    ],
)
def test_a_promise_that_the_value_does_not_keep_is_none(name: str, value: str) -> None:
    assert not promises_secret(name, value)


def test_a_value_that_is_said_to_be_plain_is_taken_at_its_word() -> None:
    compile_text(shop(f"{CATALOG}\n  env: {{ DB_PASSWORD: {{ plain: not-a-secret }} }}"))


def test_a_file_that_is_said_to_be_plain_is_taken_at_its_word() -> None:
    compile_text(
        shop(f"{CATALOG}\n  files: [{{ source: test.pem, plain: true }}]"),
        {"test.pem": b"-----BEGIN PRIVATE KEY-----"},
    )


@pytest.mark.parametrize("field", ["command", "args"])
def test_a_secret_in_a_command_is_found(field: str) -> None:
    word = "--database=postgres://shop:hunter22@db/shop"
    said = shop(f"- name: Catalog\n  head:\n    image: nginx:1.27.3\n    {field}:\n      - -v\n      - {word}")

    (found,) = findings_of(said)
    assert found.code == "secret-looking-value"
    assert said.splitlines()[found.at.line - 1].strip() == f"- {word}"
    assert "hunter22" not in f"{found}{found.hint}"


def test_a_secret_in_a_plain_manifest_is_found_in_its_line() -> None:
    manifest = b"apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  TOKEN: ghp_" + b"a" * 36 + b"\n"

    (found,) = findings_of(shop(CATALOG, application="manifests: [a.yaml]"), {"a.yaml": manifest})

    assert str(found.at) == "a.yaml:5:10"
    assert found.code == "secret-looking-value"


@pytest.mark.parametrize("field", ["data: { A: aHVudGVyMjI= }", "stringData: { A: hunter22 }"])
def test_a_secret_in_the_open_is_refused(field: str) -> None:
    manifest = f"apiVersion: v1\nkind: Secret\nmetadata: {{ name: a }}\n{field}\n".encode()

    assert errors_of(shop(CATALOG, application="manifests: [a.yaml]"), {"a.yaml": manifest}) == ["4 plain-secret"]


def test_a_secret_without_values_is_no_secret_in_the_open() -> None:
    manifest = (
        b"apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\n"
        b"metadata: { name: a, annotations: { kubernetes.io/service-account.name: devops } }\n"
    )

    compile_text(shop(CATALOG, application="manifests: [a.yaml]"), {"a.yaml": manifest})


def test_a_secret_that_a_template_prints_in_the_open_is_refused() -> None:
    template = (
        b"{#- One for every microservice. -#}\napiVersion: v1\nkind: Secret\nmetadata:\n"
        b"  name: {{ microservice.object_name }}\n  namespace: {{ application.namespace }}\n"
        b"stringData: { A: hunter22 }\n"
    )

    found = findings_of(shop(CATALOG, platform="templates: own"), {"own/microservice/open.yaml.j2": template})

    assert [each.code for each in found] == ["plain-secret"]


TOKEN = "ghp_" + "a" * 36


@pytest.mark.parametrize(
    "head",
    [
        f"labels: {{ team: {TOKEN} }}",
        f"annotations: {{ example.com/contact: {TOKEN} }}",
        f"probes: {{ liveness: {{ httpGet: {{ path: /, httpHeaders: [{{ name: X-Key, value: {TOKEN} }}] }} }} }}",
        f"port: 8080  # {TOKEN}",
        f"# {TOKEN}",
    ],
)
def test_a_secret_anywhere_in_the_document_is_found_in_its_column(head: str) -> None:
    said = shop(f"- name: Catalog\n  head:\n    image: nginx:1.27.3\n    {head}")

    (found,) = [each for each in findings_of(said) if each.code == "secret-looking-value"]

    assert said.splitlines()[found.at.line - 1].index(TOKEN) == found.at.column - 1
    assert TOKEN not in f"{found}{found.hint}"


@pytest.mark.parametrize(
    "more",
    [
        f"  patches: [{{ target: Deployment, merge: {{ metadata: {{ labels: {{ team: {TOKEN} }} }} }} }}]",
        f"  expose: {{ path: /, annotations: {{ example.com/key: {TOKEN} }} }}",
        "  env:\n    CONNECTION: |\n      Server=db;\n      Password=hunter22",
        f"  environments: {{ Dev: {{ env: {{ GREETING: {TOKEN} }} }} }}",
    ],
)
def test_a_secret_in_what_a_microservice_says_is_found_once(more: str) -> None:
    (found,) = [each for each in findings_of(shop(f"{CATALOG}\n{more}")) if each.code == "secret-looking-value"]

    assert "hunter22" not in f"{found}{found.hint}"


def test_a_secret_in_a_runtime_setting_is_found() -> None:
    endpoint = "http://collector:hunter22@monitoring:4317"
    said = shop(f"{CATALOG}\n  runtime: {{ version: 9.3.3, opentelemetry: {{ endpoint: '{endpoint}' }} }}")

    (found,) = findings_of(said)
    assert found.code == "secret-looking-value"
    assert said.splitlines()[found.at.line - 1].index(endpoint) == found.at.column - 1


def test_a_secret_in_a_comment_of_an_included_file_is_found_there() -> None:
    included = f"# once was {TOKEN}\nname: Catalog\nhead: {{ image: nginx:1.27.3 }}\n"

    (found,) = findings_of(shop("- include: catalog.yaml"), {"catalog.yaml": included.encode()})

    assert str(found.at) == "catalog.yaml:1:12"


def test_a_secret_in_a_default_that_every_environment_overrides_is_found() -> None:
    said = shop(
        f"{CATALOG}\n  env: {{ GREETING: {TOKEN} }}\n  environments: {{ Dev: {{ env: {{ GREETING: hello }} }} }}"
    )

    assert [each.code for each in findings_of(said)] == ["secret-looking-value"]


def test_a_secret_in_a_template_of_ones_own_is_found_there() -> None:
    template = f"{{#- {TOKEN} -#}}\n".encode()

    (found,) = findings_of(shop(CATALOG, platform="templates: own"), {"own/microservice/a.yaml.j2": template})

    assert str(found.at) == "own/microservice/a.yaml.j2:1:5"
    assert found.code == "secret-looking-value"


def test_a_secret_in_the_configuration_of_sops_is_found_there() -> None:
    (found,) = findings_of(shop(CATALOG), {".sops.yaml": f"# {TOKEN}\ncreation_rules: []\n".encode()})

    assert str(found.at) == ".sops.yaml:1:3"


@pytest.mark.parametrize("marked", ["{}  # platformc: allow-secret", "# platformc: allow-secret\n    {}"])
def test_a_comment_says_that_it_is_none(marked: str) -> None:
    label = marked.format(f"annotations: {{ example.com/contact: {TOKEN} }}")

    compile_text(shop(f"- name: Catalog\n  head:\n    image: nginx:1.27.3\n    {label}"))


def test_a_comment_says_nothing_about_the_line_after_the_next() -> None:
    said = shop(
        f"- name: Catalog\n  # platformc: allow-secret\n  head:\n    image: nginx:1.27.3\n    labels: {{ a: {TOKEN} }}"
    )

    assert "secret-looking-value" in {each.code for each in findings_of(said)}


def test_a_value_may_not_excuse_the_line_below_it() -> None:
    said = shop(f"{CATALOG}\n  env:\n    A: 'platformc: allow-secret'\n    B: {TOKEN}")

    assert [each.code for each in findings_of(said)] == ["secret-looking-value"]


@pytest.mark.parametrize(
    "more",
    [
        f"env: {{ GREETING: {{ plain: {TOKEN} }} }}",
        f"files: [{{ name: a.txt, content: {TOKEN}, plain: true }}]",
        f"files:\n    - name: a.txt\n      plain: true\n      content: |\n        one\n        {TOKEN}",
    ],
)
def test_what_is_said_to_be_plain_is_not_looked_at_again(more: str) -> None:
    compile_text(shop(f"{CATALOG}\n  {more}"))


def test_a_comment_behind_a_plain_value_is_looked_at() -> None:
    said = shop(f"{CATALOG}\n  env:\n    GREETING: {{ plain: hello }}  # {TOKEN}")

    assert [each.code for each in findings_of(said)] == ["secret-looking-value"]


@pytest.mark.parametrize("indent", [0, 2, 4, 6, 8, 12])
def test_so_is_a_comment_below_one(indent: int) -> None:
    comment = f"{' ' * indent}# ghp_{'a' * 36}"
    document = shop(f"{CATALOG}\n  env:\n    KEY:\n      plain: ok\n{comment}")

    assert [each.code for each in findings_of(document)] == ["secret-looking-value"]


def test_a_line_of_a_plain_text_is_none_though_it_looks_like_one() -> None:
    document = shop(f"{CATALOG}\n  env:\n    KEY:\n      plain: |\n        # ghp_{'a' * 36}\n        words")

    compile_text(document)
