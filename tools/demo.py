"""Compile a sample into a temporary folder and show what came out: `python tools/demo.py samples/shop`.

Every file with the kinds of its objects, then one microservice's Deployment. In colour on a terminal.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

DEPLOYMENT_LINES = 48
BOLD, DIM, GREEN, PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[0m"


def painted(text: str, colour: str) -> str:
    """Return *text* in *colour* where a person looks at it and wants colours."""
    wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return f"{colour}{text}{PLAIN}" if wanted else text


def platformc(*arguments: str) -> None:
    """Show a command and run it, with the platformc that is installed beside this Python.

    Raises:
        SystemExit: With its status, when it fails.
    """
    print(painted(f"$ platformc {' '.join(arguments)}", BOLD), flush=True)
    status = subprocess.run((Path(sys.executable).parent / "platformc", *arguments), check=False).returncode
    if status:
        raise SystemExit(status)


def kinds(file: Path) -> str:
    """Return the kinds of the objects in *file*, in their order, with a number where there are more."""
    counted = Counter(each["kind"] for each in yaml.safe_load_all(file.read_text(encoding="utf-8")) if each)
    return ", ".join(kind if number == 1 else f"{number} {kind}" for kind, number in counted.items())


def lines_of_tree(folder: Path, margin: str = "") -> Iterator[str]:
    """Yield *folder* as a tree, each file with the kinds that it holds."""
    entries = sorted((path for path in folder.iterdir() if path.name[0] != "."), key=lambda path: path.name)
    for entry in entries:
        last = entry == entries[-1]
        branch = margin + ("└── " if last else "├── ")
        if entry.is_dir():
            yield branch + painted(entry.name, BOLD)
            yield from lines_of_tree(entry, margin + ("    " if last else "│   "))
        else:
            yield f"{branch + entry.name:<44} {painted(kinds(entry), GREEN)}"


def first_deployment(folder: Path) -> tuple[Path, list[str]]:
    """Return the first file below *folder* with a Deployment, and the lines of that Deployment.

    Raises:
        SystemExit: When there is none.
    """
    for file in sorted(folder.rglob("*.yaml")):
        for text in file.read_text(encoding="utf-8").split("\n---\n"):
            if (yaml.safe_load(text) or {}).get("kind") == "Deployment":
                return file, text.removeprefix("---\n").splitlines()
    raise SystemExit("demo: there is no Deployment")


def main(sample: Path) -> None:
    """Compile *sample* and show the result."""
    document = str(sample / "platform.yaml")
    with tempfile.TemporaryDirectory(prefix="platformc-demo-") as name:
        output = Path(name, "deploy")
        platformc("compile", "-f", document, "-o", str(output))
        print()
        print(painted(output.name, BOLD), *lines_of_tree(output), sep="\n")
        file, lines = first_deployment(output)
        print(f"\n{painted(f'# {file.relative_to(output)}, its Deployment', DIM)}")
        print(*lines[:DEPLOYMENT_LINES], sep="\n")
        if len(lines) > DEPLOYMENT_LINES:
            print(painted(f"# and {len(lines) - DEPLOYMENT_LINES} lines more", DIM))
    print()
    platformc("check", "-f", document)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
