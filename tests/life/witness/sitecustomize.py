"""A witness in every Python process that has this folder on its PYTHONPATH.

Python tells it what the process is about to do. Of a file that is about to go, or to be renamed, it keeps a copy; of
a process that is about to be started, the arguments and the environment. So nothing that was ever on disk is missed,
however short its life was. Where WITNESS_FAILS names an event, that fails as nothing that platformc expects.
"""

import itertools
import json
import os
import shutil
import sys
from pathlib import Path

_KEPT = Path(os.environ["WITNESS_KEEPS"])
_FAILS = os.environ.get("WITNESS_FAILS", "")
_numbers = itertools.count()
_busy = False


def _keep(content: bytes) -> None:
    (_KEPT / f"{os.getpid()}.{next(_numbers)}").write_bytes(content)


def _keep_copy(path: object) -> None:
    """Keep a copy of the file or folder *path*, where it is one whose name is known."""
    if not isinstance(path, str | bytes | os.PathLike):
        return
    place = Path(os.fsdecode(path))
    if place.is_dir():
        shutil.copytree(place, _KEPT / f"{os.getpid()}.{next(_numbers)}")
    elif place.is_file():
        _keep(place.read_bytes())


def _witness(event: str, arguments: tuple[object, ...]) -> None:
    global _busy  # noqa: PLW0603  (what the witness itself does is not witnessed)
    if _busy or event not in {"os.remove", "os.rename", "shutil.rmtree", "subprocess.Popen", "os.exec"}:
        return
    _busy = True
    try:
        if event in {"subprocess.Popen", "os.exec"}:
            _keep(json.dumps([str(each) for each in arguments], ensure_ascii=False).encode())
        else:
            _keep_copy(arguments[0])
    finally:
        _busy = False
    if event == _FAILS:
        raise RuntimeError("the witness was told to fail")


sys.addaudithook(_witness)
