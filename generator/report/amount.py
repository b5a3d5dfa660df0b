"""How many of what."""


def plural(number: int, noun: str) -> str:
    """Return *number* with its *noun*, as `1 file` or `12 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
