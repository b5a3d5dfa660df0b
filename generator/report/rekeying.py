"""What sealing to other recipients came to, and what it cannot undo."""

from collections.abc import Iterable, Sequence

from generator.model.declared_secret import DeclaredSecret
from generator.model.diagnostics import printable
from generator.model.drift import Drift
from generator.model.source import Json
from generator.report.amount import plural
from generator.report.standings import holder

Written = Sequence[tuple[DeclaredSecret, Drift]]
"""The files that were written, and how their recipients differed before."""


def rekeyed_text(written: Written, *, rotated: bool) -> str:
    """Return what was written, and where somebody lost access, which values that person still knows."""
    if not written:
        return "nothing to do: every file is sealed to whom the document names"
    how = " under new data keys" if rotated else ""
    lines = [f"sealed {plural(len(written), 'file')}{how}; next: platformc compile"]
    exposed = [(declared, drift) for declared, drift in written if drift.surplus]
    if exposed:
        gone = sorted({name for _, drift in exposed for name in drift.surplus})
        lines += [
            "",
            f"removed: {', '.join(map(printable, gone))}",
            "Older commits still hold these values for them. Change each where it comes from,",
            "then run 'platformc secrets set':",
            *_by_environment(declared for declared, _ in exposed),
        ]
        if not rotated:
            lines += [
                "",
                "They may also have kept the data keys: 'platformc secrets rekey --all --rotate' makes new ones",
            ]
    return "\n".join(lines)


def rekeyed_members(written: Written, *, rotated: bool) -> dict[str, Json]:
    """Return the members of a JSON document: `sealed`, a list of files, and `rotated`.

    A file has its `file`, `environment` (null for what is the application's own), `keys`, and who was `added` and
    `removed`.
    """
    return {
        "rotated": rotated,
        "sealed": [
            {
                "file": str(declared.source),
                "environment": declared.place.environment or None,
                "keys": list(declared.keys),
                "added": list(drift.missing),
                "removed": list(drift.surplus),
            }
            for declared, drift in written
        ],
    }


def _by_environment(exposed: Iterable[DeclaredSecret]) -> Iterable[str]:
    """Yield the keys of *exposed*, by environment and then by whose they are."""
    groups: dict[str, list[str]] = {}
    for each in exposed:
        application = each.place.subject.partition("/")[0]
        group = f"{application}, {each.place.environment or 'all environments'}"
        owners = (each.upkeep[key].owner if key in each.upkeep else "" for key in each.keys)
        keys = (f"{key} ({owner})" if owner else key for key, owner in zip(each.keys, owners, strict=True))
        groups.setdefault(group, []).append(f"{holder(each.place)}: {', '.join(keys)}")
    for group, lines in groups.items():
        yield f"  {printable(group)}"
        yield from (f"    {printable(line)}" for line in lines)
