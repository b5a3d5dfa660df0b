"""The contestants: platformc on a standard platform, and Helm on a chart of the same."""

import os
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measure import Command

PLATFORMC = str(Path(sys.executable).parent / "platformc")
_OBJECT = re.compile(rb"^kind:", re.MULTILINE)


@dataclass(slots=True)
class Platform:
    """A standard platform in *folder*, and what one does with platformc there."""

    folder: Path
    _edits: int = field(init=False, default=0)

    def compile_cold(self, *options: str) -> float:
        """Compile where nothing was compiled before, with *options*; return the seconds."""
        self.forget()
        return self._platformc("compile", *options).run()

    def compile_edited(self) -> float:
        """Edit one variable of one microservice and compile again; return the seconds of the latter."""
        return self._compile_without(r'LOG_LEVEL: "[^"]*"', 'LOG_LEVEL: "level-{}"')

    def compile_noticed(self) -> float:
        """Edit the port of one microservice and compile again; return the seconds of the latter."""
        return self._compile_without("port: [0-9]+", "port: 1{:04}")

    def _compile_without(self, pattern: str, replacement: str) -> float:
        self._edits += 1
        document = self.folder / "platform.yaml"
        text = re.sub(pattern, replacement.format(self._edits), document.read_text(encoding="utf-8"), count=1)
        document.write_text(text, encoding="utf-8")
        return self._platformc("compile").run()

    def compile_extended(self) -> float:
        """Add a microservice amid the others and compile again; return the seconds of the latter."""
        self._edits += 1
        document = self.folder / "platform.yaml"
        lines = document.read_text(encoding="utf-8").splitlines(keepends=True)
        begins = [number for number, line in enumerate(lines) if line.startswith("      - name: Service-")]
        place = begins[len(begins) // 2]
        lines.insert(place, f"      - {{ name: Added-{self._edits}, head: {{ image: acme/added:1.0.0 }} }}\n")
        document.write_text("".join(lines), encoding="utf-8")
        return self._platformc("compile").run()

    def check(self) -> float:
        """Check output that is up to date; return the seconds."""
        return self._platformc("check").run()

    def compile_again(self) -> float:
        """Compile where the output is up to date; return the seconds."""
        return self._platformc("compile").run()

    def status(self) -> float:
        """Ask how every secret stands; return the seconds."""
        return self._platformc("secrets", "status", "--quiet").run()

    def sealed_files(self) -> int:
        """Return how many sealed files there are."""
        return sum(1 for _ in (self.folder / "secrets").rglob("*.yaml"))

    def copy(self) -> float:
        """Copy the finished output; return the seconds."""
        target = tempfile.mkdtemp(prefix="copy-", dir=self.folder.parent)
        return Command(("cp", "-r", "deploy", target), self.folder, os.environ).run()

    def peak_megabytes(self) -> float:
        """Compile where nothing was compiled before; return the most memory it took."""
        self.forget()
        return self._platformc("compile").peak_megabytes()

    def forget(self) -> None:
        """Put everything aside that platformc wrote for this platform.

        Deleting it would be part of what is measured: after thousands of files were deleted, ext4 takes several times
        as long to make new ones, for a minute.
        """
        for written in (self.folder / "deploy", self._cache):
            if written.exists():
                written.rename(tempfile.mkdtemp(prefix=f"{written.name}-", dir=self.folder.parent))

    def output(self) -> tuple[int, int]:
        """Return how many objects the output holds, and in how many bytes."""
        texts = [path.read_bytes() for path in (self.folder / "deploy").rglob("*.yaml")]
        return sum(len(_OBJECT.findall(text)) for text in texts), sum(map(len, texts))

    @property
    def _cache(self) -> Path:
        return self.folder.with_suffix(".cache")

    def cached(self) -> dict[str, str]:
        """Return the environment variable that names the cache of this platform."""
        return {"XDG_CACHE_HOME": str(self._cache)}

    def _platformc(self, *arguments: str) -> Command:
        return Command((PLATFORMC, *arguments), self.folder, {**os.environ, **self.cached()})


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in *folder* and the *values* of each environment."""

    folder: Path
    values: tuple[Path, ...]

    def template(self) -> float:
        """Print the objects of every environment, one after the other; return the seconds."""
        return sum(self._helm(values).run() for values in self.values)

    def output(self) -> tuple[int, int]:
        """Return how many objects Helm prints, and in how many bytes."""
        texts = [self._helm(values).output() for values in self.values]
        return sum(len(_OBJECT.findall(text)) for text in texts), sum(map(len, texts))

    def _helm(self, values: Path) -> Command:
        arguments = ("helm", "template", "platform", str(self.folder), "--values", str(values))
        return Command(arguments, self.folder, os.environ)
