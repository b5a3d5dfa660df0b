"""What the document declares, held against what is sealed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from generator.model.diagnostics import Diagnostic, did_you_mean
from generator.model.sealed import SealedSource
from generator.model.sealed_place import SealedPlace
from generator.model.source import Position
from generator.stages.seal.renamed import are_alike, moved_from, moved_to

UNSEALED_NAMES = frozenset({".gitattributes", ".gitignore", ".gitkeep", "README.md"})
"""Files that may lie beside the sealed ones."""

_WHY = ", for "
"""What leads on to what a value is for; neither keys nor names of files hold a blank."""


def sealed_findings(
    declared: Mapping[str, Position],
    source: SealedSource | None,
    place: SealedPlace,
    strays: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[Diagnostic, ...]:
    """Return where the keys of one Secret and its sealed file differ, and what is wrong with the file itself.

    Args:
        declared: The keys that the Secret must hold, and where the document asks for each.
        source: The sealed file, None where there is none.
        place: The sealed file's place.
        strays: The keys of files that nothing declares: where there is no *source*, one may be it under an old name.
    """
    if source is None:
        return tuple(_missing(key, at, place, strays) for key, at in declared.items())
    if source.findings:
        return source.findings
    if source.keys == tuple(sorted(declared)):
        return ()
    return (*_unsealed(declared, source, place), *_undeclared(declared, source, place))


def stray_files(existing: Iterable[PurePosixPath], expected: Collection[str]) -> list[str]:
    """Return those of the *existing* files in the secrets' folder that nobody *expected*, sorted."""
    return sorted(str(path) for path in existing if path.name not in UNSEALED_NAMES and str(path) not in expected)


def orphaned_files(
    strays: Iterable[str], lacking: Collection[str], serves: Callable[[str, str], bool]
) -> tuple[Diagnostic, ...]:
    """Return a finding for each of *strays*, the files that nothing declares.

    Args:
        strays: The files, from the project's folder.
        lacking: The declared files that are not there.
        serves: Whether the first file has a value that the second, one of *lacking*, must have.
    """
    return tuple(
        _orphaned(path, [each for each in lacking if are_alike(path, each) and serves(path, each)]) for path in strays
    )


def _unsealed(declared: Mapping[str, Position], source: SealedSource, place: SealedPlace) -> Iterator[Diagnostic]:
    for key in sorted(declared.keys() - set(source.keys)):
        yield _missing(key, declared[key], place, {})


def _undeclared(declared: Mapping[str, Position], source: SealedSource, place: SealedPlace) -> Iterator[Diagnostic]:
    for key in source.keys:
        if key not in declared:
            message = f"'{key}' is sealed, and nothing declares it"
            hint = _or_else(
                did_you_mean(key, declared.keys() - set(source.keys)),
                f"run '{place.command('unset', key)}', or declare it",
            )
            yield Diagnostic("undeclared-sealed-value", message, source.locate(key), hint)


def missing_words(key: str, source: str) -> str:
    """Return how a finding begins that says that *key* is not in the sealed file *source*."""
    return f"'{key}' has no sealed value in '{source}'"


def words_about(finding: Diagnostic) -> str:
    """Return what *finding* says of a value that is missing, without what it is for."""
    return finding.message.partition(_WHY)[0]


def told_why(finding: Diagnostic, purpose: str, otherwise: str) -> Diagnostic:
    """Return *finding*, of a value that is missing, with what it is for and how else to do."""
    return replace(finding, message=f"{finding.message}{_WHY}{purpose}", hint=f"{finding.hint}; or {otherwise}")


def _missing(key: str, at: Position, place: SealedPlace, strays: Mapping[str, Collection[str]]) -> Diagnostic:
    message = missing_words(key, str(place.source))
    olds = [path for path, keys in strays.items() if key in keys and are_alike(path, str(place.source))]
    renamed = f"'{place.store or place.subject}'"
    hint = moved_to(str(place.source), olds, renamed, f"run '{place.setting(key)}'")
    return Diagnostic("missing-sealed-value", message, at, hint)


def _orphaned(path: str, news: Collection[str]) -> Diagnostic:
    message = f"nothing declares the file '{path}'"
    hint = moved_from(path, news, "delete it, or declare what it holds")
    return Diagnostic("orphaned-secret-file", message, Position(path), hint)


def _or_else(question: str, otherwise: str) -> str:
    """Return *question* and what to do if the answer is no; the latter alone where it is no question."""
    return f"{question} if not, {otherwise}" if question.endswith("?") else otherwise
