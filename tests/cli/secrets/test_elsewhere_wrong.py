"""A document that does not compile for a reason that is no secret's does not keep a secret from being sealed."""

from pathlib import Path

import pytest

from tests.cli.secrets.workbench import CATALOG, DEV, PROD, Workbench, set_up

WRONG = {
    "dangling-reference": "        env: { TOKEN: { secret: true }, HOST: { address: Nobody } }\n",
    "missing-file": "        files: [config/nowhere.json]\n",
    "missing-key": "        environments: { Dev: { head: { autoscaling: { cpu: 70 } } } }\n",
    "unknown-environment": "        environments: { Test: { deploy: false } }\n",
    "reserved-name": '      - { name: mongo, head: { image: "nginx:1.27.3" } }\n',
}


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return set_up(tmp_path)


def break_it(bench: Workbench, lines: str) -> None:
    """Give the document something else that is wrong."""
    text = bench.text("platform.yaml")
    pricing = '      - name: Pricing\n        head: { image: "example/pricing:1.4.0" }\n'
    head, _, _ = text.partition(pricing)
    bench.path("platform.yaml").write_text(head + pricing + lines, encoding="utf-8")


@pytest.mark.parametrize("code", WRONG)
def test_a_value_is_sealed_whatever_else_is_wrong(bench: Workbench, code: str) -> None:
    break_it(bench, WRONG[code])
    assert f"[{code}]" in bench.platformc("validate").stderr

    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="one")

    assert (ended.returncode, ended.stderr) == (0, f"{CATALOG}: now holds 'API_KEY'\n")
    assert bench.value(CATALOG, "API_KEY") == "one"


def test_so_are_secrets_imported_edited_rekeyed_handed_out_removed_and_counted(bench: Workbench) -> None:
    break_it(bench, WRONG["dangling-reference"])
    bench.path("env").write_text("API_KEY=one\nDB_PASSWORD=two\n")

    imported = bench.secrets("import", "env", "Catalog", "-e", "Dev")
    edited = bench.secrets("edit", "Catalog", "-e", "Dev", EDITOR="sed -i s/two/three/")
    value = bench.value(CATALOG, "DB_PASSWORD")
    bench.path("platform.yaml").write_text(bench.text("platform.yaml").replace(f"[{DEV}]", f"[{DEV}, {PROD}]"))
    rekeyed = bench.secrets("rekey")
    handed = bench.secrets("download", "Catalog", "API_KEY", "-e", "Dev", "-o", "-", keys="prod")
    removed = bench.secrets("unset", "Catalog", "API_KEY", "-e", "Dev")
    status = bench.secrets("status", "-e", "Dev")
    verified = bench.secrets("verify")

    assert (imported.returncode, edited.returncode, rekeyed.returncode) == (0, 0, 0)
    assert (value, handed.stdout, removed.returncode) == ("three", "one", 0)
    assert "1 sealed" in status.stderr
    assert verified.returncode == 0


def test_a_recipient_that_is_none_stops_who_seals_to_it_and_nobody_else(bench: Workbench) -> None:
    bench.path("platform.yaml").write_text(bench.text("platform.yaml").replace(PROD, PROD[:-1] + "q"))

    dev = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="one")
    prod = bench.secrets("set", "Catalog", "API_KEY", "-e", "Prod", given="one")
    application = bench.secrets("set", "shop", "--registry", "--username", "puller", given="one")

    assert dev.returncode == 0
    for ended in (prod, application):
        assert ended.returncode == 1
        assert "platform.yaml:9:" in ended.stderr
        assert "[bad-recipient]" in ended.stderr


def test_nobody_to_seal_to_stops_who_seals_there_and_nobody_else(bench: Workbench) -> None:
    bench.path("platform.yaml").write_text(
        bench.text("platform.yaml").replace(f"recipients: {{ age: [{PROD}] }}", "tenants: []")
    )

    dev = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="one")
    prod = bench.secrets("set", "Catalog", "API_KEY", "-e", "Prod", given="one")

    assert dev.returncode == 0
    assert prod.returncode == 1
    assert "platform.yaml:9:17: error: nobody could unseal it: environment 'Prod' has no recipients" in prod.stderr
    assert "<stdin>" not in prod.stderr


def test_a_name_that_means_two_things_stops_everybody(bench: Workbench) -> None:
    break_it(bench, '      - { name: catalog, head: { image: "nginx:1.27.3" } }\n')

    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="one")

    assert ended.returncode == 1
    assert "[name-taken]" in ended.stderr
    assert not bench.path(CATALOG).exists()


def test_a_document_that_cannot_be_read_stops_everybody(bench: Workbench) -> None:
    break_it(bench, "        hed: {}\n")

    ended = bench.secrets("set", "Catalog", "API_KEY", "-e", "Dev", given="one")

    assert ended.returncode == 1
    assert "[unknown-key]" in ended.stderr
