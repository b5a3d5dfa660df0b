"""What the document declares, held against what is sealed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from shlex import quote

from generator.model.diagnostics import Diagnostic, did_you_mean, listed
from generator.model.sealed import SealedSource
from generator.model.source import Position

UNSEALED_NAMES = frozenset({".gitattributes", ".gitignore", ".gitkeep", "README.md"})
"""Files that may lie beside the sealed ones."""


def sealed_findings(
    declared: Mapping[str, Position], source: SealedSource | None, path: PurePosixPath
) -> tuple[Diagnostic, ...]:
    """Return where the keys of one Secret and its sealed file differ, and what is wrong with the file itself.

    Args:
        declared: The keys that the Secret must hold, and where the document asks for each.
        source: The sealed file, None where there is none.
        path: The sealed file's place, from the project's folder.
    """
    if source is None:
        hint = _creation(path, sorted(declared))
        return tuple(_missing(key, at, path, hint) for key, at in declared.items())
    if source.findings:
        return source.findings
    if source.keys == tuple(sorted(declared)):
        return ()
    return (*_unsealed(declared, source, path), *_undeclared(declared, source))


def orphaned_files(existing: Iterable[PurePosixPath], expected: Collection[PurePosixPath]) -> tuple[Diagnostic, ...]:
    """Return a finding for each of the *existing* files in the secrets' folder that nobody *expected*."""
    known = {str(path) for path in expected}
    found = sorted(str(path) for path in existing if path.name not in UNSEALED_NAMES)
    return tuple(_orphaned(path, known) for path in found if path not in known)


def _unsealed(declared: Mapping[str, Position], source: SealedSource, path: PurePosixPath) -> Iterator[Diagnostic]:
    command = f"sops edit {quote(str(path))}"
    for key in sorted(declared.keys() - set(source.keys)):
        after = max((each for each in source.keys if each < key), default="")
        place = f"after '{after}'" if after else "first"
        yield _missing(key, declared[key], path, f"run `{command}` and add '{key}' {place}")


def _undeclared(declared: Mapping[str, Position], source: SealedSource) -> Iterator[Diagnostic]:
    for key in source.keys:
        if key not in declared:
            message = f"'{key}' is sealed, and nothing declares it"
            hint = _or_else(
                did_you_mean(key, declared.keys() - set(source.keys)),
                f"run `sops edit {quote(source.name)}` and remove it",
            )
            yield Diagnostic("undeclared-sealed-value", message, source.locate(key), hint)


def _missing(key: str, at: Position, path: PurePosixPath, hint: str) -> Diagnostic:
    return Diagnostic("missing-sealed-value", f"'{key}' has no sealed value in '{path}'", at, hint)


def _creation(path: PurePosixPath, keys: list[str]) -> str:
    # SOPS opens an example in the editor and seals what replaces it, but makes no folders.
    command = f"mkdir -p {quote(str(path.parent))} && sops edit {quote(str(path))}"
    return f"run `{command}` and replace the example by 'stringData:' with {listed(keys)} below it"


def _orphaned(path: str, known: set[str]) -> Diagnostic:
    message = f"nothing declares the file '{path}'"
    hint = _or_else(did_you_mean(path, known), "delete it, or declare what it holds")
    return Diagnostic("orphaned-secret-file", message, Position(path), hint)


def _or_else(question: str, otherwise: str) -> str:
    """Return *question* and what to do if the answer is no; the latter alone where it is no question."""
    return f"{question} if not, {otherwise}" if question.endswith("?") else otherwise
