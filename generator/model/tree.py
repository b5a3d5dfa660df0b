"""The files that a compilation produces."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath


class FileTree(Mapping[PurePosixPath, bytes]):
    """Relative paths and their bytes, in code-point order of the paths. Every path is added once."""

    def __init__(self, files: Mapping[PurePosixPath, bytes] | None = None) -> None:
        self._files: dict[PurePosixPath, bytes] = {}
        self._order: list[PurePosixPath] = []
        for path, content in (files or {}).items():
            self.add(path, content)

    def add(self, path: PurePosixPath, content: bytes) -> None:
        """Add one file.

        Raises:
            ValueError: When *path* is absolute, leads upwards, or was added before.
        """
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(f"not a path inside the tree: {path}")
        if path in self._files:
            raise ValueError(f"two files at {path}")
        self._files[path] = content

    def __getitem__(self, path: PurePosixPath) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[PurePosixPath]:
        if len(self._order) < len(self._files):
            self._order = sorted(self._files, key=str)
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._files)
