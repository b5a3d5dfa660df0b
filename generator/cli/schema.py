"""`platformc schema`: the JSON Schema of the document, for editors."""

import click

from generator.adapters.package import read_schema
from generator.cli.status import Status
from generator.cli.stream import printed

_EPILOG = """\b
Examples:
  platformc schema > platform.schema.json
  platformc schema microservice > microservice.schema.json

\b
An editor with the YAML language server then helps where a file begins with
  # yaml-language-server: $schema=platform.schema.json
"""


@click.command("schema", epilog=_EPILOG)
@click.argument(
    "part",
    type=click.Choice(["platform", "application", "environment", "microservice"]),
    default="platform",
)
def command(part: str) -> int:
    """Print the JSON Schema (draft-07) of the platform document.

    With PART that of an included file: one application, environment or microservice.
    """
    printed(read_schema(f"{part}.schema.json"))
    return Status.CLEAN
