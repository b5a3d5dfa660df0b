"""Why a sealed file cannot be carried: each fault, its place, the command that mends it; never a value."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from shlex import quote

from generator.model.conflict_marks import conflict_line
from generator.model.diagnostics import Diagnostic, listed
from generator.model.lazy_pattern import lazy_pattern
from generator.model.on_disk import Obstacle
from generator.model.sealed import (
    CONTROL,
    ENCRYPTED_REGEX,
    LARGEST_SECRET,
    SEALED_COMMENT,
    has_recipients,
    is_new_enough,
    is_sealed_string,
    is_secret_key,
    locate,
)
from generator.model.source import Json, Position

_ENTRY = lazy_pattern(r"^ *(?:\? +)?[\"']?([-._a-zA-Z0-9]+)[\"']? *(?::|$)")
_BREAK = lazy_pattern(r"\r\n?|\n")
_PLACE = lazy_pattern(r"at line (\d+), column (\d+)")
_PARTS = lazy_pattern(r"ENC\[AES256_GCM,data:([A-Za-z0-9+/=]*),.*type:([a-z]+)\]")
_ONE_DOCUMENT = "one document with 'stringData' and 'sops'"
_RESTORE = "restore the file from version control: it is not whole"


def edit_command(file: str) -> str:
    """Return the command that opens the sealed *file*, from the project's folder, in the person's editor."""
    return f"sops edit {quote(file)}"


def seal_command(file: str) -> str:
    """Return the command that seals the plaintext *file* in its place."""
    return f"sops encrypt --in-place {quote(file)}"


def reseal_command(file: str) -> str:
    """Return the command that seals *file* again, as `.sops.yaml` says; the plaintext stays in the pipe."""
    return f"sops decrypt {quote(file)} | sops encrypt --filename-override {quote(file)} --output {quote(file)}"


def obstructed(file: str, obstacle: Obstacle) -> Diagnostic:
    """Return the finding that something else stands where the sealed *file* belongs."""
    message = f"'{file}' cannot be read: {obstacle.value} stands where a file is needed"
    hint = "move it away, then restore the file from version control"
    return Diagnostic("unreadable-file", message, Position(file), hint)


def unreadable(file: str, content: bytes, error: Exception) -> tuple[Diagnostic, ...]:
    """Return why *content* is not the YAML of a sealed file; *error* is what the reader raised."""
    if isinstance(error, UnicodeDecodeError):
        before = content[: error.start]
        at = Position(file, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        return (Diagnostic("sealed-shape", "the file is not UTF-8", at, _RESTORE),)
    lines = _BREAK.split(content.decode("utf-8-sig"))
    conflict = conflict_line(lines)
    if conflict is not None:
        again = f"'git checkout --merge -- {quote(file)}'"
        hint = f"run 'platformc secrets merge --install', then {again}: it merges the values of both sides"
        return (Diagnostic("sealed-shape", "a merge left a conflict", Position(file, conflict), hint),)
    repeated = tuple(_repeated(file, lines))
    if repeated:
        return repeated
    return (Diagnostic("sealed-shape", "the file is not valid YAML", _place(file, lines, str(error)), _RESTORE),)


def _place(file: str, lines: list[str], error: str) -> Position:
    """Return where the reader gave up, as its *error* says: in a file that was cut off, at the end of what is left."""
    place = _PLACE.search(error)
    if place is None:
        return Position(file)
    line = int(place[1])
    return Position(file, line, int(place[2])) if line <= len(lines) else Position(file, len(lines), len(lines[-1]) + 1)


def _repeated(file: str, lines: list[str]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.startswith("sops:"):
            return
        found = _ENTRY.match(line)
        if found and found[1] in seen:
            at = Position(file, number, found.start(1) + 1, len(found[1]))
            yield Diagnostic("sealed-shape", f"'{found[1]}' is there twice", at, "remove one of the two lines")
        elif found:
            seen.add(found[1])


def faults(file: str, text: str, body: Json) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the sealed *file*, whose *text* reads as *body*; at least one finding."""
    control = CONTROL.search(text)
    if control:
        before = text[: control.start()]
        at = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return (Diagnostic("sealed-shape", "the file holds a control character", at, _RESTORE),)
    if not isinstance(body, dict):
        return (_not_one_document(file, text, body),)
    if not isinstance(body.get("sops"), dict):
        if _PARTS.search(text):
            message = "the file has no 'sops' block, without which nobody can unseal its values"
            return (Diagnostic("sealed-shape", message, Position(file), _RESTORE),)
        hint = f"run `{seal_command(file)}`, and change the values if the file was ever shared"
        message = "the file is not sealed: it has no 'sops' block, and may hold plaintext"
        return (Diagnostic("not-sealed", message, Position(file), hint),)
    found = [*_top_level(file, text, body), *_comments(file, text), *_options(file, text, body["sops"])]
    values = body.get("stringData")
    if isinstance(values, dict) and values:
        found += [fault for key, value in values.items() for fault in _entry(file, text, key, value)]
        found += _order(file, text, [key for key in values if isinstance(key, str)])
        found += _size(file, text, values)
    elif "stringData" in body:
        message = "'stringData' is not a map of sealed values" if values else "'stringData' is empty"
        at = locate(file, text, "stringData", top=True)
        found.append(Diagnostic("sealed-shape", message, at, f"run `{edit_command(file)}`, or delete the file"))
    if not found:
        message = "the file is not laid out as SOPS writes it: 'stringData' in a block, then 'sops'"
        hint = f"run `{reseal_command(file)}`, or restore the file from version control if that fails"
        found.append(Diagnostic("sealed-shape", message, Position(file), hint))
    return tuple(found)


def _not_one_document(file: str, text: str, body: Json) -> Diagnostic:
    if body is None:
        hint = "restore it from version control, or delete it"
        return Diagnostic("sealed-shape", f"the file is empty, expected {_ONE_DOCUMENT}", Position(file), hint)
    separator = re.compile(r"^(?:---|\.\.\.)", re.MULTILINE).search(text, 1)
    if isinstance(body, list) and separator:
        at = Position(file, text.count("\n", 0, separator.start()) + 1, 1, 3)
        hint = "keep the first document: SOPS does not protect what stands after it"
        return Diagnostic("sealed-shape", f"the file holds several documents, expected {_ONE_DOCUMENT}", at, hint)
    return Diagnostic("sealed-shape", f"the file is not a map, expected {_ONE_DOCUMENT}", Position(file), _RESTORE)


def _top_level(file: str, text: str, body: Mapping[str, Json]) -> Iterator[Diagnostic]:
    if "stringData" not in body:
        message = "the file has no 'stringData', where the values belong"
        hint = f"run `{edit_command(file)}` and write the values below 'stringData', as text, not in base64"
        at = locate(file, text, "data" if "data" in body else "sops", top=True)
        yield Diagnostic("sealed-shape", message, at, hint)
    for key in body:
        if key in ("stringData", "sops") or (key == "data" and "stringData" not in body):
            continue
        message = f"unexpected '{_shown(key)}' beside 'stringData' and 'sops'"
        at = locate(file, text, str(key), top=True)
        yield Diagnostic("sealed-shape", message, at, "remove it: the rest of the Secret is compiled")


def _comments(file: str, text: str) -> Iterator[Diagnostic]:
    begin, end = text.find("stringData:"), text.rfind("\nsops:")
    if not 0 <= begin < end:
        return
    for number, line in enumerate(text[begin:end].split("\n"), text.count("\n", 0, begin) + 1):
        start = line.find("#")
        if line.startswith(" ") and start >= 0 and not SEALED_COMMENT.fullmatch(line[start:].rstrip()):
            message = "a comment inside 'stringData' is not sealed"
            hint = f"remove it, or run `{reseal_command(file)}`"
            yield Diagnostic("plaintext-value", message, Position(file, number, start + 1), hint)


def _entry(file: str, text: str, key: Json, value: Json) -> Iterator[Diagnostic]:
    at = locate(file, text, str(key), top=False)
    edit = f"run `{edit_command(file)}`"
    if not is_secret_key(key):
        message = f"'{_shown(key)}' is not a key that a Secret takes"
        yield Diagnostic("bad-secret-key", message, at, "use letters, digits, '-', '_' and '.', at most 253")
    if value is None or value == "":
        message = f"'{_shown(key)}' is empty, and SOPS does not protect an empty value"
        yield Diagnostic("sealed-shape", message, at, f"{edit} and give it a value, or remove it")
    elif isinstance(value, dict | list):
        message = f"'{_shown(key)}' holds several values, expected one string"
        yield Diagnostic("sealed-shape", message, at, f"{edit} and write one string in their place")
    elif not is_sealed_string(value):
        yield _not_a_sealed_string(file, _shown(key), value, at)


def _not_a_sealed_string(file: str, key: str, value: Json, at: Position) -> Diagnostic:
    sealed = _PARTS.fullmatch(value) if isinstance(value, str) else None
    if sealed and sealed[2] != "str":
        hint = f"run `{edit_command(file)}` and put the value of '{key}' in double quotes"
        return Diagnostic("sealed-shape", f"'{key}' is sealed as '{sealed[2]}', expected a string", at, hint)
    if isinstance(value, str) and value.startswith("ENC["):
        return Diagnostic("sealed-shape", f"the sealed value of '{key}' is damaged", at, _RESTORE)
    hint = f"remove the line, add it by `{edit_command(file)}`, and change the value if it was ever shared"
    return Diagnostic("plaintext-value", f"'{key}' holds plaintext", at, hint)


def _shown(key: Json) -> str:
    return str(key) if isinstance(key, str | int | float) else "?"


def _order(file: str, text: str, keys: list[str]) -> Iterator[Diagnostic]:
    for before, key in pairwise(keys):
        if key < before:
            message = f"'{key}' stands after '{before}', out of order"
            hint = f"run `{edit_command(file)}` and put them in code-point order: {listed(sorted(keys))}"
            yield Diagnostic("unsorted-keys", message, locate(file, text, key, top=False), hint)
            return


def _size(file: str, text: str, values: Mapping[str, Json]) -> Iterator[Diagnostic]:
    found = [_PARTS.fullmatch(value) for value in values.values() if isinstance(value, str)]
    size = sum(len(each[1]) * 3 // 4 - each[1].count("=") for each in found if each)
    if size > LARGEST_SECRET:
        message = f"the values have {size} bytes together, over the {LARGEST_SECRET} of a Secret"
        hint = "keep what is large in a vault or a volume"
        yield Diagnostic("secret-too-large", message, locate(file, text, "stringData", top=True), hint)


def _options(file: str, text: str, sops: Mapping[str, Json]) -> Iterator[Diagnostic]:
    top = locate(file, text, "sops", top=True)

    def finding(key: str, message: str, hint: str) -> Diagnostic:
        return Diagnostic("sealed-options", message, locate(file, text, key, top=False) if key in sops else top, hint)

    whole = (
        ("mac", is_sealed_string(sops.get("mac"))),
        ("lastmodified", isinstance(sops.get("lastmodified"), str)),
        ("version", "version" in sops),
    )
    lost = [key for key, good in whole if not good]
    if lost:  # no command of SOPS would open it, so whatever else is wrong is not to be mended by one
        yield from (finding(key, f"the 'sops' block has no '{key}' that SOPS would take", _RESTORE) for key in lost)
        return
    reseal = f"run `{reseal_command(file)}`, with the compiled '.sops.yaml' in place"
    if sops.get("encrypted_regex") != ENCRYPTED_REGEX:
        yield finding("encrypted_regex", f"the file is not sealed with 'encrypted_regex: {ENCRYPTED_REGEX}'", reseal)
    if sops.get("mac_only_encrypted") is not True:
        message = "the file is not sealed with 'mac_only_encrypted: true', so its metadata cannot be compiled"
        yield finding("mac_only_encrypted", message, reseal)
    if "version" in sops and not is_new_enough(sops["version"]):
        yield finding("version", "the file was sealed by a SOPS older than 3.9", f"with a newer one, {reseal}")
    if not has_recipients(sops):
        yield finding("sops", "the 'sops' block names no recipient", _RESTORE)
