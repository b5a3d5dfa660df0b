"""What the document declares, held against what is sealed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from generator.model.diagnostics import Diagnostic, did_you_mean
from generator.model.sealed import SealedSource
from generator.model.sealed_place import SealedPlace
from generator.model.source import Position

UNSEALED_NAMES = frozenset({".gitattributes", ".gitignore", ".gitkeep", "README.md"})
"""Files that may lie beside the sealed ones."""


def sealed_findings(
    declared: Mapping[str, Position], source: SealedSource | None, place: SealedPlace
) -> tuple[Diagnostic, ...]:
    """Return where the keys of one Secret and its sealed file differ, and what is wrong with the file itself.

    Args:
        declared: The keys that the Secret must hold, and where the document asks for each.
        source: The sealed file, None where there is none.
        place: The sealed file's place.
    """
    if source is None:
        return tuple(_missing(key, at, place) for key, at in declared.items())
    if source.findings:
        return source.findings
    if source.keys == tuple(sorted(declared)):
        return ()
    return (*_unsealed(declared, source, place), *_undeclared(declared, source, place))


def orphaned_files(existing: Iterable[PurePosixPath], expected: Collection[str]) -> tuple[Diagnostic, ...]:
    """Return a finding for each of the *existing* files in the secrets' folder that nobody *expected*."""
    known = set(expected)
    found = sorted(str(path) for path in existing if path.name not in UNSEALED_NAMES)
    lacking = known.difference(found)  # to rename it to one that is there would lose that
    return tuple(_orphaned(path, lacking) for path in found if path not in known)


def _unsealed(declared: Mapping[str, Position], source: SealedSource, place: SealedPlace) -> Iterator[Diagnostic]:
    for key in sorted(declared.keys() - set(source.keys)):
        yield _missing(key, declared[key], place)


def _undeclared(declared: Mapping[str, Position], source: SealedSource, place: SealedPlace) -> Iterator[Diagnostic]:
    for key in source.keys:
        if key not in declared:
            message = f"'{key}' is sealed, and nothing declares it"
            hint = _or_else(
                did_you_mean(key, declared.keys() - set(source.keys)),
                f"run '{place.command('unset', key)}', or declare it",
            )
            yield Diagnostic("undeclared-sealed-value", message, source.locate(key), hint)


def _missing(key: str, at: Position, place: SealedPlace) -> Diagnostic:
    message = f"'{key}' has no sealed value in '{place.source}'"
    return Diagnostic("missing-sealed-value", message, at, f"run '{place.setting(key)}'")


def _orphaned(path: str, lacking: set[str]) -> Diagnostic:
    message = f"nothing declares the file '{path}'"
    hint = _or_else(did_you_mean(path, lacking), "delete it, or declare what it holds")
    return Diagnostic("orphaned-secret-file", message, Position(path), hint)


def _or_else(question: str, otherwise: str) -> str:
    """Return *question* and what to do if the answer is no; the latter alone where it is no question."""
    return f"{question} if not, {otherwise}" if question.endswith("?") else otherwise
