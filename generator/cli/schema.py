"""`platformc schema`: the JSON Schema of the document, for editors."""

import json

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
    whole = read_schema("platform.schema.json")
    printed(whole if part == "platform" else _alone(read_schema(f"{part}.schema.json"), whole))
    return Status.CLEAN


def _alone(part: bytes, whole: bytes) -> bytes:
    """Return the schema *part*, which refers to the file of the *whole*, as one that needs no other file."""
    schema = json.loads(part.replace(b"platform.schema.json#/", b"#/"))
    schema["definitions"] = json.loads(whole)["definitions"]
    return (json.dumps(schema, indent=2) + "\n").encode()
