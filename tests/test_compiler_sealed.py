"""Sealed values are carried: compiled Secrets decrypt with real sops, and compiling needs neither sops nor a key."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.compiled import ROOT, Compiled, compile_folder, findings_of

SHOP = ROOT / "samples" / "shop"
# What becomes of each sealed file.
COMPILED = {
    "secrets/shop/registry.yaml": "deploy/shop/registry.secret.yaml",
    "secrets/shop/storage.yaml": "deploy/shop/storage.secret.yaml",
    "secrets/shop/dev/catalog.yaml": "deploy/shop/dev/catalog.secret.yaml",
    "secrets/shop/dev/catalog.files.yaml": "deploy/shop/dev/catalog.files.secret.yaml",
    "secrets/shop/prod/catalog.yaml": "deploy/shop/prod/catalog.secret.yaml",
    "secrets/shop/prod/catalog.files.yaml": "deploy/shop/prod/catalog.files.secret.yaml",
}


@cache
def shop() -> Compiled:
    return compile_folder(SHOP)


def text(path: str) -> str:
    return shop().file(path)


def run(*command: str, cwd: Path) -> str:
    """Run a tool with the sample's throw-away key, and return what it prints."""
    if shutil.which(command[0]) is None:
        pytest.fail(f"'{command[0]}' is not on the PATH: run the tests with 'make test'")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "SOPS_AGE_KEY_FILE": str(SHOP / "throwaway.agekey"),
        "SOPS_DISABLE_VERSION_CHECK": "1",
    }
    ended = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def decrypted(sealed: str, folder: Path) -> dict[str, Any]:
    """Decrypt a YAML text; sops fails where the MAC does not verify."""
    (folder / "sealed.yaml").write_text(sealed, encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(run("sops", "decrypt", "sealed.yaml", cwd=folder))
    return found


def slices(sealed: str) -> dict[str, str]:
    """Return the blocks of a sealed text that begin at its left margin, by their first word."""
    blocks = re.split(r"^(?=[a-zA-Z])", sealed, flags=re.MULTILINE)
    return {block.partition(":")[0]: block for block in blocks if not block.startswith("#")}


@pytest.mark.parametrize("source", COMPILED)
def test_a_compiled_secret_decrypts_to_what_its_source_decrypts_to(source: str, tmp_path: Path) -> None:
    plain = decrypted((SHOP / source).read_text(encoding="utf-8"), tmp_path)

    assert decrypted(text(COMPILED[source]), tmp_path)["stringData"] == plain["stringData"]


def test_what_it_decrypts_to_is_a_complete_secret(tmp_path: Path) -> None:
    secret = decrypted(text("prod/catalog.secret.yaml"), tmp_path)

    assert secret == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": shop().one("Secret", "prod-catalog-secret-env-variables")["metadata"],
        "type": "Opaque",
        "stringData": {"DB_PASSWORD": "sample-prod-password"},
    }


@pytest.mark.parametrize("source", COMPILED)
def test_the_sealed_values_and_the_sops_block_are_carried_byte_for_byte(source: str) -> None:
    before = slices((SHOP / source).read_text(encoding="utf-8"))
    after = slices(text(COMPILED[source]))

    assert after["stringData"] == before["stringData"]
    assert after["sops"] == before["sops"]
    assert list(after) == ["apiVersion", "kind", "metadata", "type", "stringData", "sops"]


@pytest.mark.parametrize("path", COMPILED.values())
def test_a_secret_still_verifies_after_kustomize_changed_its_metadata(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(text(path), encoding="utf-8")
    (tmp_path / "kustomization.yaml").write_text(
        "resources: [secret.yaml]\nnamePrefix: x-\nlabels: [{ pairs: { team: a } }]\n", encoding="utf-8"
    )
    before = decrypted(text(path), tmp_path)

    after = decrypted(run("kustomize", "build", ".", cwd=tmp_path), tmp_path)

    assert after["stringData"] == before["stringData"]
    assert after["metadata"]["name"] == f"x-{before['metadata']['name']}"


def test_a_value_that_was_moved_to_another_key_no_longer_verifies(tmp_path: Path) -> None:
    swapped = text("shop/storage.secret.yaml")
    first, second = re.findall(r"ENC\[[^]]*\]", slices(swapped)["stringData"])
    swapped = swapped.replace(first, "?").replace(second, first).replace("?", second)
    (tmp_path / "sealed.yaml").write_text(swapped, encoding="utf-8")

    with pytest.raises(AssertionError, match=r"(?i)mac|authenticat|decrypt"):
        run("sops", "decrypt", "sealed.yaml", cwd=tmp_path)


def test_compiling_needs_no_tool_and_no_key(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(SHOP, project, ignore=shutil.ignore_patterns("deploy", "*.agekey", ".sops.yaml"))

    subprocess.run(
        (sys.executable, "-m", "generator", "compile"),
        cwd=project,
        env={"PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
        timeout=60,
    )

    for path, content in shop().compilation.tree.items():
        assert (project / path).read_bytes() == content, path


def test_no_plaintext_of_a_secret_is_anywhere_in_the_output(tmp_path: Path) -> None:
    plain = [
        str(value)
        for source in COMPILED
        for value in decrypted((SHOP / source).read_text(encoding="utf-8"), tmp_path)["stringData"].values()
    ]

    assert len(plain) == 7
    for content in shop().compilation.tree.values():
        assert not [each for each in plain if each.encode() in content]


def test_what_sops_reads_its_recipients_from_is_compiled_for_every_sealed_file() -> None:
    config = yaml.safe_load(shop().compilation.tree[next(p for p in shop().compilation.tree if p.name == ".sops.yaml")])

    for source in COMPILED:
        rule = next(each for each in config["creation_rules"] if re.search(each["path_regex"], source))
        assert rule["encrypted_regex"] == "^(data|stringData)$"
        assert rule["mac_only_encrypted"] is True
        assert rule["key_groups"] == [{"age": ["age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn"]}]


def test_a_secret_in_a_comment_of_a_sealed_file_is_found_there() -> None:
    files = {path: (SHOP / path).read_bytes() for path in (*COMPILED, "config/appsettings.json", ".sops.yaml")}
    files["secrets/shop/dev/catalog.yaml"] = b"# old: ghp_" + b"a" * 36 + b"\n" + files["secrets/shop/dev/catalog.yaml"]

    found = [each for each in findings_of((SHOP / "platform.yaml").read_text(), files) if each.severity == "error"]

    assert [f"{each.at} {each.code}" for each in found] == ["secrets/shop/dev/catalog.yaml:1:8 secret-looking-value"]
