"""What secrets look like: the formats by which their issuers, and everybody else, can tell them.

Sources: the issuers' own documentation and GitHub's list of supported secret scanning patterns
(https://docs.github.com/en/code-security/secret-scanning); prefixes and lengths as the rules of gitleaks
(https://github.com/gitleaks/gitleaks) and of Microsoft (https://github.com/microsoft/security-utilities) have them;
RFC 7468 for private keys, RFC 7519 for web tokens, RFC 7617 and RFC 6750 for headers.

Every format has literal *anchors*, by which `model/sightings.py` finds it; none of them goes on in the next line.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import NamedTuple

from generator.model.lazy_pattern import lazy_pattern


class Format(NamedTuple):
    """One kind of secret.

    Attributes:
        name: What it is, in messages, with its article.
        anchors: One of these stands in every such secret; in lower case where the expression ignores case.
        expression: What stands at the anchor. Its group `value`, where it has one, must not be a placeholder. Like the
            next one it is compiled when an anchor was found: all of them together take longer than most runs look.
        before: What stands before the anchor, up to it; empty where nothing has to.
        holds: Says whether the value is one, where an expression cannot.
    """

    name: str
    anchors: tuple[str, ...]
    expression: str
    before: str = ""
    holds: Callable[[str], bool] | None = None


_PLACEHOLDER = lazy_pattern(
    r"(?i)[$<{%\[*(].*|[x*.0_-]+|(?:your|my|some|the)[-_].*|todo|dummy|pass(?:word|wd)?|pwd|secret", re.DOTALL
)
_DIGIT = lazy_pattern(r"\d")
_IN_CODE = lazy_pattern(r"[()\[\]{}]|,\Z")
_HOLDS_ITS_PLACE = lazy_pattern(r"(?i)change[-_ ]?me|placeholder|redacted|example|x{8}|\.\.\.|…|\*{3}")


def is_placeholder(value: str) -> bool:
    """Say whether *value* only holds the place of a secret."""
    return _PLACEHOLDER.fullmatch(value) is not None or _HOLDS_ITS_PLACE.search(value) is not None


def _is_user_and_password(value: str) -> bool:
    """Say whether *value* is `user:password` in base64."""
    try:
        text = b64decode(value, validate=True).decode("ascii")
    except ValueError:
        return False
    user, colon, password = text.partition(":")
    return bool(colon and user and len(password) > 2) and text.isprintable() and not is_placeholder(password)  # noqa: PLR2004  (shorter is no password)


def _is_random(value: str) -> bool:
    """Say whether *value* mixes letters and digits as words do not."""
    digits = sum(each.isdigit() for each in value)
    return digits > 1 and any(each.isalpha() for each in value)


def _is_no_code(value: str) -> bool:
    """Say whether *value* is more than a name or an expression, as what stands behind `password=` in a program is."""
    return _DIGIT.search(value) is not None and _IN_CODE.search(value) is None


def _format(
    name: str, anchors: str, expression: str, before: str = "", holds: Callable[[str], bool] | None = None
) -> Format:
    """Return a format whose *anchors* are separated by commas."""
    return Format(name, tuple(anchors.split(",")), expression, f"{before}\\Z" if before else "", holds)


# `(?<![A-Za-z0-9_])` and the like instead of a word's edge where a hyphen may stand in the value.
FORMATS: tuple[Format, ...] = (
    _format("a private key", "-----BEGIN", r"-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    _format("a private key", "PuTTY-User-Key-File-", r"PuTTY-User-Key-File-\d:"),
    _format("a private age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20}"),
    _format("an AWS access key", "AKIA,ASIA", r"\b(?:AKIA|ASIA)(?P<value>[0-9A-Z]{16})\b"),
    _format("a GitHub token", "ghp_,gho_,ghu_,ghs_,ghr_", r"\bgh[pousr]_[0-9A-Za-z]{30,255}"),
    _format("a GitHub token", "github_pat_", r"\bgithub_pat_(?P<value>[0-9A-Za-z_]{30,255})"),
    _format(
        "a GitLab token",
        "glpat-,gldt-,glrt-,glcbt-,glptt-,glft-,glsoat-,glimt-,glagent-,gloas-,glffct-",
        r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-(?P<value>[0-9A-Za-z_.=-]{20,300})",
    ),
    _format(
        "a Slack token",
        "xoxa-,xoxb-,xoxe-,xoxp-,xoxr-,xoxs-,xoxe.",
        r"\bxox[abeprs][-.](?P<value>[0-9A-Za-z.-]{10,250})",
    ),
    _format("a Slack token", "xapp-", r"\bxapp-\d-[0-9A-Z]{8,20}-\d{8,20}-[0-9a-z]{20,80}"),
    _format(
        "a Slack webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[0-9A-Za-z+/]{43,80})",
    ),
    _format(
        "a Teams webhook",
        ".webhook.office.com/webhookb2/",
        r"\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/(?P<value>[0-9a-f]{32})",
    ),
    _format(
        "a Discord webhook",
        "/api/webhooks/",
        r"/api/webhooks/\d{17,20}/(?P<value>[0-9A-Za-z_-]{60,80})",
        before=r"discord(?:app)?\.com",
    ),
    _format("a Google API key", "AIza", r"\bAIza(?P<value>[0-9A-Za-z_-]{35})"),
    _format("a Google client secret", "GOCSPX-", r"\bGOCSPX-(?P<value>[0-9A-Za-z_-]{28})"),
    _format("a Google access token", "ya29.", r"\bya29\.(?P<value>[0-9A-Za-z_-]{30,500})"),
    _format(
        "a Stripe key",
        "sk_live_,sk_test_,rk_live_,rk_test_,whsec_",
        r"\b(?:[rs]k_(?:live|test)|whsec)_(?P<value>[0-9A-Za-z+/]{16,250})",
    ),
    _format("an npm token", "npm_", r"\bnpm_[0-9A-Za-z]{36}\b"),
    _format("a PyPI token", "pypi-", r"\bpypi-(?P<value>[0-9A-Za-z_-]{50,500})"),
    _format("a RubyGems key", "rubygems_", r"\brubygems_[0-9a-f]{48}\b"),
    _format("a NuGet key", "oy2", r"\boy2[a-z0-9]{43}\b"),
    _format("a Docker Hub token", "dckr_pat_,dckr_oat_", r"\bdckr_[po]at_(?P<value>[0-9A-Za-z_-]{20,80})"),
    _format("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}(?:-\d)?\b"),
    _format("a HashiCorp Vault token", "hvs.,hvb.,hvr.", r"\bhv[sbr]\.(?P<value>[0-9A-Za-z_-]{24,500})"),
    _format(
        "a Terraform token", ".atlasv1.", r"\.atlasv1\.(?P<value>[0-9A-Za-z_=-]{60,70})", before=r"\b[0-9A-Za-z]{14}"
    ),
    _format("an OpenAI key", "T3BlbkFJ", r"T3BlbkFJ[0-9A-Za-z_-]{20,120}", before=r"\bsk-[0-9A-Za-z_-]{20,120}"),
    _format("an OpenAI key", "sk-", r"\bsk-(?P<value>[0-9A-Za-z]{48})\b"),
    _format("an Anthropic key", "sk-ant-", r"\bsk-ant-[a-z]{3,8}\d\d-(?P<value>[0-9A-Za-z_-]{60,200})"),
    _format("a Hugging Face token", "hf_", r"\bhf_[A-Za-z]{34}\b"),
    _format("a SendGrid key", "SG.", r"\bSG\.(?P<value>[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43})(?![0-9A-Za-z_-])"),
    _format("a Twilio key", "SK", r"\bSK(?P<value>[0-9a-f]{32})\b", holds=_is_random),
    _format("a Mailgun key", "key-", r"(?<![0-9A-Za-z_-])key-(?P<value>[0-9a-f]{32})\b", holds=_is_random),
    _format("a Mailchimp key", "-us", r"-us\d{1,2}\b", before=r"\b[0-9a-f]{32}", holds=_is_random),
    _format("a Telegram bot token", ":AA", r":AA[0-9A-Za-z_-]{33}(?![0-9A-Za-z_-])", before=r"\b\d{8,10}"),
    _format("a Shopify token", "shpat_,shpca_,shppa_,shpss_", r"\bshp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}\b"),
    _format("a DigitalOcean token", "dop_v1_,doo_v1_,dor_v1_", r"\bdo[por]_v1_(?P<value>[0-9a-f]{64})\b"),
    _format("a Grafana token", "glsa_", r"\bglsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}\b"),
    _format("a Grafana token", "glc_", r"\bglc_[0-9A-Za-z+/]{32,400}={0,2}"),
    _format("a New Relic key", "NRAK-", r"\bNRAK-(?P<value>[0-9A-Z]{27})\b"),
    _format("an Atlassian token", "ATATT3", r"\bATATT3(?P<value>[0-9A-Za-z_=-]{150,250})"),
    _format("a Sentry token", "sntrys_,sntryu_", r"\bsntry[su]_[0-9A-Za-z+/_=-]{60,400}"),
    _format("a Pulumi token", "pul-", r"(?<![0-9A-Za-z_-])pul-(?P<value>[0-9a-f]{40})\b"),
    _format(
        "an Azure AD client secret",
        "Q~",
        r"Q~[0-9A-Za-z_~.-]{31,34}(?![0-9A-Za-z_~.-])",
        before=r"(?<![0-9A-Za-z_~.-])[0-9A-Za-z_~.]{3}\d",
    ),
    _format("an Azure DevOps token", "AZDO", r"AZDO[0-9A-Za-z]{4}\b", before=r"\b[0-9A-Za-z]{76}"),
    _format("an Azure storage key", "+ASt", r"\+ASt[0-9A-Za-z+/]{6}==", before=r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{76}"),
    _format(
        "an Azure registry key",
        "+ACR",
        r"\+ACR[A-D][0-9A-Za-z+/]{5}(?![0-9A-Za-z+/])",
        before=r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{42}",
    ),
    _format(
        "an Azure key", "JQQJ9", r"JQQJ9[9DH][0-9A-Za-z][A-L][0-9A-Za-z]{24}", before=r"(?<![0-9A-Za-z])[0-9A-Za-z]{52}"
    ),
    _format(
        "a shared access signature",
        "sig=",
        r"(?<![0-9A-Za-z_])sig=(?P<value>[0-9A-Za-z+/%]{43,80}(?:=|%3[Dd])?)(?![0-9A-Za-z+/%])",
        holds=_is_random,
    ),
    _format(
        "a web token", "eyJ", r"(?<![0-9A-Za-z_.-])eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"
    ),
    _format(
        "a password in an address",
        "://",
        r"://[^/\s:@\"'<>]{0,100}:(?P<value>[^/\s:@\"'<>]{3,200})@[^\s\"']",
        before=r"[A-Za-z][A-Za-z0-9+.-]{1,20}",
    ),
    _format(
        "registry credentials",
        '"auth"',
        r'"auth"\s{0,8}:\s{0,8}"(?P<value>[0-9A-Za-z+/]{8,500}={0,2})"',
        holds=_is_user_and_password,
    ),
)
"""The formats whose letters are as they are."""

FOLDED_FORMATS: tuple[Format, ...] = (
    _format(
        "a key in a connection string",
        "accountkey=,sharedaccesskey=,sharedsecretvalue=",
        r"(?i)\b(?:AccountKey|SharedAccessKey|SharedSecretValue)=(?P<value>[0-9A-Za-z+/]{20,200}={0,2})",
    ),
    _format(
        "a password in a connection string",
        "password=,pwd=",
        r"(?i)(?:(?<=;)|(?<=; ))(?:Password|Pwd)=(?P<value>[^;\s\"'&]{6,200})",
    ),
    _format(
        "a password in a connection string",
        "password=,pwd=",
        r"(?i)\b(?:Password|Pwd)=(?P<value>[^;\s\"'&]{6,200})",
        holds=_is_no_code,
    ),
    _format(
        "an AWS secret key",
        "secret_access_key,secretaccesskey,aws_secret_key,awssecretkey",
        r"(?i)(?:AWS_?)?Secret_?(?:Access_?)?Key[\"']?\s{0,4}(?:=|:|=>)\s{0,4}[\"']?(?P<value>[0-9A-Za-z/+]{40})(?![0-9A-Za-z/+])",
    ),
    _format(
        "credentials in a header",
        "basic ",
        r"(?i)\bBasic {1,4}(?P<value>[0-9A-Za-z+/]{8,500}={0,2})(?![0-9A-Za-z+/=])",
        holds=_is_user_and_password,
    ),
    _format(
        "a token in a header",
        "bearer ",
        r"(?i)\bBearer {1,4}(?P<value>[0-9A-Za-z._~+/-]{20,500}=*)",
        holds=_is_random,
    ),
)
"""The formats that are the same in capitals and small letters; their anchors are in small ones."""
