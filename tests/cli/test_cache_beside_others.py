"""What stands beside what the last run wrote, or would have been written over, is looked at in every run."""

from pathlib import Path

import pytest

from tests.cli.test_cache import Platformc, said


@pytest.mark.parametrize("pricing", ["pricing:2.0.1", "pricing:2.0.2"])
def test_a_second_kustomization_beside_one_of_the_compiler_s_is_seen(
    platformc: Platformc, project: Path, tmp_path: Path, pricing: str
) -> None:
    cache = str(tmp_path / "cache")
    platformc("compile", "--layout", "kustomize", PLATFORMC_CACHE=cache)
    rival = project / "deploy" / "shop" / "overlays" / "dev" / "catalog" / "kustomization.yml"
    assert rival.with_suffix(".yaml").exists()
    rival.write_text("resources: []\n", encoding="utf-8")
    document = project / "platform.yaml"
    document.write_text(document.read_text(encoding="utf-8").replace("pricing:2.0.1", pricing), "utf-8")

    for command in ("check", "compile"):
        warm = platformc(command, "--layout", "kustomize", PLATFORMC_CACHE=cache)
        cold = platformc(command, "--layout", "kustomize", PLATFORMC_CACHE="off")
        assert (warm.returncode, warm.stderr) == (cold.returncode, cold.stderr)
        assert (warm.returncode, "foreign-file" in warm.stderr) == (1, True)


def test_elsewhere_what_stands_in_the_project_s_own_folder_is_looked_at_in_every_run(
    platformc: Platformc, project: Path, tmp_path: Path
) -> None:
    cache, out = str(tmp_path / "cache"), str(tmp_path / "out")
    document = project / "platform.yaml"
    text = document.read_text(encoding="utf-8")
    text = text.replace("      - name: Prod\n", "        storage: { backup: false }\n      - name: Prod\n")
    text = text.replace(
        '        kubernetes: "1.33"\n', '        kubernetes: "1.33"\n        storage: { backup: false }\n'
    )
    document.write_text(f"{text}        runtime: {{ version: 9.3.3 }}\n", encoding="utf-8")
    platformc("compile", PLATFORMC_CACHE=cache)
    platformc("compile", "-o", out, PLATFORMC_CACHE=cache)
    committed = project / "deploy" / "shop" / "dev" / "environment.yaml"
    edited = committed.read_text(encoding="utf-8").replace("clusterIP: None", "clusterIP: 10.0.0.1")
    committed.write_text(edited, encoding="utf-8")

    warm = platformc("check", "-o", out, PLATFORMC_CACHE=cache)
    cold = platformc("check", "-o", out, PLATFORMC_CACHE="off")

    assert "immutable-change" in cold.stderr
    assert said(warm) == said(cold)
