"""What a command says when it is done, in one line."""

from typing import TYPE_CHECKING

from generator.report.amount import plural

if TYPE_CHECKING:  # it is not needed to say that there is nothing to do
    from generator.model.changes import Changes


def compiled(objects: int, files: int, changes: "Changes | None", seconds: float) -> str:
    """Return what compiling came to, as `compiled 58 objects in 14 files: 3 written, 1 removed (0.12 s)`.

    None for *changes* says that there were none. The inventory counts where it is all that was written, as `check`
    has it: else it goes with the files.
    """
    written, removed = (len(changes.written), len(changes.removed)) if changes is not None else (0, 0)
    if changes is not None and changes.inventory is not None and not changes.reasons:
        written = 1
    done = [f"{number:,} {word}" for number, word in ((written, "written"), (removed, "removed")) if number]
    return f"compiled {_amount(objects, files)}: {', '.join(done) or 'nothing to write'} ({seconds:.2f} s)"


def up_to_date(objects: int, files: int) -> str:
    """Return that nothing needs to be written, as `up to date: 58 objects in 14 files`."""
    return f"up to date: {_amount(objects, files)}"


def conforming(files: int, versions: list[str]) -> str:
    """Return that kubeconform agrees, as `kubeconform accepts 14 files (Kubernetes 1.33, 1.34)`."""
    return f"kubeconform accepts {plural(files, 'file')} (Kubernetes {', '.join(versions)})"


def _amount(objects: int, files: int) -> str:
    return f"{plural(objects, 'object')} in {plural(files, 'file')}"
