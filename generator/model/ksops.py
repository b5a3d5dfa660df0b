"""KSOPS, by which kustomize, and so Argo CD, unseals: https://github.com/viaduct-ai/kustomize-sops."""

from collections.abc import Sequence

from generator.model import yaml_text

GENERATOR = "secrets.ksops.yaml"
"""The generator's file, beside the `kustomization.yaml` that lists it; no microservice's file is called so."""

# Without the annotation kustomize looks for a plugin of the old kind in a folder of its own, and where `exec` is not
# allowed it says nothing useful; `path` without a slash is looked for on the PATH.
_FUNCTION = "exec:\n  path: ksops\n"


def generator_text(name: str, files: Sequence[str]) -> str:
    """Return the YAML of a generator that unseals *files*.

    Args:
        name: Its own name, which appears in messages only.
        files: The sealed files, from the folder of the generator.
    """
    return yaml_text.emit(
        {
            "apiVersion": "viaduct.ai/v1",
            "kind": "ksops",
            "metadata": {"name": name, "annotations": {"config.kubernetes.io/function": _FUNCTION}},
            "files": [each if each.startswith("../") else f"./{each}" for each in files],
        }
    )
