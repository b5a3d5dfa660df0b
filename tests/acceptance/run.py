"""Send every object of every sample to a real API server, in a strict server-side dry run.

    python -m tests.acceptance.run [SAMPLE...]

Namespaces and definitions of kinds are created for real, since a dry run of what lives in them needs them.
The wiring of every GitOps engine is tried on one of the samples, with the engine's definitions installed.
The pods of every workload are tried too: Pod Security judges pods, and of workloads it only warns. Says what
was accepted and what was not; exits 1 when anything was refused.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.acceptance import server
from tests.acceptance.cluster import Answer, Cluster, Manifest
from tests.acceptance.definitions import ENGINES, definitions_for
from tests.acceptance.manifests import Found, pod_of, read_tree

ROOT = Path(__file__).parents[2]
FIRST = ("Namespace", "CustomResourceDefinition")


WIRED = "shop"
"""The sample that is also compiled for every engine."""

_OUTPUT = re.compile(r"^output: \{ directory: deploy \}$", re.MULTILINE)
_REPOSITORY = "https://github.com/acme/platform.git"


def wired(sample: Path, engine: str, folder: Path) -> Path:
    """Copy *sample* below *folder*, with the wiring of *engine*, and return the copy."""
    copy = folder / f"{sample.name}-with-{engine}"
    shutil.copytree(sample, copy, ignore=shutil.ignore_patterns("deploy"))
    document = copy / "platform.yaml"
    gitops = f"{{ engine: {engine}, repository: {_REPOSITORY} }}"
    text, replaced = _OUTPUT.subn(f"output: {{ gitops: {gitops} }}", document.read_text(encoding="utf-8"))
    if replaced != 1:
        raise SystemExit(f"acceptance: {document} has another 'output' than expected")
    document.write_text(text, encoding="utf-8")
    return copy


def compile_sample(sample: Path, target: Path) -> None:
    """Compile *sample* into *target* with the platformc that is installed beside this Python, in the plain layout.

    Raises:
        SystemExit: When it does not compile.
    """
    platformc = Path(sys.executable).parent / "platformc"
    document = sample / "platform.yaml"
    compiled = subprocess.run(
        (platformc, "compile", "--layout", "plain", "-f", document, "-o", target),
        capture_output=True,
        text=True,
        check=False,
    )
    if compiled.returncode:
        raise SystemExit(f"acceptance: {document} does not compile\n{compiled.stderr}")


def prepare(cluster: Cluster, found: Sequence[Found]) -> list[str]:
    """Create what the rest of *found* lives in or is made of; return the refusals."""
    refusals = []
    for kind in FIRST:
        for each in found:
            if each.manifest["kind"] == kind:
                answer = cluster.apply(each.manifest, dry_run=False)
                refusals += [f"{each}: {answer.refusal}"] if answer.refusal else []
    for each in found:
        if each.manifest["kind"] == "CustomResourceDefinition" and not refusals:
            _await_definition(cluster, each.manifest)
    return refusals


def _await_definition(cluster: Cluster, definition: Manifest) -> None:
    spec = definition["spec"]
    for version in spec["versions"]:
        if version["served"]:
            cluster.wait_for_kind(f"{spec['group']}/{version['name']}", spec["names"]["kind"])


def judge(cluster: Cluster, sample: str, definitions: Sequence[Found], found: Sequence[Found]) -> int:
    """Send *found* to *cluster*, say what it thought of them, and return how many refusals there were."""
    refusals = prepare(cluster, [*definitions, *found])
    warnings, counts = Counter[str](), Counter[str]()
    for each in found:
        pod = pod_of(each.manifest)
        answers = {str(each): cluster.apply(each.manifest)}
        if pod is not None:
            answers[f"{each}: its pod"] = cluster.create(pod)
        counts.update(objects=1, pods=len(answers) - 1)
        refusals += [f"{subject}: {answer.refusal}" for subject, answer in answers.items() if answer.refusal]
        warnings.update(_warnings(answers.values()))
    verdict = f"{len(refusals)} refused" if refusals else "all accepted"
    print(f"{sample}: {counts['objects']} objects and {counts['pods']} pods: {verdict}")
    for refusal in refusals:
        print(f"  refused: {refusal}")
    for warning, times in sorted(warnings.items()):
        print(f"  warning, {times} times: {warning}")
    return len(refusals)


def _warnings(answers: Iterable[Answer]) -> list[str]:
    # An HTTP warning is a code, an agent and a quoted text: `299 - "text"`. Pod Security puts the names of
    # the containers into parentheses; without them equal warnings count as one.
    warnings = [each for answer in answers for each in answer.warnings]
    texts = [each.partition(' "')[2].removesuffix('"').replace('\\"', '"') for each in warnings]
    return [re.sub(r" \([^)]*\)", "", text) for text in texts]


def main(samples: Sequence[Path]) -> int:
    """Judge every one of *samples*; return the exit status."""
    trees: dict[str, tuple[list[Found], list[Found]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for sample in samples:
            trees[sample.name] = _compiled(sample, Path(folder))
            for engine in ENGINES if sample.name == WIRED else ():
                copy = wired(sample, engine, Path(folder, "sources"))
                trees[copy.name] = _compiled(copy, Path(folder))
    if not trees or not all(found for _, found in trees.values()):
        raise SystemExit("acceptance: there is no sample, or one compiles to no object at all")
    with server.running(server.build(ROOT / ".tools")) as cluster:
        refused = [judge(cluster, name, definitions, found) for name, (definitions, found) in trees.items()]
    return 1 if any(refused) else 0


def _compiled(sample: Path, folder: Path) -> tuple[list[Found], list[Found]]:
    """Return the definitions that *sample* needs, and its objects."""
    compile_sample(sample, folder / sample.name)
    found = list(read_tree(folder / sample.name))
    return list(definitions_for(sample, found)), found


if __name__ == "__main__":
    named = [Path(argument) for argument in sys.argv[1:]]
    sys.exit(main(named or sorted(path.parent for path in ROOT.glob("samples/*/platform.yaml"))))
