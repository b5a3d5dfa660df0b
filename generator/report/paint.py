"""Colours for a terminal, and none anywhere else."""

from enum import StrEnum


class Ink(StrEnum):
    """A colour, as the parameters of ANSI's "select graphic rendition" (ECMA-48, 8.3.117)."""

    RED = "1;31"
    YELLOW = "1;33"
    CYAN = "36"
    DIM = "2"
    BOLD = "1"


def painted(text: str, ink: Ink, *, coloured: bool) -> str:
    """Return *text* in *ink*, or as it is where nothing is *coloured*."""
    return f"\x1b[{ink}m{text}\x1b[0m" if coloured and text else text
