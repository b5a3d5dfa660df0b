"""What looks like a secret, what only resembles one, and that looking takes no longer than the text is long."""

import random
import re
import string
import time
from base64 import b64encode
from pathlib import Path

import pytest

from generator.model.secret_formats import FOLDED_FORMATS, FORMATS, Format
from generator.model.sightings import holds_secret, sightings

_RANDOM = random.Random(4)  # noqa: S311  (values that only look like secrets)


def of(alphabet: str, length: int) -> str:
    return "".join(_RANDOM.choice(alphabet) for _ in range(length))


WORD = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE64 = WORD + "+/"
GUID = "11aa22bb-33cc-44dd-85ee-66ff77008811"
CAPITALS = string.ascii_uppercase + string.digits
USER_AND_PASSWORD = b64encode(b"shop:hunter22").decode()

SECRETS = {
    "a private key": [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
    ],
    "a private age key": ["AGE-SECRET-KEY-1" + of(CAPITALS, 58), "AGE-SECRET-KEY-PQ-1" + of(CAPITALS, 58)],
    "an AWS access key": ["AKIA" + of(CAPITALS, 16), "ASIA" + of(CAPITALS, 16)],
    "an AWS secret key": [
        "aws_secret_access_key = " + of(BASE64, 40),
        'AWS_SECRET_ACCESS_KEY: "' + of(BASE64, 40) + '"',
        '"SecretAccessKey": "' + of(BASE64, 40) + '"',
    ],
    "a GitHub token": ["ghp_" + of(WORD, 36), "ghs_" + of(WORD, 36), "github_pat_" + of(WORD, 22) + "_" + of(WORD, 59)],
    "a GitLab token": ["glpat-" + of(WORD, 20), "gldt-" + of(WORD, 20), "glrt-" + of(WORD, 20)],
    "a Slack token": [
        "xoxb-" + of("123456789", 12) + "-" + of(WORD, 24),
        "xapp-1-A" + of(CAPITALS, 10) + "-" + of("123456789", 13) + "-" + of(HEX, 64),
    ],
    "a Slack webhook": [
        "https://hooks.slack.com/services/T" + of(CAPITALS, 10) + "/B" + of(CAPITALS, 10) + "/" + of(WORD, 24)
    ],
    "a Teams webhook": [f"https://acme.webhook.office.com/webhookb2/{GUID}@{GUID}/IncomingWebhook/" + of(HEX, 32)],
    "a Discord webhook": ["https://discord.com/api/webhooks/123456789012345678/" + of(WORD, 68)],
    "a Google API key": ["AIza" + of(WORD, 35)],
    "a Google client secret": ["GOCSPX-" + of(WORD, 28)],
    "a Google access token": ["ya29." + of(WORD, 60)],
    "a Stripe key": ["sk_live_" + of(WORD, 24), "rk_test_" + of(WORD, 24), "whsec_" + of(WORD, 32)],
    "an npm token": ["npm_" + of(WORD, 36)],
    "a PyPI token": ["pypi-AgEIcHlwaS5vcmc" + of(WORD, 80)],
    "a RubyGems key": ["rubygems_" + of(HEX, 48)],
    "a NuGet key": ["oy2" + of("abcdefghijklmnop234567", 43)],
    "a Docker Hub token": ["dckr_pat_" + of(WORD, 27)],
    "a Databricks token": ["dapi" + of(HEX, 32)],
    "a HashiCorp Vault token": ["hvs." + of(WORD, 24), "hvb." + of(WORD, 140)],
    "a Terraform token": [of(WORD, 14) + ".atlasv1." + of(WORD, 65)],
    "an OpenAI key": [
        "sk-" + of(WORD, 20) + "T3BlbkFJ" + of(WORD, 20),
        "sk-proj-" + of(WORD, 74) + "T3BlbkFJ" + of(WORD, 74),
        "sk-" + of(WORD, 48),
    ],
    "an Anthropic key": ["sk-ant-api03-" + of(WORD, 93) + "AA"],
    "a Hugging Face token": ["hf_" + of(string.ascii_letters, 34)],
    "a SendGrid key": ["SG." + of(WORD, 22) + "." + of(WORD, 43)],
    "a Twilio key": ["SK" + of(HEX, 32)],
    "a Mailgun key": ["key-" + of(HEX, 32)],
    "a Mailchimp key": [of(HEX, 32) + "-us12"],
    "a Telegram bot token": ["123456789:AA" + of(WORD, 33)],
    "a Shopify token": ["shpat_" + of(HEX, 32)],
    "a DigitalOcean token": ["dop_v1_" + of(HEX, 64)],
    "a Grafana token": ["glsa_" + of(WORD, 32) + "_" + of(HEX, 8), "glc_" + of(BASE64, 60)],
    "a New Relic key": ["NRAK-" + of(CAPITALS, 27)],
    "an Atlassian token": ["ATATT3" + of(WORD, 186)],
    "a Sentry token": ["sntrys_" + of(WORD, 100)],
    "a Pulumi token": ["pul-" + of(HEX, 40)],
    "an Azure AD client secret": ["abc8Q~" + of(WORD, 34)],
    "an Azure DevOps token": [of(WORD, 76) + "AZDO" + of(WORD, 4)],
    "an Azure storage key": [of(BASE64, 76) + "+ASt" + of(WORD, 6) + "=="],
    "an Azure registry key": [of(BASE64, 42) + "+ACRA" + of(WORD, 5)],
    "an Azure key": [of(WORD, 52) + "JQQJ99ALACYeBjFXJ3w3AAABACOGabcd"],
    "a shared access signature": [
        "https://acme.blob.core.windows.net/a?sv=2022-11-02&se=2030-01-01&sig=" + of(WORD, 40) + "%2B1A%3D"
    ],
    "a web token": ["eyJ" + of(WORD, 20) + ".eyJ" + of(WORD, 40) + "." + of(WORD, 43)],
    "a password in an address": [
        "postgres://shop:hunter22@db.example.com/shop",
        "mongodb+srv://shop:hunter22@db.example.com/shop",
        "redis://:hunter22@redis:6379",
        "https://user:hunter22@example.com/feed",
    ],
    "a key in a connection string": [
        "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=" + of(BASE64, 86) + "==",
        "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=" + of(BASE64, 43) + "=",
    ],
    "a password in a connection string": [
        "Server=tcp:db,1433;User ID=sa;Password=Hunter22!x",
        "server=db;uid=sa; pwd=correcthorse",
        "Password=hunter22",
    ],
    "registry credentials": ['{"auths":{"acme.azurecr.io":{"auth": "' + USER_AND_PASSWORD + '"}}}'],
    "credentials in a header": ["Authorization: Basic " + USER_AND_PASSWORD],
    "a token in a header": ["Authorization: Bearer " + of(WORD, 30) + "12"],
}

HARMLESS = [
    "",
    "info",
    "nginx@sha256:" + of(HEX, 64),
    "acme.azurecr.io/catalog:1.4.0",
    "11aa22bb-33cc-44dd-85ee-66ff77008811",
    of(HEX, 32),
    of(HEX, 40),
    of(HEX, 64),
    b64encode(bytes(range(200))).decode(),
    b64encode(b'{ "Logging": { "LogLevel": "Information" } }' * 20).decode(),
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQ\n-----END CERTIFICATE-----",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    "-----BEGIN PGP MESSAGE-----",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4vJzS0Yq3eG9v1mHn2b5m1q9xk7c3sVb8w0r2t4u6y me@example.com",
    "ENC[AES256_GCM,data:Q29ycmVjdA==,iv:p3BEYfasWJGPp3BEYfasWJGPp3BEYfasWJGPp3BEYfY=,tag:abcd,type:str]",
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "glpat-xxxxxxxxxxxxxxxxxxxx",
    "xoxb-your-token-goes-here",
    "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
    "postgres://db.example.com/shop",
    "postgres://shop:$PASSWORD@db/shop",
    "postgres://shop:${DB_PASSWORD}@db/shop",
    "postgres://shop:<password>@db/shop",
    "postgres://shop:{password}@db/shop",
    "postgres://shop:%s@db/shop",
    "postgres://shop:changeme@db/shop",
    "http://[::1]:8080/a@b",
    "https://example.com/a:b@c",
    "https://registry.example.com:5000/team@sha256",
    "nats://nats:4222",
    "Server=db;Password=$(DB_PASSWORD)",
    "Server=db;Password=<your password>",
    "Server=db;Password=********",
    "connect(user=user, password=password)",
    "connect(user=user, password=settings.password,",
    "this.password=credentials.password;",
    "read(password=load(2021))",
    "postgres://user:password@host/database",
    "AccountKey=<key>",
    "AccountKey=$(ACCOUNT_KEY)",
    "https://login.example.com?password=&next=/",
    "Basic authentication is turned off",
    "Basic " + b64encode(bytes(range(130, 150))).decode(),
    "Authorization: Bearer $(TOKEN)",
    "Bearer authentication-by-the-gateway",
    "?sig=short",
    "task-" + of(WORD, 48),
    "risk-management-for-everybody-who-works-here-and-there-today",
    "monkey-business-as-usual",
    "sk-SK",
    "npm_config_registry",
    "pypi-server",
    "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "10:AA",
    "SK" + "g" * 32,
    "hf_transfer",
    "key-value-store-for-all-that-is-cached",
    "eyJhbGciOiJub25lIn0",
    '{"auth": "required"}',
    '{"auth": "b2F1dGgyLXByb3h5"}',
    "arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:iam::111122223333:role/AKIAdmin",
    "https://acme.vault.azure.net/keys/sops-key/1234abcd12ab34cd56ef1234567890ab",
]

HOSTILE = [
    "://",
    ":/@",
    "a://:",
    "https://" + "a" * 90 + ":",
    "Basic ",
    "bearer a",
    "sk-",
    "-----BEGIN ",
    "-----BEGIN A ",
    "eyJ",
    "-eyJ",
    "-eyJaaaaaaaaaa.eyJ",
    "password=",
    "AWS_SECRET_ACCESS_KEY  ",
    '"auth":  ',
    "Q~",
    ":AA",
    "+ASt",
    "T3BlbkFJ",
    "1:",
    "a",
    "İ",
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SECRETS.items() for text in texts])
@pytest.mark.parametrize("around", ["{}", "before {} behind", '"{}",', "# was: {}\n"])
def test_a_secret_is_recognised_wherever_it_stands(name: str, text: str, around: str) -> None:
    said = around.format(text)

    (found,) = sightings(said)
    assert found.name == name
    assert said.startswith(text[:8]) or said[found.start : found.end].strip() in text


def test_every_format_is_tried() -> None:
    assert {each.name for each in (*FORMATS, *FOLDED_FORMATS)} == set(SECRETS)


@pytest.mark.parametrize("format_", [*FORMATS, *FOLDED_FORMATS])
def test_every_expression_is_one_and_no_anchor_goes_on_in_the_next_line(format_: Format) -> None:
    re.compile(format_.expression)
    re.compile(format_.before)
    assert not any("\n" in anchor for anchor in format_.anchors)


@pytest.mark.parametrize("text", [texts[0] for texts in SECRETS.values()])
def test_a_secret_is_recognised_among_thousands_of_lines_that_are_much_alike(text: str) -> None:
    lines = ["- a line of a large document"] * 2_000
    said = "\n".join([*lines, text, *lines])

    (found,) = sightings(said)
    assert text.startswith(said[found.start : found.end].strip()[:8]) or said[found.start : found.end].strip() in text


def test_a_secret_that_stands_twice_is_seen_twice() -> None:
    text = next(iter(SECRETS.values()))[0]

    assert len(sightings("\n".join([text, "a line between\n" * 1_000, text]))) == 2


@pytest.mark.parametrize("text", HARMLESS)
def test_what_resembles_a_secret_is_none(text: str) -> None:
    assert sightings(f"before {text} behind") == []
    assert not holds_secret(text)


def test_a_letter_that_is_longer_in_lower_case_moves_nothing() -> None:
    text = "İİİ Server=db;PASSWORD=hunter22"

    (found,) = sightings(text)
    assert text[found.start : found.end] == "PASSWORD=hunter22"


def test_several_secrets_are_found_in_their_order_and_once() -> None:
    token = "ghp_" + of(WORD, 36)
    text = f"postgres://shop:{token}@db/shop and {token}"

    assert [each.name for each in sightings(text)] == ["a password in an address", "a GitHub token"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_more_than_its_length(piece: str) -> None:
    long, short = (min(taken(piece, length) for _ in range(2)) for length in (1_000_000, 100_000))

    clock = 0.005  # what takes less is all measuring
    assert long < 40 * max(
        short, clock
    )  # ten times the text; what looks back at all that came before would take a hundred times


def taken(piece: str, length: int) -> float:
    """Return the processor's seconds for a text of *piece*, again and again."""
    text = (piece * (length // len(piece) + 1))[:length]
    begun = time.process_time()
    sightings(text)
    return time.process_time() - begun


def test_the_samples_of_this_project_hold_none_but_their_throw_away_keys() -> None:
    samples = Path(__file__).parents[2] / "samples"
    files = [each for each in samples.rglob("*") if each.is_file()]

    found = {each.name for each in files if holds_secret(each.read_bytes().decode("latin-1"))}

    assert len(files) > 50
    assert found == {"throwaway.agekey"}
