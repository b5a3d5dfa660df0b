"""Running something as a person whom permissions bind."""

import os
import shutil


def as_anybody() -> tuple[str, ...]:
    """Return what makes permissions count: root may do everything, unless that is taken away (capabilities(7))."""
    if os.geteuid():
        return ()
    assert shutil.which("setpriv"), "'setpriv' is not on the PATH; it is part of util-linux"
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
