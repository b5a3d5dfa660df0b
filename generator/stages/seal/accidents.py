"""What happens to values on their way into a sealed file, told from the values themselves, which nobody else gets.

No finding repeats a value or a part of one, nor says how long it is; the key under which it stands is enough to look.
"""

import hashlib
import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from msgspec import Struct

from generator.model.declared_secret import REGISTRY_KEYS
from generator.model.diagnostics import Diagnostic, Severity
from generator.model.lazy_pattern import lazy_pattern
from generator.model.sealed import SealedSource
from generator.model.sealed_place import Kind, SealedPlace
from generator.model.source import Position

_WORDS = (
    r"to[-_ ]?do|tbd|fixme|n/?a|none|null|dummy|test|secret|passw(?:or)?d|redacted|placeholder|example|foo|bar|foobar"
)
_PLACEHOLDER = lazy_pattern(
    rf"(?i)<.*>|\{{\{{.*\}}\}}|\$\{{.*\}}|%\w+%|[x*.?0_-]+|1234\d*|(?:{_WORDS})[0-9!]*|your[-_ ]\w+(?:[-_ ]\w+)*"
    r"|.*(?:change|replace)[-_ ]?(?:me|it|this).*|(?:insert|put)[-_ ].*[-_ ]here",
    re.DOTALL,
)
"""What stands where a value should come, as templates and tutorials have it."""

_LONGEST_PLACEHOLDER = 120

SHORTEST = 6
"""Fewer characters than these are guessed, or were cut off."""

_BASE64 = lazy_pattern(r"(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_NAMES = frozenset({"azurestorageaccountname"})
"""Keys that hold a name and not a secret."""

_DOCKER_HUB = frozenset({"docker.io", "index.docker.io"})


class Fingerprint(Struct, frozen=True):
    """One value by a keyed digest, so that equal ones can be told within this process; it is stored nowhere."""

    place: SealedPlace
    key: str
    at: Position
    digest: bytes


def accidents(source: SealedSource, values: Mapping[str, str], kind: Kind, host: str) -> Iterator[Diagnostic]:
    """Yield a finding for each of *values* that looks as if something had happened to it.

    Args:
        source: The sealed file, in which findings point at keys.
        values: What it holds, by key.
        kind: What such a file holds.
        host: The registry that pods pull from, for a file that says how; may be empty.
    """
    for key, value in values.items():
        at = source.locate(key)
        if kind is Kind.REGISTRY and key in REGISTRY_KEYS:
            yield from _login(value, host, at)
        elif kind is Kind.FILES:
            yield from _of_file(key, value, at)
        else:
            yield from _of_text(key, value, at)


def fingerprints(
    source: SealedSource, values: Mapping[str, str], place: SealedPlace, pepper: bytes
) -> tuple[Fingerprint, ...]:
    """Return one for each of *values* that is long enough not to be the same by chance.

    Args:
        source: The sealed file, from *place*.
        values: What it holds, by key.
        place: Whose it is.
        pepper: Random bytes of this run, at most 64.
    """
    return tuple(
        Fingerprint(place, key, source.locate(key), hashlib.blake2b(value.encode(), key=pepper).digest())
        for key, value in values.items()
        if key not in _NAMES and len(value) >= SHORTEST and not _is_placeholder(value.strip())
    )


def repetitions(found: Iterable[Fingerprint]) -> Iterator[Diagnostic]:
    """Yield a finding for each value that another environment has too, beside the second of them and those after it."""
    found = [each for each in found if each.place.environment]
    first: dict[bytes, Fingerprint] = {}
    namesakes: dict[tuple[bytes, str], Fingerprint] = {}
    for each in found:
        other = namesakes.get((each.digest, each.key)) or first.get(each.digest)
        namesakes.setdefault((each.digest, each.key), each)
        first.setdefault(each.digest, each)
        if other is not None and _stage(each.place) != _stage(other.place):
            message = f"'{each.key}' has the same value as '{other.key}' of '{other.place.name}'"
            hint = "give each environment a secret of its own, so that who may see one does not know the other"
            yield _say("repeated-value", message, each.at, hint)


def _stage(place: SealedPlace) -> tuple[str, str]:
    """Return the application and the environment of *place*."""
    return place.subject.partition("/")[0], place.environment


def _of_text(key: str, value: str, at: Position) -> Iterator[Diagnostic]:
    text = value.strip()
    if value != text:
        where = "ends in a line break" if value.rstrip("\r\n") == text else "begins or ends in blanks"
        hint = "was it pasted so? seal it again without, or the program that reads it has to know"
        yield _say("stray-blanks", f"'{key}' {where}", at, hint)
    if _is_placeholder(text):
        hint = "seal the value that was meant"
        yield _say("placeholder-value", f"'{key}' holds a placeholder", at, hint)
    elif len(text) < SHORTEST and key not in _NAMES:
        message = f"'{key}' is very short: fewer than {SHORTEST} characters"
        yield _say("short-value", message, at, "was it cut off? if not, choose one that nobody guesses")
    elif _is_encoded_text(text):
        message = f"'{key}' is a text in base64"
        hint = "was it copied out of a Secret's `data`? seal the text itself: Kubernetes encodes it"
        yield _say("encoded-value", message, at, hint)


def _of_file(key: str, value: str, at: Position) -> Iterator[Diagnostic]:
    text = value.strip()
    if not text or _is_placeholder(text):
        yield _say("placeholder-value", f"'{key}' holds a placeholder", at, "seal the file that was meant")


def _is_placeholder(text: str) -> bool:
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None


def _is_encoded_text(value: str) -> bool:
    """Say whether *value* decodes to text that people write; a random key hardly ever does."""
    if not _BASE64.fullmatch(value):
        return False
    try:
        decoded = b64decode(value, validate=True).decode("ascii")
    except (Base64Error, UnicodeDecodeError):
        return False
    return all(each.isprintable() or each in "\r\n\t" for each in decoded)


def _login(value: str, host: str, at: Position) -> Iterator[Diagnostic]:
    try:
        said = json.loads(value)
    except ValueError:
        said = None
    auths = said.get("auths") if isinstance(said, dict) else None
    again = "run 'platformc secrets set APPLICATION --registry': it asks for user name and password"
    if not isinstance(auths, dict) or not auths:
        message = "the value of '.dockerconfigjson' is no JSON object with a map 'auths'"
        yield Diagnostic("bad-docker-config", message, at, again)
    elif host and not any(_means(name, host) for name in auths):
        message = f"'.dockerconfigjson' has no account for '{host}', which the document names"
        yield Diagnostic("bad-docker-config", message, at, again)


def _means(name: str, host: str) -> bool:
    """Say whether an account called *name* is taken for *host*: names may bear a scheme, a path, and wildcards."""
    plain = name.partition("://")[2] or name
    wanted, given = host.partition("/")[0].lower(), plain.partition("/")[0].lower()
    return fnmatchcase(wanted, given) or (wanted in _DOCKER_HUB and given in _DOCKER_HUB)


def _say(code: str, message: str, at: Position, hint: str) -> Diagnostic:
    return Diagnostic(code, message, at, hint, Severity.WARNING)
