"""Which whole folder of sealed files goes by an old name: that of an environment or application that got another one.

One `git mv` then keeps every value, so it is said once, and not file by file. What moves stays sealed to those to whom
it was sealed; where the document names others now, `recipient-drift` is the next to speak.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from shlex import quote

from msgspec import Struct

from generator.model.diagnostics import Diagnostic
from generator.model.platform import Application, Environment, Platform
from generator.model.sealed_place import FOLDER
from generator.model.source import Document
from generator.stages.seal.declared import missing_words, stray_files, words_about

_APPLICATION_DEPTH, _ENVIRONMENT_DEPTH = 2, 3
"""How many parts the paths of those folders have."""


class Move(Struct, frozen=True, kw_only=True):
    """A folder of sealed files that is probably another's under its old name.

    Attributes:
        old: The folder, from the project's folder; nothing in the document is called so.
        new: The folder that is missing.
        owner: What has the new name.
        files: The files of *old* that are needed in *new*.
        words: What is said of each value that they hold and that is missing in *new*.
    """

    old: PurePosixPath
    new: PurePosixPath
    owner: Application | Environment
    files: frozenset[str]
    words: frozenset[str]

    def mends(self, finding: Diagnostic) -> bool:
        """Say whether *finding* is about a file or value that this puts in its place."""
        if finding.code == "orphaned-secret-file":
            return finding.at.file in self.files
        return finding.code == "missing-sealed-value" and words_about(finding) in self.words


def moves(
    platform: Platform,
    existing: Collection[PurePosixPath],
    expected: Mapping[str, frozenset[str]],
    keys_of: Callable[[str], Collection[str]],
) -> list[Move]:
    """Return the folders that one `git mv` puts right, as far as there is no doubt which becomes which.

    Args:
        platform: Its applications and environments have the new names.
        existing: All files that are there, among the sealed ones.
        expected: The keys of each sealed file that the platform declares.
        keys_of: Returns the keys of a sealed file.
    """
    owners = dict(_owners(platform))
    taken = {folder for path in existing for folder in path.parents}
    news = {folder for path in expected for folder in PurePosixPath(path).parents} & owners.keys() - taken
    olds = defaultdict[PurePosixPath, list[PurePosixPath]](list)
    for stray in map(PurePosixPath, stray_files(existing, expected)):
        olds[_folder_of_unknown(stray, owners)].append(stray)
    found = [
        move
        for old in sorted(olds)
        for new in sorted(news)
        if old.parent == new.parent
        and (move := _move(old, new, owners[new], {path: keys_of(str(path)) for path in olds[old]}, expected)).files
    ]
    times = Counter(folder for each in found for folder in (each.old, each.new))
    return [each for each in found if times[each.old] == times[each.new] == 1]


def said_of_folders(findings: Sequence[Diagnostic], found: Sequence[Move], document: Document) -> Iterator[Diagnostic]:
    """Yield *findings*, and in place of those that a move of *found* mends one about its folder."""
    for each in found:
        if any(map(each.mends, findings)):
            yield _said(each, document)
    yield from (finding for finding in findings if not any(each.mends(finding) for each in found))


def _said(move: Move, document: Document) -> Diagnostic:
    owner = f"{'environment' if isinstance(move.owner, Environment) else 'application'} '{move.owner.name}'"
    return Diagnostic(
        "missing-sealed-value",
        f"nothing is sealed for {owner} in '{move.new}', and nothing declares what is in '{move.old}'",
        document.locate((*move.owner.path, "name"), value=True),
        f"if {owner} was called '{move.old.name}', run `git mv {quote(str(move.old))} {quote(str(move.new))}`;"
        " if not, seal what 'platformc secrets status' calls missing",
    )


def _owners(platform: Platform) -> Iterator[tuple[PurePosixPath, Application | Environment]]:
    """Yield where the sealed files of each application and environment belong."""
    for application in platform.applications:
        yield FOLDER / application.slug, application
        yield from ((FOLDER / application.slug / each.slug, each) for each in application.environments)


def _folder_of_unknown(path: PurePosixPath, known: Collection[PurePosixPath]) -> PurePosixPath:
    """Return the folder on the way to *path* whose application or environment is not *known*, else *path* itself."""
    folders = (PurePosixPath(*path.parts[:depth]) for depth in (_APPLICATION_DEPTH, _ENVIRONMENT_DEPTH))
    return next((each for each in folders if each not in known), path)


def _move(
    old: PurePosixPath,
    new: PurePosixPath,
    owner: Application | Environment,
    strays: Mapping[PurePosixPath, Collection[str]],
    expected: Mapping[str, frozenset[str]],
) -> Move:
    """Return what moving *old* to *new* would mend; it has no files where that is nothing."""
    files, words = set[str](), set[str]()
    for path, keys in strays.items():
        place = str(new / path.relative_to(old))
        needed = expected.get(place, frozenset()).intersection(keys)
        if needed:
            files.add(str(path))
            words.update(missing_words(key, place) for key in needed)
    return Move(old=old, new=new, owner=owner, files=frozenset(files), words=frozenset(words))
