"""Secrets in the open: literals that look like one where everybody can read them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from generator.model.diagnostics import Diagnostic
from generator.model.findings import Findings
from generator.model.inputs import SourceFile
from generator.model.lazy_pattern import lazy_pattern
from generator.model.leaks import MARKER, is_excused, leaks, lines_of
from generator.model.microservice import Microservice
from generator.model.sightings import holds_secret
from generator.model.source import Path, Position, Spot, Spots

_CODE = "secret-looking-value"

# Names that promise a secret, and values that keep no such promise: where to find one, how long one is, none.
_NAME = lazy_pattern(
    r"(?i)(?:^|[_.-]|[a-z](?=[A-Z]))(?:password|passwd|pwd|secret|token|api_?key|access_?key|private_?key|client_?secret)$"
)
_HARMLESS = lazy_pattern(
    r"(?i)|true|false|none|null|\d{1,5}|/[\w./-]*|[a-z][a-z0-9+.-]*://[^@]*|\$\{?[\w.]+\}?|<[^>]*>"
)


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
    hint = f"declare it under `env` or `files` and seal it there, or write `# {MARKER}` beside it if it is none"
    for file in files:
        findings.found += leaks(file.name, file.content.decode("utf-8", "replace"), "this manifest", hint)


def check_texts(findings: Findings) -> None:
    """Find `secret-looking-value` anywhere else in the document: labels, patches, probes, comments, included files.

    What was found in a variable, a file or a command is not said again, and what a person says is none is not said.
    """
    hint = f"seal it as a variable or a file with {{ secret: true }}, or write `# {MARKER}` beside it if it is none"
    document = findings.document
    for name, text in document.texts.items():
        found = list(leaks(name, text, "this", hint))
        if found:
            lines, spots, said = lines_of(text), document.spots_of(name), _said(findings)
            paths = ((each, _path_at(each.at, spots, lines)) for each in found)
            findings.found += (each for each, path in paths if not _is_known(path, spots, said, lines))
    findings.found[:] = [each for each in findings.found if not _is_excused(each, document.texts)]


def _said(findings: Findings) -> set[tuple[str, int, int]]:
    return {_place(each.at) for each in findings.found if each.code == _CODE}


def _is_known(path: Path, spots: Spots, said: set[tuple[str, int, int]], lines: Sequence[str]) -> bool:
    """Say whether the node at *path* was found to hold a secret, or is one that a person says holds none."""
    if path and path[-1] == "plain":
        return True
    if "recipients" in path:  # held against the forms of recipients, which are no secrets
        return True
    plain = spots.get((*path[:-1], "plain"))
    if path and path[-1] == "content" and plain is not None:
        return lines[plain.value.line - 1].startswith("true", plain.value.column - 1)
    around = (spots[path[:length]] for length in range(len(path), 0, -1) if path[:length] in spots)
    return any(_place(at) in said for spot in around for at in (spot.value, spot.key) if at is not None)


def _path_at(at: Position, spots: Spots, lines: Sequence[str]) -> Path:
    """Return the path of the node that stands *at* a place in *lines*; the empty one for a comment."""
    begun = ((spot.value.line, spot.value.column, len(path), path, spot) for path, spot in spots.items())
    before = [each for each in begun if each[:2] <= (at.line, at.column)]
    if not before:
        return ()
    line, column, _, path, spot = max(before, key=lambda each: each[:3])
    is_behind = line == at.line and column + spot.value.length <= at.column
    return () if is_behind or (line < at.line and _is_comment(lines[at.line - 1], spot, lines)) else path


def _is_comment(text: str, before: Spot, lines: Sequence[str]) -> bool:
    """Say whether the line *text* is a comment, and no line of the value *before* it, which may be one of many."""
    words = text.lstrip()
    begins = lines[before.value.line - 1][before.value.column - 1 :][:1]
    is_deeper = before.key is None or len(text) - len(words) >= before.key.column
    return words.startswith("#") and begins not in {"'", '"'} and not (begins in {"|", ">"} and is_deeper)


def _is_excused(finding: Diagnostic, texts: Mapping[str, str]) -> bool:
    text = texts.get(finding.at.file)
    return (
        finding.code == _CODE
        and text is not None
        and MARKER in text
        and is_excused(lines_of(text), finding.at.line - 1)
    )


def _place(at: Position) -> tuple[str, int, int]:
    return at.file, at.line, at.column


@lru_cache(maxsize=65536)
def looks_secret(text: str) -> bool:
    """Say whether *text* has the form of a known kind of secret."""
    return holds_secret(text)


@lru_cache(maxsize=4096)
def looks_secret_file(content: bytes) -> bool:
    """Say whether a file holds a known kind of secret; binary files are read as Latin-1."""
    return holds_secret(content.decode("latin-1"))


def promises_secret(name: str, text: str) -> bool:
    """Say whether the variable *name* is that of a secret, and *text* could be one."""
    return _name_promises(name) and _HARMLESS.fullmatch(text) is None


@lru_cache(maxsize=4096)
def _name_promises(name: str) -> bool:
    return _NAME.search(name) is not None
