"""Why a file on disk is not what compiling would leave there, and the words for those that it does not touch."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import PurePosixPath

from generator.model.diagnostics import Diagnostic
from generator.model.ksops import GENERATOR
from generator.model.lock import BESIDE, LOCK_NAME
from generator.model.on_disk import KUSTOMIZATION, RIVALS, OnDisk
from generator.model.source import Position
from generator.model.tree import FileTree

_SEALED = ".secret.yaml"


class Reason(StrEnum):
    """Why a file on disk is not what compiling would leave there."""

    SOURCE = "source changed"
    COMPILER = "compiler changed"  # the versions differ; the source may have changed as well
    MISSING = "missing"
    EDITED = "edited by hand"
    EDITED_SOURCE = "edited by hand, and source changed"
    EDITED_COMPILER = "edited by hand, and compiler changed"
    EDITED_RETIRED = "edited by hand, and no longer compiled"
    EDITED_MOVED = "edited by hand, and compiled to another folder now"
    FOREIGN = "foreign"
    OBSTRUCTED = "a folder stands in its place"
    RETIRED = "no longer compiled"
    INVENTORY = "inventory out of date"


def rival_findings(tree: FileTree, on_disk: Callable[[PurePosixPath], OnDisk]) -> Iterator[Diagnostic]:
    """Yield an error for each file that kustomize would take for a second kustomization of a folder of *tree*.

    See `compare` for *on_disk*.
    """
    for path in tree:
        if path.name != KUSTOMIZATION:
            continue
        for name in RIVALS:
            rival = path.with_name(name)
            if rival not in tree and on_disk(rival) is not None:
                message = f"'{rival}' stands beside '{KUSTOMIZATION}', and kustomize refuses a folder with both"
                yield Diagnostic("foreign-file", message, Position(str(rival)), "move it away or delete it")


def is_adoptable(path: PurePosixPath) -> bool:
    """Say whether the document may say what was edited in *path*.

    What is sealed, and to whom, stands elsewhere; what is built of what follows from all the rest.
    """
    return not path.name.endswith(_SEALED) and path.name not in {KUSTOMIZATION, GENERATOR} and str(path) not in BESIDE


TO_KEEP_MOVED = "name the old folder in 'output.directory' again, run 'platformc adopt', and then name the new one"
"""How an edit goes along when the output gets another folder."""

_EDITED = {
    Reason.EDITED: (
        "was edited by hand",
        "run 'platformc adopt' to take the edit into the document, or compile with '--overwrite' to lose it",
    ),
    Reason.EDITED_SOURCE: (
        "was edited by hand, and what it is compiled from changed since",
        "take that change back and run 'platformc adopt' to keep both, or compile with '--overwrite' to lose the edit",
    ),
    Reason.EDITED_COMPILER: (
        "was edited by hand, and another version of platformc compiles it to something else",
        "run 'platformc adopt' with that version to keep the edit, or compile with '--overwrite' to lose it",
    ),
    Reason.EDITED_RETIRED: (
        "was edited by hand, and is no longer compiled",
        "move it away to keep it, or compile with '--overwrite' to lose it",
    ),
    Reason.EDITED_MOVED: (
        "was edited by hand, and is compiled to another folder now",
        f"{TO_KEEP_MOVED}; or compile with '--overwrite' to lose the edit",
    ),
}


def edited_finding(path: PurePosixPath, reason: Reason, *, adoptable: bool) -> Diagnostic:
    """Return the error that the file at *path* was edited, for a *reason*; *adoptable* as in `Changes.refusals`."""
    message, hint = _EDITED[reason]
    if reason is Reason.EDITED and not (adoptable and is_adoptable(path)):
        hint = "compile with '--overwrite' to lose it"
    return Diagnostic("hand-edited-file", f"'{path}' {message}", Position(str(path)), hint)


def taken_finding(lock: PurePosixPath, document: str) -> Diagnostic:
    """Return the error that the folder of the inventory *lock* is the output of another *document*."""
    message = f"'{lock.parent}' is the output of '{document}'"
    hint = (
        f"give this document an 'output.directory' of its own; if it takes the place of '{document}', remove that,"
        " or compile with '--overwrite'"
    )
    return Diagnostic("taken-output", message, Position(str(lock), 3), hint)  # the line '# document'


def moved_findings(former: Iterable[PurePosixPath], folder: PurePosixPath) -> list[Diagnostic]:
    """Return the errors that the output is in *former* folders until everything is compiled to *folder*."""
    hint = "run 'platformc compile' first, without '-e' and '--select': that moves what was written there"
    return [
        Diagnostic(
            "moved-output",
            f"the output is in '{each}' until everything is compiled to '{folder}'",
            Position(str(each / LOCK_NAME), 3),  # the line '# document'
            hint,
        )
        for each in former
    ]


def foreign_finding(path: PurePosixPath, reason: Reason) -> Diagnostic:
    """Return the error that something of others stands at *path*, for a *reason*."""
    if reason is Reason.OBSTRUCTED:
        message = f"'{path}' is a folder, and a compiled file belongs there"
        return Diagnostic("foreign-file", message, Position(str(path)), "move it away, then compile again")
    message = f"'{path}' stands where a compiled file belongs, and platformc did not write it"
    hint = "move it away or delete it, or run with '--overwrite' to lose it"
    return Diagnostic("foreign-file", message, Position(str(path)), hint)
