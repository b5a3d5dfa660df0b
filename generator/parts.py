"""A platform compiled in parts, and the parts joined: byte for byte what compiling it at once gives.

A part goes into a folder of its own, with a file that says what it is and what the others must know of its objects.
What can only be said of the whole (what dangles between parts, sealed files that nothing declares, the wiring for a
GitOps engine, `.sops.yaml`) is said and made when they are joined.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from generator.compiler import Compilation, finished, output_of
from generator.front import Inputs
from generator.model.diagnostics import CompileError, Diagnostic, Severity, has_errors, in_order
from generator.model.footprint import owner_of
from generator.model.ledger import ABSENT, Notes, digest_of_matches
from generator.model.lock import is_legible, sha256
from generator.model.plain_data import packed, unpacked
from generator.model.pod_uses import Reference
from generator.model.repetition import said_once
from generator.model.selection import WHOLE
from generator.model.shard import PART_NAME, Shard, read_shard, units_of
from generator.model.source import Position
from generator.model.spread import Spread
from generator.model.unit import Unit
from generator.stages.verify.crowd import Pod
from generator.stages.verify.references import Loose, Route, Search, Summary
from generator.unit_compiler import UnitResult
from generator.work import Work, begun, compiled_units

_NOTED = frozenset({"files", "patterns"})
_SAID = frozenset({"files", "objects", "read", "summary", "findings"})
_CLASSES = (Summary, Loose, Search, Route, Reference, Pod, Diagnostic, Position)


def compile_part(
    inputs: Inputs, shard: Shard, spread: Spread, *, compiler: str, layout: str | None = None
) -> Compilation:
    """Return what *shard* of a platform becomes; its tree also holds what it says of itself, as `PART_NAME`.

    Args:
        inputs: See `compile_platform`.
        shard: Which part.
        spread: See `compile_platform`.
        compiler: The version of the compiler.
        layout: See `compile_platform`.

    Raises:
        CompileError: With every finding of the first stage that found an error, as far as this part shows it.
    """
    work = begun(inputs, layout)
    platform = work.front.platform
    compiled = compiled_units(work, units_of(shard, work.everything, platform.layout), spread)
    findings = said_once(
        [*work.front.warnings, *(finding for _, each in compiled for finding in each.findings)], work.front.document
    )
    if has_errors(findings):
        raise CompileError(findings)
    tree, versions = output_of(platform, compiled)
    directory = PurePosixPath(platform.directory)
    said = {
        "shard": [shard.number, shard.count],
        "compiler": compiler,
        "document": sha256(inputs.text),
        "layout": platform.layout,
        "read": _read([work.front.read, work.shared]),
        "units": {
            unit.name: _said(result, work.ledger.owned.get(owner_of(unit), Notes())) for unit, result in compiled
        },
    }
    tree.add(directory / PART_NAME, (json.dumps(said, indent=1, sort_keys=True) + "\n").encode())
    return Compilation(
        tree=tree,
        directory=directory,
        layout=platform.layout,
        objects=sum(result.objects for _, result in compiled),
        files=len(tree),
        scope=(directory,),
        versions=versions,
        schemas=work.compiler.schemas,
        warnings=in_order(findings),
    )


def _said(result: UnitResult, resolved: Notes) -> Mapping[str, Any]:
    """Return what is told of a unit; *resolved* is what was read before it was rendered."""
    return {
        "files": {name: sha256(content) for name, content in result.files},
        "objects": result.objects,
        "read": _read([resolved, result.notes]),
        "summary": packed(result.summary),
        "findings": packed([_plain(each) for each in result.findings]),
    }


def _read(notes: Sequence[Notes]) -> Mapping[str, Any]:
    files, patterns = {}, {}
    for each in notes:
        files.update(each.files)
        patterns.update(each.patterns)
    return {"files": files, "patterns": patterns}


def _plain(finding: Diagnostic) -> tuple[object, ...]:
    return (finding.code, finding.message, finding.at, finding.hint, str(finding.severity))


class PartFiles(Struct, frozen=True):
    """A folder that a part was compiled into: what it is called in messages, and what reads the files in it."""

    name: str
    read: Callable[[PurePosixPath], bytes | None]


def join_parts(inputs: Inputs, parts: Sequence[PartFiles], *, compiler: str) -> Compilation:
    """Return the compilation of a platform that all its *parts* make up.

    Raises:
        CompileError: With what is wrong with the parts (`unfit-part`), or with the platform as a whole.
    """
    said = [_read_part(each) for each in parts]
    layouts = {str(each.get("layout")) for each in said}
    work = begun(inputs, layouts.pop() if len(layouts) == 1 else None)
    faults = [fault for part, about in zip(parts, said, strict=True) for fault in _faults(part, about, work, compiler)]
    faults += _incomplete(parts, said)
    if faults:
        raise CompileError(faults)
    of_units = {
        name: (part, each) for part, about in zip(parts, said, strict=True) for name, each in about["units"].items()
    }
    compiled = [(unit, _told(unit, *of_units[unit.name])) for unit in work.everything]
    return finished(work, work.everything, compiled, WHOLE)


def _read_part(part: PartFiles) -> Mapping[str, Any]:
    content = part.read(PurePosixPath(PART_NAME))
    try:
        said = json.loads(content or b"")
        read_shard("/".join(map(str, said["shard"])))
        if said["read"].keys() >= _NOTED and all(each.keys() >= _SAID for each in said["units"].values()):
            return {"layout": "", **said}
    except (AttributeError, LookupError, TypeError, ValueError):
        pass
    words = f"holds no '{PART_NAME}' that can be read" if content is not None else f"has no '{PART_NAME}'"
    raise CompileError([_unfit(part, f"the folder {words}", "name the folder that 'platformc compile --shard' wrote")])


def _faults(part: PartFiles, said: Mapping[str, Any], work: Work, compiler: str) -> Iterator[Diagnostic]:
    """Yield why *part* was not compiled from what is here, by this compiler."""
    again = "compile every part anew, from one commit and by one version"
    if said.get("compiler") != compiler:
        yield _unfit(
            part, f"the part was compiled by version {said.get('compiler')!s:.20}, and this is {compiler}", again
        )
    elif said.get("document") != sha256(work.inputs.text):
        yield _unfit(part, "the part was compiled from another document than the one here", again)
    elif said["units"].keys() != {each.name for each in _units(said, work)}:
        yield _unfit(part, "the part does not hold the units that belong to it", again)
    elif other := next(_changed(said, work), None):
        yield _unfit(part, f"the part was compiled from another '{other}' than the one here", again)


def _units(said: Mapping[str, Any], work: Work) -> list[Unit]:
    return units_of(Shard(*said["shard"]), work.everything, str(said["layout"]))


def _changed(said: Mapping[str, Any], work: Work) -> Iterator[str]:
    files = work.inputs.files
    for read in (said["read"], *(each["read"] for each in said["units"].values())):
        for name, digest in read["files"].items():
            content = files.read(PurePosixPath(name))
            if digest != (ABSENT if content is None else sha256(content)):
                yield name
        yield from (name for name, digest in read["patterns"].items() if digest_of_matches(files.glob(name)) != digest)


def _incomplete(parts: Sequence[PartFiles], said: Sequence[Mapping[str, Any]]) -> Iterator[Diagnostic]:
    """Yield which parts are missing, or there twice, or of another number of parts."""
    counts = sorted({each["shard"][1] for each in said})
    numbers = [each["shard"][0] for each in said]
    if len(counts) > 1:
        listed = ", ".join(map(str, counts))
        yield _unfit(
            parts[-1], f"the folders are parts of different wholes, of {listed} parts", "compile all parts with one N"
        )
        return
    for number in range(1, counts[0] + 1):
        if numbers.count(number) != 1:
            words = "is not among the folders" if number not in numbers else "is among the folders more than once"
            yield _unfit(parts[0], f"part {number} of {counts[0]} {words}", "name the folder of every part once")


def _told(unit: Unit, part: PartFiles, said: Mapping[str, Any]) -> UnitResult:
    try:
        return _result(unit, part, said)
    except (AttributeError, LookupError, TypeError, ValueError):
        words = f"what '{PART_NAME}' says of {unit.name} cannot be read"
        raise CompileError([_unfit(part, words, "compile the part again")]) from None


def _result(unit: Unit, part: PartFiles, said: Mapping[str, Any]) -> UnitResult:
    """Return what *unit* became, as *part* says and holds it."""
    files = []
    for name, digest in said["files"].items():
        content = part.read(PurePosixPath(name)) if is_legible(name) else None
        if content is None or sha256(content) != digest:
            words = f"'{name}' of {unit.name} is not as it was compiled"
            raise CompileError([_unfit(part, words, "copy the whole folder, byte for byte, or compile the part again")])
        files.append((name, content))
    return UnitResult(
        files=files, objects=said["objects"], summary=unpacked(said["summary"], _CLASSES), findings=findings_of(said)
    )


def findings_of(said: Mapping[str, Any]) -> list[Diagnostic]:
    """Return what was found in the unit that *said* is about."""
    return [
        Diagnostic(code, message, at, hint, Severity(severity))
        for code, message, at, hint, severity in unpacked(said["findings"], _CLASSES)
    ]


def _unfit(part: PartFiles, words: str, hint: str) -> Diagnostic:
    return Diagnostic("unfit-part", words, Position(part.name), hint)
