"""`platformc render`: the manifests of one environment on standard output."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import click

from generator.cli.session import Session, on_a_document
from generator.cli.stream import printed
from generator.model.selection import Selection
from generator.report.amount import plural

_EPILOG = """\b
Examples:
  platformc render -e Dev
  platformc render -e Prod shop/Catalog
  platformc render -e Dev | kubectl apply --dry-run=server -f -
"""

_SEALED = ".secret.yaml"
"""How the names of the files end that hold sealed Secrets."""


@click.command("render", epilog=_EPILOG)
@click.argument("microservice", required=False)
@click.option("-e", "--environment", metavar="ENV", required=True, help="The environment.")
@click.option("--sealed", is_flag=True, help="Sealed Secrets too; no API server takes them as they are.")
@on_a_document
def command(session: Session, *, environment: str, microservice: str | None, sealed: bool) -> int:
    """Print the manifests of an environment, or of one MICROSERVICE in it.

    They are one stream of YAML documents, in the order in which to apply them.
    Sealed Secrets are left out: they are for a GitOps engine to unseal.
    """
    chosen = () if microservice is None else (microservice,)
    compilation = session.compile(Selection((environment,), chosen), layout="plain")
    manifests = {path: text for path, text in compilation.tree.items() if path in compilation.versions}
    secrets = [path for path in manifests if path.name.endswith(_SEALED)]
    if not sealed:
        manifests = {path: text for path, text in manifests.items() if path not in secrets}
    printed(yaml_stream(manifests))
    status = session.report()
    if secrets and not sealed:
        session.say(f"left out {plural(len(secrets), 'file')} of sealed Secrets; '--sealed' prints them as well")
    return status


def yaml_stream(manifests: Mapping[PurePosixPath, bytes]) -> bytes:
    """Return all *manifests* as one stream: what is shared before what depends on it."""
    texts = (manifests[path] for path in sorted(manifests, key=_apply_order))
    return b"---\n".join(_ended(text.removeprefix(b"---\n")) for text in texts)


def _apply_order(path: PurePosixPath) -> tuple[Iterable[str], bool, bool, str]:
    """Sort an application's own files before its environments', and sealed Secrets before who reads them."""
    shared = path.name in {"application.yaml", "environment.yaml"}
    return (path.parent.parts, not shared, not path.name.endswith(_SEALED), path.name)


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") or not text else text + b"\n"
