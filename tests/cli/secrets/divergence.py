"""Two branches that change one sealed file, in a repository that merges by `platformc secrets merge`."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.secrets.repository import Repository

DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: {{ name: acme }}
applications:
  - name: shop
    environments:
      - name: Dev
        recipients: {{ age: [{recipient}] }}
    microservices:
      - name: Catalog
        head: {{ image: "example/catalog:1.4.0" }}
        env: {{ A: {{ secret: true }}, B: {{ secret: true }}, C: {{ secret: true }} }}
"""


def new_repository(tmp_path: Path) -> Repository:
    """A repository with the driver installed, and three sealed values."""
    root = tmp_path / "a repository"
    root.mkdir()
    made = Repository(root, tmp_path / "none")
    made.key, recipient = made.new_key("first")
    made.do("git", "init", "--quiet", "--initial-branch", "main")
    (root / "platform.yaml").write_text(DOCUMENT.format(recipient=recipient))
    made.seal(recipient, A="canary-a", B="canary-b", C="canary-c")
    made.do("platformc", "secrets", "merge", "--install")
    made.commit("base")
    return made


def diverge(repository: Repository, theirs: Callable[[], object], ours: Callable[[], object]) -> None:
    """Commit one change on the branch 'theirs', and another one on 'main'."""
    repository.do("git", "switch", "--quiet", "--create", "theirs")
    theirs()
    repository.commit("theirs")
    repository.do("git", "switch", "--quiet", "main")
    ours()
    repository.commit("ours")


def recipient_of(repository: Repository) -> str:
    return repository.do("age-keygen", "-y", str(repository.key)).strip()
