"""Running something as a person whom permissions bind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def as_anybody() -> tuple[str, ...]:
    """Return what makes permissions count: root may do everything, unless that is taken away (capabilities(7))."""
    if os.geteuid():
        return ()
    assert shutil.which("setpriv"), "'setpriv' is not on the PATH; it is part of util-linux"
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


def run_uncached(folder: Path, *arguments: str, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """Run platformc in *folder* without a cache, by way of what stands *before* it."""
    return subprocess.run(
        (*before, sys.executable, "-m", "generator", *arguments),
        cwd=folder,
        env=os.environ | {"PLATFORMC_CACHE": "off"},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=60,
    )
