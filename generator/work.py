"""A compilation that is under way: from its inputs to what each unit became."""

from collections.abc import Sequence

from msgspec import Struct

from generator.front import Front, Inputs, front_of
from generator.model.basis import frames
from generator.model.ledger import Ledger, Notes
from generator.model.spread import Spread
from generator.model.unit import Unit, units
from generator.unit_compiler import UnitCompiler, UnitResult


class Work(Struct, frozen=True):
    """A compilation that is under way.

    Attributes:
        inputs: All that it depends on.
        ledger: What notes what is read of them.
        front: What is known before anything is rendered.
        everything: All units of the platform.
        compiler: What compiles each.
        shared: What was read for all of them.
        frames: Digests of what microservices stand in, by the names of units.
        looks_around: The platform's own templates, those of applications and environments among them, may look at all
            microservices.
    """

    inputs: Inputs
    ledger: Ledger
    front: Front
    everything: tuple[Unit, ...]
    compiler: UnitCompiler
    shared: Notes
    frames: dict[str, str]
    looks_around: bool


def begun(inputs: Inputs, layout: str | None) -> Work:
    """Return the compilation of *inputs* before the first unit; see `compile_platform`.

    Raises:
        CompileError: With every finding of the first stage that found an error.
    """
    ledger = Ledger(inputs.files, elsewhere=inputs.elsewhere)
    return begun_behind(front_of(inputs, layout, ledger), inputs, ledger)


def begun_behind(front: Front, inputs: Inputs, ledger: Ledger) -> Work:
    """Return the compilation of *inputs* of which *front* is known; see `begun`."""
    compiler = _prepared(front, inputs, ledger)
    around = compiler.looks_around(anywhere=True)
    found = frames(front.platform, front.sops_config, compiler.templates, around=around and compiler.looks_around())
    return Work(inputs, ledger, front, tuple(units(front.platform)), compiler, ledger.taken(), found, around)


def compiled_units(work: Work, chosen: Sequence[Unit], spread: Spread) -> list[tuple[Unit, UnitResult]]:
    """Return the units of *chosen*, and those that share files with them, and what each became."""
    if work.front.platform.layout == "kustomize":
        from generator.kustomize_compiler import KustomizeCompiler

        return KustomizeCompiler(work.compiler, work.front.platform).compile_all(work.everything, chosen, spread)
    return list(zip(chosen, spread(work.compiler.compile, chosen), strict=True))


def _prepared(front: Front, inputs: Inputs, ledger: Ledger) -> UnitCompiler:
    """Return what compiles the units of *front*.

    Raises:
        CompileError: With what is wrong with the platform's own templates and custom resources.
    """
    from generator.preparation import prepared
    from generator.sealing import Sealing

    sealing = Sealing(document=front.document, files=ledger)
    return prepared(front.platform, sealing, ledger, inputs.templates, inputs.read_schema)
