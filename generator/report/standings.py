"""How secrets stand, as a table for people and as data for programs. Names, dates and states; never a value."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import wrap

from generator.model.diagnostics import printable
from generator.model.sealed_place import Kind, SealedPlace
from generator.model.source import Json
from generator.model.standing import Standing, State, Stock
from generator.report.amount import plural
from generator.report.paint import Ink, painted

_INK = {
    State.FAULTY: Ink.RED,
    State.MISSING: Ink.RED,
    State.ORPHANED: Ink.RED,
    State.DRIFTED: Ink.RED,
    State.OVERDUE: Ink.YELLOW,
}
_NOT_THERE = "-"
_ALL = "all"
_GAP = 2


def stock_table(stock: Stock, width: int, *, coloured: bool = False) -> str:
    """Return a table for each application, a row for each key, a column for each environment.

    Where that is wider than *width* columns, each key has a paragraph instead. Lines end in a newline.

    Args:
        stock: What to show.
        width: How many columns there are.
        coloured: Use colours, for a terminal.
    """
    parts = []
    for application, standings in groupby(stock.standings, key=lambda each: each.application):
        table = _Table(application, tuple(standings), stock, coloured=coloured)
        parts.append("\n".join(table.lines() if table.width <= width else table.paragraphs(width)))
    if stock.strays:
        parts.append("\n".join(["orphaned files", *(f"  {printable(str(each))}" for each in stock.strays)]))
    return "\n".join(f"{part}\n" for part in parts)


def stock_summary(stock: Stock) -> str:
    """Return how many secrets there are and what is to be done, in a line for each state that asks for something."""
    counts = {state: sum(each.states[0] is state for each in stock.standings) for state in State}
    parts = [f"{number} {state}" for state, number in counts.items() if number]
    strays = f", {plural(len(stock.strays), 'orphaned file')}" if stock.strays else ""
    lines = [f"{plural(len(stock.standings), 'secret')}: {', '.join(parts) or 'none'}{strays}"]
    for state in (State.FAULTY, State.MISSING, State.ORPHANED, State.DRIFTED, State.OVERDUE):
        met = [each for each in stock.standings if state in each.states]
        lines += [f"{state}: {_remedy(state, met[0], one=len(met) == 1)}"] if met else []
    lines += ["orphaned files: delete them, or declare what they hold"] if stock.strays else []
    return "\n".join(lines)


def _remedy(state: State, standing: Standing, *, one: bool) -> str:
    """Return what to do about *state*, with the command for *standing*: the *one* that there is, or the first."""
    place = standing.place
    match state:
        case State.MISSING:
            return f"seal {'it' if one else 'each, as by'}: {place.setting(standing.key)}"
        case State.ORPHANED:
            remove = "remove the value" if one else "remove each value, as by"
            return f"declare it, rename or delete its file, or {remove}: {place.command('unset', standing.key)}"
        case State.DRIFTED:
            return "seal it to whom the document names: platformc secrets rekey"
        case State.OVERDUE:
            return (
                f"change it where it is from, then seal {'it' if one else 'each, as by'}: {place.setting(standing.key)}"
            )
        case _:
            return "see the findings"


def stock_members(stock: Stock) -> dict[str, Json]:
    """Return the members of a JSON document: `today`, `secrets` and `strays`; days as YYYY-MM-DD or null."""
    return {
        "today": str(stock.today),
        "secrets": [_member(each) for each in stock.standings],
        "strays": [str(each) for each in stock.strays],
    }


def _member(each: Standing) -> Mapping[str, Json]:
    return {
        "application": each.application,
        "microservice": each.place.subject.partition("/")[2] or None,
        "environment": each.place.environment or None,
        "kind": str(each.place.kind),
        "store": each.place.store or None,
        "key": each.key,
        "file": str(each.place.source),
        "states": [str(state) for state in each.states],
        "owner": each.owner or None,
        "changed": None if each.changed is None else str(each.changed),
        "due": None if each.due is None else str(each.due),
    }


class _Table:
    """The keys of one application by environment."""

    def __init__(self, application: str, standings: Sequence[Standing], stock: Stock, *, coloured: bool) -> None:
        self._today = stock.today
        self._coloured = coloured
        met = {each.place.environment for each in standings}
        self._columns = [name for name in ("", *stock.environments[application]) if name in met]
        self._rows = {
            key: {each.place.environment: each for each in group} for key, group in groupby(standings, key=_subject)
        }
        self._head = (application, *(name or _ALL for name in self._columns), "")
        self._body = [self._cells(subject, row) for subject, row in self._rows.items()]
        self._widths = [max(map(len, column)) for column in zip(self._head, *self._body, strict=True)]

    @property
    def width(self) -> int:
        """How many columns of a terminal the widest line takes."""
        return sum(self._widths) + _GAP * sum(each > 0 for each in self._widths[1:])

    def lines(self) -> Iterator[str]:
        """Yield the lines of the table."""
        yield painted(self._line(self._head), Ink.BOLD, coloured=self._coloured)
        for cells, row in zip(self._body, self._rows.values(), strict=True):
            yield self._line(cells, row)

    def paragraphs(self, width: int) -> Iterator[str]:
        """Yield the same for a terminal that is narrower than the table: keys above, their environments below."""
        yield painted(self._head[0], Ink.BOLD, coloured=self._coloured)
        for cells, columns in zip(self._body, self._rows.values(), strict=True):
            subject, *states, owner = cells
            yield f"  {subject}" + (f" ({owner})" if owner else "")
            said = (
                f"{name or _ALL} {cell}" for name, cell in zip(self._columns, states, strict=True) if name in columns
            )
            text = ", ".join(each.replace(" ", "\0") for each in said)
            for line in wrap(text, width, initial_indent="    ", subsequent_indent="    ", break_long_words=False):
                yield line.replace("\0", " ")

    def _cells(self, subject: str, row: Mapping[str, Standing]) -> tuple[str, ...]:
        owners = ", ".join(dict.fromkeys(each.owner for each in row.values() if each.owner))
        cells = (self._cell(row[name]) if name in row else _NOT_THERE for name in self._columns)
        return (subject, *cells, printable(owners))

    def _cell(self, standing: Standing) -> str:
        states = ",".join(standing.states)
        return states if standing.changed is None else f"{states} {max((self._today - standing.changed).days, 0)}d"

    def _line(self, cells: Sequence[str], row: Mapping[str, Standing] | None = None) -> str:
        padded = [cell.ljust(width) for cell, width in zip(cells, self._widths, strict=True)]
        if row is not None and self._coloured:
            for number, name in enumerate(self._columns, 1):
                ink = _INK.get(row[name].states[0]) if name in row else Ink.DIM
                padded[number] = painted(padded[number], ink, coloured=True) if ink else padded[number]
        return (" " * _GAP).join(each for each, width in zip(padded, self._widths, strict=True) if width).rstrip()


def _subject(each: Standing) -> str:
    """Return what a row is called: its holder and the key."""
    return printable(f"{holder(each.place)} {each.key}" + (" (file)" if each.place.kind is Kind.FILES else ""))


def holder(place: SealedPlace) -> str:
    """Return who in an application holds what is sealed at *place*: a microservice, or what else needs secrets."""
    return place.subject.partition("/")[2] or f"{place.kind} {place.store}".rstrip()
