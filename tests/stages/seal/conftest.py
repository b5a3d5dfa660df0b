"""A project folder in which real sops seals, with throw-away keys."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.model.diagnostics import Diagnostic
from generator.model.recipients import Recipients
from generator.model.sealed import SealedSource, read_sealed
from generator.stages.seal.sops_config import application_rules, sops_config

DEV = "age1yfl47d84anultgqd6xzhr4sjwt7499h8zelkdk06kw87j7kenv5sq5nmy3"
PROD = "age160x59fhyyj3pe98u8w337ax0msegc3vdkk4uclr5epee7kjz9q6qn8un60"


@dataclass(frozen=True)
class Project:
    """A folder with a compiled `.sops.yaml`, for the application 'shop' in 'dev' and 'prod'."""

    root: Path

    def run(self, *command: str, key: str = "dev", given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a tool in the folder, with the private key of one environment."""
        if shutil.which(command[0]) is None:
            pytest.fail(f"'{command[0]}' is not on the PATH: run the tests with 'make test'")
        keys = Path(__file__).with_name(f"throwaway-{key}.agekey")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "SOPS_AGE_KEY": keys.read_text(),
            "SOPS_DISABLE_VERSION_CHECK": "1",
        }
        return subprocess.run(
            command,
            cwd=self.root,
            input=given,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def seal(self, path: str, values: str) -> SealedSource:
        """Seal the lines *values* of `stringData` and read the file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        made = self.run(
            "sops", "encrypt", "--filename-override", path, "--output", path, given=f"stringData:\n{values}"
        )
        assert made.returncode == 0, made.stderr
        return self.read(path)

    def read(self, path: str) -> SealedSource:
        """Read a sealed file of the folder."""
        source = read_sealed(path, (self.root / path).read_bytes())
        assert source.findings == ()
        return source

    def faults(self, path: str) -> tuple[Diagnostic, ...]:
        """Return what is wrong with a sealed file of the folder."""
        return read_sealed(path, (self.root / path).read_bytes()).findings

    def unseal(self, text: str, key: str = "dev") -> subprocess.CompletedProcess[str]:
        """Unseal the YAML *text*, which verifies its MAC."""
        (self.root / "compiled.yaml").write_text(text)
        return self.run("sops", "decrypt", "compiled.yaml", key=key)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    rules = application_rules("shop", [("dev", Recipients(age=(DEV,))), ("prod", Recipients(age=(PROD,)))])
    (tmp_path / ".sops.yaml").write_bytes(sops_config(rules))
    return Project(tmp_path)
