"""The output in git: renames are followed, and branches that touch different microservices merge."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.committed.killing import LOCK, Forks, everything

MICROSERVICES = ("Basket", "Catalog", "Orders", "Pricing")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks({"PLATFORMC_CACHE": "off", "NO_COLOR": "1"})
    yield forks
    forks.end()


def environment(name: str) -> dict[str, Any]:
    tenant = {"id": f"445f8ea8-1a6f-40d7-b2fc-{len(name):012}", "hosts": [f"{name.lower()}.example.com"]}
    return {"name": name, "storage": {"backup": False}, "tenants": [tenant]}


class Repository:
    """A project in git; its microservices are in files of their own, so that only what is compiled can conflict."""

    def __init__(self, root: Path, forks: Forks, *, runtime: bool = False) -> None:
        self.root = root
        self._forks = forks
        self.git("init", "-q", "-b", "main")
        environments = [environment(name) for name in ("Dev", "Prod")]
        microservices = {"include": "microservices/*.yaml"}
        application = {"name": "shop", "environments": environments, "microservices": [microservices]}
        document = {"apiVersion": "platformc.dev/v1", "kind": "Platform", "customer": {"name": "acme"}}
        (root / "platform.yaml").write_text(json.dumps({**document, "applications": [application]}), encoding="utf-8")
        (root / "microservices").mkdir()
        for name in MICROSERVICES:
            self.write(name, runtime=runtime)
        self.compile()
        self.commit()

    def write(self, name: str, image: str = "1.0.0", *, runtime: bool = False) -> None:
        said: dict[str, Any] = {
            "name": name,
            "head": {"image": f"example/{name.lower()}:{image}"},
            "env": {"LOG_LEVEL": "info"},
        }
        if runtime:
            said |= {"runtime": {"version": "9.3.3"}, "expose": {"path": f"/api/{name.lower()}"}}
        path = self.root / "microservices" / f"{name}.yaml"
        path.write_text(json.dumps(said, indent=1), encoding="utf-8")

    def remove(self, name: str) -> None:
        (self.root / "microservices" / f"{name}.yaml").unlink()

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text
        (self.root / file).write_text(text.replace(old, new), encoding="utf-8")

    def git(self, *words: str, status: int = 0) -> str:
        names = {"GIT_AUTHOR_NAME": "a", "GIT_COMMITTER_NAME": "a", "GIT_CONFIG_GLOBAL": os.devnull}
        mails = {"GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_EMAIL": "a@example.com"}
        ended = subprocess.run(
            ("git", *words),
            cwd=self.root,
            env=os.environ | names | mails | {"GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert ended.returncode == status, ended.stdout + ended.stderr
        return ended.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def compile(self) -> None:
        ended = self._forks.run(self.root, "compile")
        assert ended["status"] == 0, ended["said"]

    def check(self) -> str:
        return str(self._forks.run(self.root, "check")["said"])

    def renamed(self) -> dict[str, str]:
        """Return what git takes for renamed in the output, and demand that it takes nothing for new or deleted."""
        self.git("add", "-A")
        lines = self.git("diff", "--cached", "--find-renames", "-M50%", "--name-status", "--", "deploy").splitlines()
        changes = [line.split("\t") for line in lines]
        assert {change[0][0] for change in changes} <= {"R", "M"}, lines
        return {change[1]: change[2] for change in changes if change[0].startswith("R")}

    def branches(self, *edits: Any) -> None:
        """Make a branch of each edit, compiled."""
        for number, edit in enumerate(edits):
            self.git("checkout", "-q", "-b", f"branch-{number}", "main")
            edit(self)
            self.compile()
            self.commit()


@pytest.fixture
def repository(tmp_path: Path, forks: Forks) -> Repository:
    return Repository(tmp_path, forks)


@pytest.mark.parametrize("moved", [False, True], ids=["left behind", "moved"])
def test_an_output_folder_that_gets_another_name_goes_on_there(repository: Repository, *, moved: bool) -> None:
    if moved:
        repository.git("mv", "deploy", "out")
    repository.replace("platform.yaml", '"applications"', '"output": {"directory": "out"}, "applications"')

    repository.compile()

    repository.git("add", "-A")
    changed = repository.git("diff", "--cached", "-M100%", "--name-status", "--", "deploy", "out").splitlines()
    lock = {"D\tdeploy/.platformc.lock", "A\tout/.platformc.lock"}
    assert lock <= set(changed)
    assert all(each.startswith("R100") for each in set(changed) - lock)
    assert "up to date" in repository.check()
    repository.git("commit", "-q", "-m", "moved")
    followed = repository.git("log", "--follow", "--format=%s", "--", "out/shop/dev/catalog.yaml")
    assert followed.split() == ["moved", "x"]


# --- renames ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("runtime", [False, True], ids=["stateless", "with a Runtime"])
def test_git_follows_a_microservice_that_is_renamed(forks: Forks, tmp_path: Path, *, runtime: bool) -> None:
    repository = Repository(tmp_path, forks, runtime=runtime)
    repository.replace("microservices/Catalog.yaml", '"Catalog"', '"ProductCatalogue"')

    repository.compile()

    assert repository.renamed() == {
        f"deploy/shop/{each}/catalog.yaml": f"deploy/shop/{each}/productcatalogue.yaml" for each in ("dev", "prod")
    }


@pytest.mark.parametrize("runtime", [False, True], ids=["stateless", "with a Runtime"])
def test_git_follows_an_environment_that_is_renamed(forks: Forks, tmp_path: Path, *, runtime: bool) -> None:
    repository = Repository(tmp_path, forks, runtime=runtime)
    repository.replace("platform.yaml", '"Prod"', '"Production"')

    repository.compile()

    names = ("environment", *map(str.lower, MICROSERVICES))
    assert repository.renamed() == {
        f"deploy/shop/prod/{name}.yaml": f"deploy/shop/production/{name}.yaml" for name in names
    }


@pytest.mark.parametrize("runtime", [False, True], ids=["stateless", "with a Runtime"])
def test_git_follows_an_application_that_is_renamed(forks: Forks, tmp_path: Path, *, runtime: bool) -> None:
    repository = Repository(tmp_path, forks, runtime=runtime)
    repository.replace("platform.yaml", '"shop"', '"store"')

    repository.compile()

    output = [name for name in everything(tmp_path) if name.startswith("deploy/store/")]
    assert repository.renamed() == {name.replace("/store/", "/shop/"): name for name in output}
    assert len(output) == 11


def test_in_the_kustomize_layout_git_follows_what_has_objects_in_it(repository: Repository) -> None:
    """A kustomization of four lines, three of which hold the name, is another file to git."""
    repository.replace("platform.yaml", '"applications"', '"output": { "layout": "kustomize" }, "applications"')
    repository.compile()
    repository.commit()
    repository.replace("microservices/Catalog.yaml", '"Catalog"', '"ProductCatalogue"')

    repository.compile()

    repository.git("add", "-A")
    lines = repository.git("diff", "--cached", "-M50%", "--name-status", "--", "deploy").splitlines()
    changes = [line.split("\t") for line in lines]
    renamed = [change[1:] for change in changes if change[0].startswith("R")]
    assert renamed == [["deploy/shop/base/catalog/objects.yaml", "deploy/shop/base/productcatalogue/objects.yaml"]]
    assert {Path(change[1]).name for change in changes if change[0] in {"A", "D"}} == {"kustomization.yaml"}


# --- merges ----------------------------------------------------------------------------------------------------


def edit(name: str, image: str = "2.0.0") -> Any:
    return lambda repository: repository.write(name, image)


def add(name: str) -> Any:
    return lambda repository: repository.write(name)


def remove(name: str) -> Any:
    return lambda repository: repository.remove(name)


ATTRIBUTE = "/deploy/.platformc.lock merge=union\n"
PAIRS = {
    "edits of neighbours": (edit("Catalog"), edit("Orders")),
    "edits far apart": (edit("Basket"), edit("Pricing")),
    "neighbours that are added": (add("Delivery"), add("Invoices")),
    "neighbours that are removed": (remove("Catalog"), remove("Orders")),
    "one that is added beside one that is removed": (add("Checkout"), remove("Catalog")),
    "one that is added beside one that is edited": (add("Checkout"), edit("Catalog")),
    "one that is removed beside one that is edited": (remove("Orders"), edit("Catalog")),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_branches_that_touch_different_microservices_merge(repository: Repository, pair: str) -> None:
    (repository.root / ".gitattributes").write_text(ATTRIBUTE, encoding="utf-8")
    repository.commit()
    repository.branches(*PAIRS[pair])

    repository.git("merge", "-q", "--no-edit", "branch-0")

    assert repository.check().splitlines()[-1].startswith("up to date: ")
    there = everything(repository.root)
    repository.compile()
    assert {name: each for name, each in everything(repository.root).items() if name != LOCK} == {
        name: each for name, each in there.items() if name != LOCK
    }
    ended = subprocess.run(
        ("sha256sum", "--check", "--strict", "--quiet", LOCK), cwd=repository.root, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_without_the_attribute_neighbours_conflict_in_the_lock_only_and_the_next_compile_resolves_that(
    repository: Repository,
) -> None:
    repository.branches(edit("Basket"), edit("Pricing"))
    repository.git("merge", "-q", "branch-0", status=1)
    assert repository.git("diff", "--name-only", "--diff-filter=U").split() == [LOCK]

    assert "a merge left a conflict in the inventory [bad-lock]" in repository.check()
    repository.compile()

    assert repository.check().startswith("up to date: ")


def test_branches_that_touch_the_same_microservice_conflict_and_the_next_compile_resolves_the_output(
    repository: Repository,
) -> None:
    repository.branches(edit("Catalog", "2.0.0"), edit("Catalog", "3.0.0"))
    repository.git("merge", "-q", "branch-0", status=1)
    unmerged = set(repository.git("diff", "--name-only", "--diff-filter=U").split())
    assert "microservices/Catalog.yaml" in unmerged

    repository.git("checkout", "-q", "--ours", "microservices/Catalog.yaml")  # the person decides about the source
    repository.git("checkout", "-q", "--theirs", "deploy/shop")  # and compiling about all that follows from it
    repository.compile()

    assert repository.check().startswith("up to date: ")
    repository.commit()
    assert repository.git("status", "--porcelain") == ""
