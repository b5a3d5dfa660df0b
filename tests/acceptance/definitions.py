"""The definitions of the kinds that a sample uses and a bare API server does not know.

Those that the package carries are complete enough for a server, and are installed as they are carried.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from tests.acceptance.manifests import Found

# Where projects that Kubernetes does not ship publish their definitions: a Go module and a folder in it.
MODULES = {
    "gateway.networking.k8s.io": ("sigs.k8s.io/gateway-api@v1.4.0", "config/crd/standard"),
}


CARRIED = Path(__file__).parents[2] / "schemas" / "definitions"


def definitions_for(sample: Path, found: Sequence[Found]) -> Iterator[Found]:
    """Yield the definitions that *sample*'s document names, those it uses that are carried, and of published groups."""
    document = yaml.safe_load((sample / "platform.yaml").read_text(encoding="utf-8"))
    for pattern in document.get("crds") or ():
        yield from _definitions(sorted(sample.glob(pattern)))
    yield from _definitions(sorted(_carried(found)))
    for group in sorted({each.manifest["apiVersion"].partition("/")[0] for each in found} & MODULES.keys()):
        yield from _definitions(sorted(_published(*MODULES[group]).glob(f"{group}_*.yaml")))


def _carried(found: Iterable[Found]) -> set[Path]:
    """Return the files of the carried definitions of kinds that are among *found*."""
    listed = json.loads((CARRIED / "kinds.json").read_bytes())
    used = {(each.manifest["apiVersion"], each.manifest["kind"]) for each in found}
    return {CARRIED / listed[api_version][kind] for api_version, kind in used if kind in listed.get(api_version, ())}


def _definitions(files: Iterable[Path]) -> Iterator[Found]:
    for file in files:
        for manifest in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if manifest is not None and manifest["kind"] == "CustomResourceDefinition":
                yield Found(file.name, manifest)


def _published(module: str, folder: str) -> Path:
    """Return *folder* of a Go *module*, in Go's own cache, which checks what it downloads."""
    command = ("go", "mod", "download", "-json", module)
    downloaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Path(json.loads(downloaded)["Dir"], folder)
