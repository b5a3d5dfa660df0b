"""What a command costs: time on the wall, memory at its peak."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.005
KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, the folder it runs in and its environment."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]

    def run(self) -> float:
        """Run it, what it prints going nowhere; return the seconds it took.

        Raises:
            SystemExit: When it failed: the speed of failures means nothing.
        """
        began = time.perf_counter()
        self._finish(self._start())
        return time.perf_counter() - began

    def output(self) -> bytes:
        """Run it and return what it prints.

        Raises:
            SystemExit: When it failed.
        """
        return self._finish(self._start(subprocess.PIPE))

    def peak_megabytes(self) -> float:
        """Run it and return the most memory that all of its processes had together.

        Linux tells each process's fair share of the pages it has in common with others; it is read every few
        milliseconds, so no time is taken here. Elsewhere it is the kernel's word on the largest process.

        Raises:
            SystemExit: When it failed.
        """
        process, peak = self._start(), 0
        while process.poll() is None:
            peak = max(peak, sum(_fair_shares(process.pid)))
            time.sleep(SAMPLE_SECONDS)
        self._finish(process)
        return (peak or _largest_child()) / KIBIBYTE**2

    def _start(self, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.arguments,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            start_new_session=True,  # by which its children are known
        )

    def _finish(self, process: subprocess.Popen[bytes]) -> bytes:
        printed, said = process.communicate()
        if process.returncode:
            raise SystemExit(f"benchmark: {' '.join(self.arguments)}\n{said.decode(errors='replace')}")
        return printed


def _fair_shares(session: int) -> Iterator[int]:
    """Yield the bytes of each process of *session*, shared pages divided by those who share them."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # After the name in parentheses: state, parent, group, session.
            if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                rollup = (entry / "smaps_rollup").read_text()
                yield int(rollup.partition("\nPss:")[2].split()[0]) * KIBIBYTE
        except (OSError, ValueError, IndexError):
            continue  # it ended while we looked


def _largest_child() -> int:
    """Return the bytes of the largest process that this one ever waited for."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * KIBIBYTE


def medians(rounds: int, *subjects: Callable[[], float]) -> list[float]:
    """Return the median of *rounds* runs of each of *subjects*, taken in turns: all have the same weather.

    What one of them leaves to be written to the disk, the next one does not wait for.
    """
    taken = [[_settled(subject) for subject in subjects] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def _settled(subject: Callable[[], float]) -> float:
    if hasattr(os, "sync"):
        os.sync()
    return subject()


def row(what: str, takes: float, other: str, other_takes: float, goal: str) -> str:
    """Return the line of a table that compares *takes* with *other_takes*, both in seconds."""
    ratio = f"{takes / other_takes:.2f}"
    return f"| {what} | {shown(takes)} | {other} | {shown(other_takes)} | {ratio} | {goal} |"


def shown(seconds: float) -> str:
    """Return *seconds* in the unit that suits them."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"
