"""How findings are said: for a person, for a program, or for the service that runs the command."""

import os
from pathlib import Path

import click

from generator.report.formats import FORMATS

TEXT = "text"
AUTO = "auto"

_SERVICES = {"GITHUB_ACTIONS": "github", "TF_BUILD": "azure"}
"""The variables by which a service says that it runs a command, and the format that it reads from the log.

Sources: GitHub's "Default environment variables"; Azure Pipelines' "Use predefined variables" (there `True`).
"""

with_format = click.option(
    "--format",
    "format_",
    type=click.Choice([AUTO, TEXT, *FORMATS]),
    default=AUTO,
    show_default=True,
    help="How to say findings: text to standard error, others to standard output. 'auto' is text, and in GitHub Actions"
    " and Azure Pipelines what they annotate changes with.",
)
"""Gives a command on a document the choice of how to say findings."""

with_product_format = click.option(
    "--format",
    "format_",
    type=click.Choice([TEXT, "json"]),
    default=TEXT,
    show_default=True,
    help="How to print it: for a person, or as one JSON document with the findings in it.",
)
"""The same for a command whose product is more than findings."""


def audience(choice: str) -> tuple[str, ...]:
    """Return the formats that *choice* comes to, one of the option's: in a service that reads the log, text as well."""
    if choice != AUTO:
        return (choice,)
    services = (form for name, form in _SERVICES.items() if os.environ.get(name, "").casefold() == "true")
    return (TEXT, *services)


def above_current_folder() -> str:
    """Return what leads here from the root of the git work tree: empty there and outside of any, else with a slash."""
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    inner = here.relative_to(root).as_posix()
    return "" if inner == "." else f"{inner}/"
