"""Taking stock: every key of every environment, held against its sealed file, without a key and without `sops`."""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.declared_secret import DeclaredSecret, declared_secrets
from generator.model.diagnostics import Diagnostic
from generator.model.drift import drift_of, wanted_recipients
from generator.model.inputs import FilesOnDisk
from generator.model.sealed import SealedSource, read_sealed
from generator.model.sealed_faults import obstructed
from generator.model.sealed_place import FOLDER, Kind, SealedPlace, application_place, microservice_place, store_place
from generator.model.sealed_record import dates_of
from generator.model.selection import WHOLE, Selection, selected
from generator.model.standing import Standing, State, Stock
from generator.model.unit import Unit
from generator.model.upkeep import Upkeep, due_date

_FILES, _STORE = ".files", ".store"


def take_stock(everything: Sequence[Unit], files: FilesOnDisk, today: date, selection: Selection) -> Stock:
    """Return how the secrets that *selection* means stand on the day *today*, in UTC.

    Args:
        everything: Every unit of the platform.
        files: The project's files.
        today: The day.
        selection: Which of the units to look at. Files that belong to none are looked at with all of them.

    Raises:
        SelectionError: When *selection* names what is not there.
    """
    counter = _Counter(files, today)
    for unit in selected(everything, selection):
        for declared in declared_secrets(unit):
            counter.count(unit, declared)
    places = _Places(everything, selection)
    for path in files.glob(f"{FOLDER}/**/*.yaml"):
        if path not in places.declared:
            counter.count_undeclared(path, places)
    return Stock(
        standings=tuple(sorted(counter.standings, key=_order)),
        environments=_environments(everything),
        strays=tuple(counter.strays),
        faults=tuple(counter.faults),
        today=today,
    )


def _order(each: Standing) -> tuple[str, ...]:
    place = each.place
    rank = "" if "/" in place.subject else place.kind
    return (each.application, rank, place.subject, place.store, place.kind, each.key)


def _environments(everything: Sequence[Unit]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for unit in everything:
        names = found.setdefault(unit.application.name, [])
        if unit.environment is not None and unit.microservice is None:
            names.append(unit.environment.name)
    return {application: tuple(names) for application, names in found.items()}


class _Counter(Struct):
    """Counts what stands in sealed files, on one day."""

    files: FilesOnDisk
    today: date
    standings: list[Standing] = field(default_factory=list)
    strays: list[PurePosixPath] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)

    def count(self, unit: Unit, declared: DeclaredSecret) -> None:
        """Count the keys of *declared*, and those that its file holds besides."""
        source = self._read(declared.source)
        dates, present = ({}, ()) if source is None else (dates_of(source), source.keys)
        drifted = source is not None and not source.findings and bool(drift_of(source, wanted_recipients(unit)))
        for key in dict.fromkeys((*declared.keys, *present)):
            upkeep = declared.upkeep.get(key, Upkeep())
            changed = dates.get(key)
            due = due_date(changed, upkeep.every) if changed is not None else None
            overdue = due is not None and due < self.today
            states = _states(source, key, declared, drifted=drifted, overdue=overdue)
            self.standings.append(
                Standing(place=declared.place, key=key, states=states, owner=upkeep.owner, changed=changed, due=due)
            )

    def count_undeclared(self, path: PurePosixPath, places: "_Places") -> None:
        """Count what is in the file *path*, which nothing declares, if it is looked for."""
        place = places.of(path)
        if places.means(place):
            source = self._read(path)
            dates = {} if source is None else dates_of(source)
            if place is None or not dates:
                self.strays.append(path)
                return
            self.standings += (
                Standing(place=place, key=key, states=(State.ORPHANED,), changed=day) for key, day in dates.items()
            )

    def _read(self, path: PurePosixPath) -> SealedSource | None:
        content = self.files.read(path)
        if content is not None:
            source = read_sealed(str(path), content)
        elif (obstacle := self.files.obstacle(path)) is not None:
            source = SealedSource(str(path), "", {}, findings=(obstructed(str(path), obstacle),))
        else:
            return None
        self.faults += source.findings
        return source


def _states(
    source: SealedSource | None, key: str, declared: DeclaredSecret, *, drifted: bool, overdue: bool
) -> tuple[State, ...]:
    if source is not None and source.findings:
        return (State.FAULTY,)
    if source is None or key not in source.body["stringData"]:
        return (State.MISSING,)
    claims = ((State.ORPHANED, key not in declared.keys), (State.DRIFTED, drifted), (State.OVERDUE, overdue))
    return tuple(state for state, holds in claims if holds) or (State.SEALED,)


class _Places:
    """Whose secrets the files would hold that nothing declares, and which of those a selection means."""

    def __init__(self, everything: Sequence[Unit], selection: Selection) -> None:
        self.declared = frozenset(each.source for unit in everything for each in declared_secrets(unit))
        self._selection = selection
        self._applications = {unit.application.slug: unit.application for unit in everything}
        self._microservices = {
            (unit.application.slug, unit.microservice.slug): unit.microservice.name
            for unit in everything
            if unit.microservice is not None
        }

    def of(self, path: PurePosixPath) -> SealedPlace | None:
        """Return whose secrets *path* would hold, None where that is nobody in the document."""
        first, *middle, _ = path.relative_to(FOLDER).parts if len(path.parts) > 2 else ("", "")  # noqa: PLR2004
        application = self._applications.get(first)
        if application is None:
            return None
        if not middle and path.stem in {Kind.REGISTRY, Kind.STORAGE}:
            return application_place(application.name, Kind(path.stem))
        for environment in application.environments:
            if middle == [environment.slug] and path.stem.endswith(_STORE):
                return store_place(application.name, environment.name, path.stem.removesuffix(_STORE))
            if middle == [environment.slug]:
                kind = Kind.FILES if path.stem.endswith(_FILES) else Kind.VARIABLES
                slug = path.stem.removesuffix(_FILES)
                name = self._microservices.get((first, slug), slug)
                return microservice_place(application.name, environment.name, name, kind)
        return None

    def means(self, place: SealedPlace | None) -> bool:
        """Say whether the selection means *place*."""
        environments, microservices = self._selection.environments, self._selection.microservices
        if place is None:
            return self._selection == WHOLE
        if environments and place.environment and place.environment not in environments:
            return False
        _, slash, name = place.subject.partition("/")
        return not microservices or bool(slash and {place.subject, name} & set(microservices))
