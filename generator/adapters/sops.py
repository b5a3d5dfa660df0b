"""SOPS, the real one, through pipes: plaintext goes in by standard input and comes out by standard output.

What it writes to standard error is read to tell what went wrong and never passed on: it may quote plaintext. What
`sops` must have as a file is a copy of the ciphertext, in a temporary folder that goes again. Of its environment the
child gets what this process has, for key services need much of it, but for the variables that would choose other
recipients or another configuration than the document does. Exit statuses: getsops/sops, `cmd/sops/codes/codes.go`.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NoReturn

from msgspec import Struct

from generator.adapters.tools import ToolError, find_tool
from generator.adapters.unsealable import Reason, Unsealable
from generator.model.lazy_pattern import lazy_pattern

__all__ = ["INSTALL", "OLDEST", "Reason", "Sops", "Unsealable"]

OLDEST = (3, 11)
"""The first version that has every command used here: `set` with `--value-stdin`, and pipes for the others."""

INSTALL = "go install github.com/getsops/sops/v3/cmd/sops@v3.13.2"

_CHOOSING = frozenset(
    {
        "SOPS_AGE_RECIPIENTS",
        "SOPS_AZURE_KEYVAULT_URLS",
        "SOPS_CONFIG",
        "SOPS_GCP_KMS_IDS",
        "SOPS_HUAWEICLOUD_KMS_IDS",
        "SOPS_KMS_ARN",
        "SOPS_PGP_FP",
        "SOPS_VAULT_URIS",
    }
)
"""Variables that stand for options of `sops`, and win over its configuration."""

_VERSION = lazy_pattern(r"^sops (\d+)\.(\d+)")
_YAML = ("--input-type", "yaml", "--output-type", "yaml")
_COMMENT = b"#ENC["
_NO_KEY = 128
_UNAUTHENTIC = frozenset({24, 25, 51, 52})  # the code, a value, the code again, no code at all


class Sops(Struct, frozen=True):
    """The `sops` of this machine. May be used by several threads at once. Paths are those from the project's folder.

    Attributes:
        executable: Where it is.
    """

    executable: str

    @classmethod
    def find(cls) -> "Sops":
        """Return the `sops` on PATH. From here on this process, and what it starts, leaves no core dump.

        Raises:
            MissingTool: When there is none.
            ToolError: When it is older than `OLDEST`.
        """
        executable = find_tool("sops", INSTALL)
        _without_core_dumps()
        offline = {**environment(), "SOPS_DISABLE_VERSION_CHECK": "1"}  # it would ask the network for the newest
        command = [executable, "--disable-version-check", "--version"]
        ended = subprocess.run(command, capture_output=True, check=False, env=offline, stdin=subprocess.DEVNULL)
        found = _VERSION.search(ended.stdout.decode("utf-8", "replace"))
        if found is None or (int(found[1]), int(found[2])) < OLDEST:
            given = f"version {found[1]}.{found[2]} is too old" if found else "it does not say its version"
            raise ToolError("sops", f"{given}, expected {OLDEST[0]}.{OLDEST[1]} or newer; install it: {INSTALL}")
        return cls(executable)

    def decrypt(self, path: PurePosixPath, content: bytes) -> dict[str, str]:
        """Return the values of `stringData` in the sealed file *path*, which holds *content*; its code is checked.

        Raises:
            Unsealable: When it cannot be opened.
        """
        options = ("--input-type", "yaml", "--output-type", "json", "--filename-override", path.name)
        try:
            values = json.loads(self._run(path, content, "decrypt", *options))["stringData"]
        except (ValueError, LookupError, TypeError):
            raise Unsealable(path, Reason.DAMAGED) from None
        if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
            raise Unsealable(path, Reason.DAMAGED)
        return values

    def create(self, path: PurePosixPath, values: Mapping[str, str], config: bytes) -> bytes:
        """Return a new sealed file with *values*, their keys in order.

        Args:
            path: Where it will be, from the project's folder: it chooses the recipients.
            values: What to seal; none of them empty.
            config: The compiled `.sops.yaml`, whatever is on disk.

        Raises:
            Unsealable: When *config* names no recipient for *path*, or one cannot be reached.
        """
        with tempfile.TemporaryDirectory(prefix="platformc-") as folder:
            _write(Path(folder), ".sops.yaml", config)
            override = ("--filename-override", f"{folder}/{path}")
            options = ("--input-type", "json", "--output-type", "yaml")
            return self._run(path, _document(values), "encrypt", *override, *options, folder=folder)

    def replace(self, path: PurePosixPath, content: bytes, values: Mapping[str, str]) -> bytes:
        """Return the sealed file *path*, which holds *content*, with *values* for all that it held, keys in order.

        A value that it held already keeps its ciphertext; where all are the same, every byte is.

        Raises:
            Unsealable: When it cannot be opened, or new or moved keys would cost it comments between its values.
        """
        whole = [('["stringData"]', _map(values))]
        if _COMMENT not in content:
            return self._with(path, content, whole)
        before = self.decrypt(path, content)
        if list(before) != sorted(values):
            raise Unsealable(path, Reason.COMMENTED)
        changed = [key for key in before if before[key] != values[key]]
        return self._with(path, content, [(f'["stringData"]["{key}"]', _json(values[key])) for key in changed])

    def _with(self, path: PurePosixPath, content: bytes, changes: Sequence[tuple[str, bytes]]) -> bytes:
        """Return the sealed file *path*, which holds *content*, with other values at some places in its tree."""
        with tempfile.TemporaryDirectory(prefix="platformc-") as folder:
            copy = _write(Path(folder), "sealed.yaml", content)
            for place, value in changes:
                options = ("--idempotent", "--value-stdin", *_YAML, str(copy), place)
                self._run(path, value, "set", *options, content=content)
            return copy.read_bytes()

    def update_keys(self, path: PurePosixPath, content: bytes, config: bytes) -> bytes:
        """Return the sealed file *path*, which holds *content*, with its data key sealed to whom *config* names.

        Values and their code stay as they are; where the recipients are the same, every byte does.

        Args:
            path: Where it is, from the project's folder: it chooses the recipients.
            content: What it holds.
            config: The compiled `.sops.yaml`, whatever is on disk.

        Raises:
            Unsealable: When it cannot be opened, *config* names no recipient for *path*, or one cannot be reached.
        """
        with tempfile.TemporaryDirectory(prefix="platformc-") as folder:
            _write(Path(folder), ".sops.yaml", config)
            copy = _write(Path(folder), str(path), content)
            options = ("--yes", "--input-type", "yaml", str(copy))
            self._run(path, b"", "updatekeys", *options, folder=folder, content=content)
            return copy.read_bytes()

    def rotate(self, path: PurePosixPath, content: bytes) -> bytes:
        """Return the sealed file *path*, which holds *content*, under a new data key, for the same recipients.

        Raises:
            Unsealable: When it cannot be opened, or one of its recipients cannot be reached.
        """
        with tempfile.TemporaryDirectory(prefix="platformc-") as folder:
            copy = _write(Path(folder), "sealed.yaml", content)
            self._run(path, b"", "rotate", "--in-place", *_YAML, str(copy), content=content)
            return copy.read_bytes()

    def _run(self, path: PurePosixPath, given: bytes, *command: str, folder: str = "", content: bytes = b"") -> bytes:
        """Return what `sops` prints.

        Args:
            path: The file that this is about.
            given: What `sops` reads.
            command: Its command and the options of that.
            folder: Where its configuration is; empty for none.
            content: What the file holds, where that is not what `sops` reads.

        Raises:
            Unsealable: When it fails.
        """
        config = ("--config", f"{folder}/.sops.yaml") if folder else ("--config", os.devnull)
        ended = subprocess.run(
            [self.executable, *config, *command], input=given, capture_output=True, check=False, env=environment()
        )
        if ended.returncode != 0:
            _refuse(path, ended.returncode, ended.stderr, content or given)
        return ended.stdout


def environment() -> dict[str, str]:
    """Return the variables of this process, but for those that would choose other recipients than the document."""
    return {name: value for name, value in os.environ.items() if name not in _CHOOSING}


def _refuse(path: PurePosixPath, status: int, words: bytes, content: bytes) -> NoReturn:
    """Tell from its exit status, and where that says little from its words, why `sops` failed."""
    if status == _NO_KEY:
        raise Unsealable(path, Reason.NO_KEY)
    if status in _UNAUTHENTIC:
        raise Unsealable(path, Reason.BAD_MAC)
    if b"sops metadata not found" in words:
        raise Unsealable(path, Reason.DAMAGED if b"ENC[AES256_GCM" in content else Reason.NOT_SEALED)
    if b"no matching creation rules" in words or b"config file not found" in words:
        raise Unsealable(path, Reason.NO_RECIPIENT)
    if b"master key" in words or b"data key" in words:
        raise Unsealable(path, Reason.UNREACHABLE)
    raise Unsealable(path, Reason.DAMAGED)


def _document(values: Mapping[str, str]) -> bytes:
    return b'{"stringData": ' + _map(values) + b"}"


def _map(values: Mapping[str, str]) -> bytes:
    return _json(dict(sorted(values.items())))


def _json(value: str | dict[str, str]) -> bytes:
    return json.dumps(value).encode()


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that holds nothing secret into the temporary *folder*, and return where it is."""
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def _without_core_dumps() -> None:
    """Keep the memory of this process, which will hold plaintext, out of a core dump, and that of its children."""
    try:
        import resource
    except ImportError:  # Windows writes none into the current folder
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
