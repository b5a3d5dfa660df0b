"""Make the tools that are written in Go available, in the versions that the project is tested with.

    python3 tools/go_tools.py .tools/bin age-keygen sops kubeconform kustomize

A tool that PATH already offers in its pinned version or a newer one is left where it is; any other is built
by `go install` into the folder. Say `PATH=.tools/bin:$PATH` afterwards. Standard library only: it runs before
anything is installed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Each tool's package and the version to build: what the tests and the benchmark were written against.
PINNED = {
    "age-keygen": ("filippo.io/age/cmd/age-keygen", "v1.3.1"),
    "helm": ("helm.sh/helm/v4/cmd/helm", "v4.3.1"),
    "jsonnet": ("github.com/google/go-jsonnet/cmd/jsonnet", "v0.22.0"),
    "kubeconform": ("github.com/yannh/kubeconform/cmd/kubeconform", "v0.7.0"),
    "kustomize": ("sigs.k8s.io/kustomize/kustomize/v5", "v5.8.1"),
    "sops": ("github.com/getsops/sops/v3/cmd/sops", "v3.13.2"),
}

# How a tool that was not built by `go install` is asked for its version, without a look at the network.
ASK = {
    "age-keygen": ("--version",),
    "helm": ("version", "--template", "{{ .Version }}"),
    "jsonnet": ("--version",),
    "kubeconform": ("-v",),
    "kustomize": ("version",),
    "sops": ("--version", "--disable-version-check"),
}


def numbers(text: str) -> tuple[int, ...]:
    """Return the first version in *text* as numbers, or none: `v3.13.2` gives (3, 13, 2)."""
    found = re.search(r"\bv?(\d+)\.(\d+)\.(\d+)\b", text)
    return tuple(int(each) for each in found.groups()) if found else ()


def said_by(*command: str) -> str:
    """Return what *command* prints, and nothing where it cannot run or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def installed_version(tool: str, path: str) -> tuple[int, ...]:
    """Return the version of the executable at *path*, or none where it does not tell.

    `go install` records the module's version in the executable; a release build tells it in its own words.
    """
    recorded = re.search(r"^\tmod\t\S+\t(\S+)", said_by("go", "version", "-m", path), re.MULTILINE)
    return (numbers(recorded[1]) if recorded else ()) or numbers(said_by(path, *ASK[tool]))


def install(tool: str, folder: Path) -> None:
    """Build *tool* into *folder*.

    Raises:
        SystemExit: When Go is missing or the build fails.
    """
    package, version = PINNED[tool]
    if shutil.which("go") is None:
        raise SystemExit(f"go_tools: '{tool}' {version} is not on PATH, nor is 'go' to build it")
    print(f"go_tools: building {tool} {version}", file=sys.stderr, flush=True)
    environment = {**os.environ, "GOBIN": str(folder.resolve())}
    built = subprocess.run(("go", "install", f"{package}@{version}"), env=environment, check=False)
    if built.returncode:
        raise SystemExit(f"go_tools: 'go install {package}@{version}' failed")


def main(folder: Path, tools: list[str]) -> None:
    """Make every one of *tools* available, building into *folder* what is missing."""
    unknown = [tool for tool in tools if tool not in PINNED]
    if unknown:
        raise SystemExit(f"go_tools: choose from {', '.join(PINNED)}, not {', '.join(unknown)}")
    folder.mkdir(parents=True, exist_ok=True)
    search = os.pathsep.join((str(folder.resolve()), os.environ.get("PATH", os.defpath)))
    for tool in tools:
        path = shutil.which(tool, path=search)
        if path is None or installed_version(tool, path) < numbers(PINNED[tool][1]):
            install(tool, folder)


if __name__ == "__main__":
    if len(sys.argv) < 3:  # noqa: PLR2004  (the script, a folder, a tool)
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER TOOL...")
    main(Path(sys.argv[1]), sys.argv[2:])
