"""A stand-in for KSOPS, which no registry has: it speaks kustomize's protocol as KSOPS does, and asks sops to unseal.

Reads a `ResourceList` from standard input whose items are generators of `viaduct.ai/v1`, unseals their `files` from
the working directory, and prints a `ResourceList` of what came out. See ksops.go in viaduct-ai/kustomize-sops.
"""

import subprocess
import sys
from typing import Any

import yaml


def generated(generator: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the files of *generator* hold, unsealed."""
    if (generator["apiVersion"], generator["kind"]) != ("viaduct.ai/v1", "ksops"):
        raise SystemExit("not a generator of ksops")
    found = []
    for file in generator["files"]:
        done = subprocess.run(("sops", "decrypt", file), capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(f"{file} cannot be unsealed")
        found += [each for each in yaml.safe_load_all(done.stdout) if each is not None]
    return found


def main() -> None:
    """Answer kustomize."""
    asked = yaml.safe_load(sys.stdin)
    items = [each for generator in asked["items"] for each in generated(generator)]
    yaml.safe_dump({"apiVersion": asked["apiVersion"], "kind": "ResourceList", "items": items}, sys.stdout)


if __name__ == "__main__":
    main()
