"""Pin the development dependencies: install the newest into a fresh environment, write down what came.

python3 tools/pins.py requirements-dev.txt
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HEADER = """\
# Everything that `make test` installs, exactly; and the constraints for what the wheel needs.
# Written by `make pins` from the names in pyproject.toml.
"""


def main(target: Path) -> None:
    """Write to *target* the exact versions of all that pyproject.toml names, and of what that needs."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
    ]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        pip = (str(Path(folder, "bin", "python")), "-m", "pip")
        subprocess.run((*pip, "install", "--quiet", *wanted), check=True)
        frozen = subprocess.run((*pip, "freeze"), check=True, capture_output=True, text=True).stdout
    target.write_text(HEADER + frozen, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
