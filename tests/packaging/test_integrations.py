"""The action, the component and the template that the project offers to services.

Their files are held against the schemas that these services publish (check-jsonschema carries them), and what they run
is run by a stand-in for each service's runner: bash, and a few variables.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.packaging.checkout import BIN, DOCUMENT, ROOT


def shown() -> list[tuple[str, str]]:
    """Return the files of the page about CI: name and content."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return re.findall(r"```yaml\n# (\S+)\n(.*?)```", page, re.DOTALL)


def component() -> tuple[str, str]:
    """Return the head and the body of the GitLab component."""
    head, _, body = (ROOT / "templates" / "platformc.yml").read_text(encoding="utf-8").partition("\n---\n")
    return head, body


def held_against(schema: str, file: Path, *options: str) -> None:
    done = subprocess.run(
        # Azure's schema holds an expression that is none of ECMAScript's.
        (BIN / "check-jsonschema", "--regex-variant", "python", "--builtin-schema", f"vendor.{schema}", *options, file),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_has_the_shape_that_github_publishes() -> None:
    held_against("github-actions", ROOT / "action.yml")


def test_the_template_has_the_shape_that_azure_publishes() -> None:
    held_against("azure-pipelines", ROOT / ".azure-pipelines" / "platformc.yml")


def test_the_component_has_the_shape_that_gitlab_publishes(tmp_path: Path) -> None:
    head, body = component()
    inputs = yaml.safe_load(head)["spec"]["inputs"]
    assert set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", body)) == set(inputs)
    text = re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: str(inputs[found[1]]["default"]), body)
    file = tmp_path / "job.yml"
    file.write_text(text, encoding="utf-8")

    held_against("gitlab-ci", file, "--data-transform", "gitlab-ci")


@pytest.mark.parametrize("number", range(len(shown())))
def test_what_the_page_shows_has_the_shape_that_each_service_publishes(number: int, tmp_path: Path) -> None:
    name, content = shown()[number]
    schemas = {
        ".github/workflows/platform.yaml": "github-workflows",
        ".gitlab-ci.yml": "gitlab-ci",
        "azure-pipelines.yml": "azure-pipelines",
    }
    file = tmp_path / Path(name).name
    file.write_text(content, encoding="utf-8")
    if name == ".pre-commit-config.yaml":
        subprocess.run((BIN / "pre-commit", "validate-config", file), check=True, capture_output=True)
    else:
        held_against(schemas[name], file)


def test_the_page_shows_the_inputs_that_there_are() -> None:
    files = [yaml.safe_load(content) for _, content in shown()]
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    head, _ = component()
    template = yaml.safe_load((ROOT / ".azure-pipelines" / "platformc.yml").read_text(encoding="utf-8"))["parameters"]
    used = {"action": set[str](), "component": set[str](), "template": set[str]()}
    for each in files:
        for job in each.get("jobs", {}).values() if isinstance(each.get("jobs"), dict) else ():
            for step in job["steps"]:
                if step["uses"].startswith("platformc/"):
                    used["action"] |= set(step.get("with", {}))
        for job in each["jobs"] if isinstance(each.get("jobs"), list) else ():
            used["template"] |= set(job["parameters"])
        for included in each.get("include", ()):
            used["component"] |= set(included["inputs"])

    assert used["action"]
    assert used["action"] <= set(action)
    assert used["component"]
    assert used["component"] <= set(yaml.safe_load(head)["spec"]["inputs"])
    assert used["template"]
    assert used["template"] <= {each["name"] for each in template}


def test_the_page_pins_a_placeholder_and_says_what_to_write_there() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    pinned = [
        one or other
        for _, content in shown()
        for one, other in re.findall(r"platformc@([\w.]+)|^ *(?:rev: |ref: refs/tags/)(\S+)", content, re.MULTILINE)
    ]

    assert len(pinned) == 9
    assert set(pinned) == {"RELEASE"}
    assert "in place of `RELEASE`: the tag of a release, or the whole hash of a commit" in " ".join(page.split())


def test_versions_that_are_pinned_twice_are_the_same() -> None:
    tools = (ROOT / "tools" / "go_tools.py").read_text(encoding="utf-8")
    pinned = dict(re.findall(r'\("(\S+)", "(v\S+)"\)', tools))
    for file in ("Containerfile", "templates/platformc.yml", ".azure-pipelines/platformc.yml"):
        named = re.findall(r"go install (\S+)@(\S+)", (ROOT / file).read_text(encoding="utf-8"))
        assert named, file
        assert all(pinned[package] == version for package, version in named), file


def test_the_image_is_made_of_what_there_is() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE) for word in line.split()[:-1]]

    assert copied
    assert all((ROOT / each).exists() for each in copied)


class Runner:
    """A stand-in for the runners of services: bash, a work tree, and the variables that a service sets."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work tree"
        self.work.mkdir()
        (self.work / "platform.yaml").write_text(DOCUMENT, encoding="utf-8")
        self.variables = {"HOME": str(folder), "RUNNER_TEMP": str(folder), "AGENT_TEMPDIRECTORY": str(folder)}
        kubeconform = shutil.which("kubeconform")
        assert kubeconform, "'kubeconform' is not on PATH; 'make tools' fetches it"
        self.path = [str(BIN), str(Path(kubeconform).parent), "/usr/bin", "/bin"]

    def run(self, script: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = self.variables | variables | {"PATH": os.pathsep.join(self.path)}
        return subprocess.run(
            ("bash", "-eo", "pipefail", "-c", script),
            cwd=self.work,
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_steps_of_the_action_annotate_output_that_is_out_of_date_and_pass_afterwards(runner: Runner) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    by_name = {step["name"]: step["run"] for step in steps}
    variables = {"PLATFORM": "platform.yaml", "SHARD": "", "GITHUB_ACTIONS": "true"}

    stale = runner.run(by_name["Check"], **variables)
    assert (stale.returncode, stale.stdout.count("::error file=deploy/shop/dev/catalog.yaml,")) == (1, 1)

    assert runner.run("platformc compile").returncode == 0
    for name in ("Validate", "Check", "Conform"):
        ended = runner.run(by_name[name], **variables)
        assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


def test_the_action_compiles_a_part_and_joins_the_parts(runner: Runner) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    by_name = {step["name"]: step["run"] for step in steps}
    assert runner.run("platformc compile").returncode == 0
    for part in ("1", "2"):
        ended = runner.run(by_name["Compile a part"], PLATFORM="platform.yaml", SHARD=f"{part}/2")
        assert ended.returncode == 0, ended.stderr
        (runner.work / "platformc-parts").mkdir(exist_ok=True)
        (runner.work / "platformc-part").rename(runner.work / "platformc-parts" / part)

    ended = runner.run(by_name["Join and check"], PLATFORM="platform.yaml", PARTS="platformc-parts")
    assert ended.returncode == 0, ended.stderr

    (runner.work / "deploy" / "shop" / "dev" / "catalog.yaml").unlink()
    stale = runner.run(
        by_name["Join and check"], PLATFORM="platform.yaml", PARTS="platformc-parts", GITHUB_ACTIONS="true"
    )
    assert stale.returncode == 1
    assert "::error file=deploy/shop/dev/catalog.yaml," in stale.stdout


def test_the_jobs_of_the_template_report_issues_and_pass_afterwards(runner: Runner) -> None:
    jobs = yaml.safe_load((ROOT / ".azure-pipelines" / "platformc.yml").read_text(encoding="utf-8"))["jobs"]
    by_name = {step.get("displayName", ""): step.get("bash", "") for job in jobs for step in job["steps"]}
    variables = {"PLATFORM": "platform.yaml", "TF_BUILD": "True", "PIPELINE_WORKSPACE": str(runner.work.parent)}
    for part in ("1", "2"):
        of_job = {"SYSTEM_JOBPOSITIONINPHASE": part, "SYSTEM_TOTALJOBSINPHASE": "2"}
        ended = runner.run(by_name["Compile a part"], **variables, **of_job)
        assert ended.returncode == 0, ended.stderr
        (runner.work / "platformc-part").rename(runner.work.parent / f"platformc-part-{part}")

    stale = runner.run(by_name["Join and check"], **variables)
    assert stale.returncode == 1
    assert "##vso[task.logissue type=error;sourcepath=deploy/shop/dev/catalog.yaml;" in stale.stdout

    assert runner.run("platformc compile").returncode == 0
    for name in ("Join and check", "Conform"):
        ended = runner.run(by_name[name], **variables)
        assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


def test_the_jobs_of_the_component_leave_a_report_and_pass_afterwards(runner: Runner) -> None:
    jobs = yaml.safe_load(component()[1])
    variables = {"PLATFORM": "platform.yaml", "CONFORM": "true", "CI_NODE_TOTAL": "2"}
    report = runner.work / "gl-code-quality.json"
    for part in ("1", "2"):
        ended = runner.run("\n".join(jobs["platformc compile"]["script"]), **variables, CI_NODE_INDEX=part)
        assert ended.returncode == 0, ended.stderr
    check = "\n".join(jobs["platformc check"]["script"])

    assert runner.run(check, **variables).returncode == 1
    found = json.loads(report.read_text(encoding="utf-8"))
    assert "deploy/shop/dev/catalog.yaml" in [each["location"]["path"] for each in found]

    assert runner.run("platformc compile").returncode == 0
    ended = runner.run(check, **variables)
    assert (ended.returncode, json.loads(report.read_text(encoding="utf-8"))) == (0, []), ended.stderr
