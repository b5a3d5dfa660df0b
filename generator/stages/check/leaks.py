"""Secrets in the open: literals that look like one where everybody can read them.

Formats: the prefixes that their issuers document for secret scanning (GitHub, GitLab, Slack, AWS, Google, Azure,
Stripe, npm, PyPI), RFC 7468 for private keys, RFC 7519 for web tokens.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from generator.model.diagnostics import Diagnostic
from generator.model.findings import Findings
from generator.model.inputs import SourceFile
from generator.model.microservice import Microservice
from generator.model.source import Position

_KNOWN = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    r"|AGE-SECRET-KEY-1[0-9A-Z]{20,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_[0-9A-Za-z_]{30,}"
    r"|\bglpat-[0-9A-Za-z_-]{20,}"
    r"|\bxox[abeprs]-[0-9A-Za-z-]{10,}"
    r"|\bAIza[0-9A-Za-z_-]{35}"
    r"|\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}"
    r"|\bnpm_[0-9A-Za-z]{36}\b|\bpypi-[0-9A-Za-z_-]{50,}"
    r"|\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"
    r"|(?i:\b(?:AccountKey|SharedAccessKey|Password|Pwd))=[^;\s\"']{6,}"
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@\"']{1,200}:(?!\$)[^/\s:@\"']{3,200}@[^\s\"']"
)

# Names that promise a secret, and values that keep no such promise: where to find one, how long one is, none.
_NAME = re.compile(
    r"(?i)(?:^|[_.-]|[a-z](?=[A-Z]))(?:password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|client_?secret)$"
)
_HARMLESS = re.compile(r"(?i)|true|false|none|null|\d{1,5}|/[\w./-]*|[a-z][a-z0-9+.-]*://[^@]*|\$\{?[\w.]+\}?|<[^>]*>")


def check_leaks(microservice: Microservice, findings: Findings) -> None:
    """Find `secret-looking-value` among plain variables, files, commands. The value is never repeated."""
    for name, text in microservice.variables.plain:
        if name in microservice.variables.declared_plain or not (looks_secret(text) or promises_secret(name, text)):
            continue
        path = findings.layered(microservice.layers, ("env", name))
        message = (
            f"variable '{name}' of '{microservice.name}' looks like a secret, and everybody who can read this can "
            "read it"
        )
        hint = f"write {name}: {{ secret: true }} and seal the value, or {{ plain: … }} if it is none"
        findings.error("secret-looking-value", message, path, hint)
    for file in microservice.files:
        if file.plain or not looks_secret_file(file.content):
            continue
        message = f"file '{file.name}' of '{microservice.name}' holds what looks like a secret"
        hint = f"make it {{ name: {file.name}, secret: true }} and seal the content, or add `plain: true` if it is none"
        findings.error("secret-looking-value", message, file.path, hint)
    for below, words in (("command", microservice.head.command), ("args", microservice.head.args)):
        for index, word in enumerate(words):
            if looks_secret(word):
                path = findings.layered(microservice.layers, ("head", below, index))
                message = f"head.{below} of '{microservice.name}' holds what looks like a secret"
                hint = "seal it as a variable, as in env: { NAME: { secret: true } }, and write $(NAME) in its place"
                findings.error("secret-looking-value", message, path, hint, value=True)


def check_manifests(files: Iterable[SourceFile], findings: Findings) -> None:
    """Find `secret-looking-value` in plain manifests, where they stand."""
    for file in files:
        match = _KNOWN.search(file.content.decode("latin-1"))
        if match is not None:
            before, _, rest = file.content[: match.start()].decode("latin-1").rpartition("\n")
            column = len(rest) - len(rest.lstrip()) + 1
            at = Position(file.name, before.count("\n") + 2 if before else 1, column)
            message = "this manifest holds what looks like a secret, and everybody who can read it can read that"
            hint = "declare it under `env` or `files` and seal it there, or as a file with `plain: true` if it is none"
            findings.found.append(Diagnostic("secret-looking-value", message, at, hint))


@lru_cache(maxsize=65536)
def looks_secret(text: str) -> bool:
    """Say whether *text* has the form of a known kind of secret."""
    return _KNOWN.search(text) is not None


@lru_cache(maxsize=4096)
def looks_secret_file(content: bytes) -> bool:
    """Say whether a file holds a known kind of secret; binary files are read as Latin-1."""
    return _KNOWN.search(content.decode("latin-1")) is not None


def promises_secret(name: str, text: str) -> bool:
    """Say whether the variable *name* is that of a secret, and *text* could be one."""
    return _name_promises(name) and _HARMLESS.fullmatch(text) is None


@lru_cache(maxsize=4096)
def _name_promises(name: str) -> bool:
    return _NAME.search(name) is not None
