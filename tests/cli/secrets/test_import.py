"""`platformc secrets import`: files in the clear become sealed ones, and nothing is dropped in silence."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from tests.cli.secrets.repository import Repository
from tests.cli.secrets.shop import APPLICATION, CATALOG, CATALOG_DEV, CATALOG_PROD, FILES_DEV, new_shop

DOCKER = json.dumps({"auths": {"acme.azurecr.io": {"username": "puller", "password": "canary-pull"}}})


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    return new_shop(tmp_path)


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def sealed_files(shop: Repository) -> list[str]:
    return sorted(str(each.relative_to(shop.root)) for each in shop.root.glob("secrets/**/*.yaml"))


def write(shop: Repository, name: str, text: str) -> None:
    (shop.root / name).write_text(text)


def test_a_dotenv_file_is_sealed_and_the_reader_is_told_to_delete_it(shop: Repository) -> None:
    write(shop, ".env", "export DB_PASSWORD='canary $1'\nAPI_KEY=\"canary\\nkey\"\n")

    said = shop.do("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")

    assert shop.opened(CATALOG_DEV) == {"API_KEY": "canary\nkey", "DB_PASSWORD": "canary $1"}
    assert said == f"{CATALOG_DEV}: now holds 'API_KEY', 'DB_PASSWORD'\n'.env' still holds plaintext: delete it\n"
    assert sealed_files(shop) == [CATALOG_DEV]


def test_what_is_there_already_changes_no_byte(shop: Repository) -> None:
    write(shop, ".env", "DB_PASSWORD=canary\nAPI_KEY=canary\n")
    shop.do("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")
    before = shop.text(CATALOG_DEV)

    said = shop.do("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")

    assert shop.text(CATALOG_DEV) == before
    assert f"{CATALOG_DEV}: already holds 'API_KEY', 'DB_PASSWORD'" in said


def test_a_json_file_goes_to_several_environments_and_to_variables_and_files(shop: Repository) -> None:
    write(shop, "all.json", json.dumps({"DB_PASSWORD": "canary", "tls.key": "-----BEGIN\ncanary\n"}))

    shop.do("platformc", "secrets", "import", "all.json", "Catalog", "-e", "Dev", "-e", "Prod")

    assert shop.opened(CATALOG_DEV) == shop.opened(CATALOG_PROD) == {"DB_PASSWORD": "canary"}
    assert shop.opened(FILES_DEV) == {"tls.key": "-----BEGIN\ncanary\n"}


def test_a_file_that_git_tracks_is_to_be_removed_there_and_its_values_changed(shop: Repository) -> None:
    write(shop, ".env", "DB_PASSWORD=canary\n")
    shop.do("git", "add", ".env")

    said = shop.do("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")

    assert "'.env' holds plaintext and is tracked by git: remove it by 'git rm', and change its values" in said


PLATFORM_SECRETS = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: dev-catalog-secret-env-variables
  namespace: application-{APPLICATION}
  labels: {{ tenant: acme, application: shop, environment: Dev, microservice: Catalog }}
type: Opaque
data:
  DB_PASSWORD: {base64("canary-dev")}
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: {{ name: prod-catalog-secret-env-variables }}
    data: {{ DB_PASSWORD: {base64("canary-overruled")} }}
    stringData: {{ DB_PASSWORD: canary-prod }}
  - apiVersion: v1
    kind: Secret
    metadata: {{ name: dev-catalog-secret-config-files }}
    data: {{ tls.key: {base64("canary-key")} }}
  - apiVersion: v1
    kind: Secret
    metadata: {{ name: acr, namespace: application-{APPLICATION} }}
    type: kubernetes.io/dockerconfigjson
    data: {{ .dockerconfigjson: {base64(DOCKER)} }}
  - apiVersion: v1
    kind: Secret
    metadata: {{ name: storage-account-secret }}
    data:
      azurestorageaccountname: {base64("acme")}
      azurestorageaccountkey: {base64("canary-account")}
"""


def test_secrets_that_the_platform_made_find_their_places_by_themselves(shop: Repository) -> None:
    write(shop, "platform-secrets.yaml", PLATFORM_SECRETS)

    shop.do("platformc", "secrets", "import", "platform-secrets.yaml")

    assert {file: shop.opened(file) for file in sealed_files(shop)} == {
        CATALOG_DEV: {"DB_PASSWORD": "canary-dev"},
        CATALOG_PROD: {"DB_PASSWORD": "canary-prod"},
        FILES_DEV: {"tls.key": "canary-key"},
        "secrets/shop/registry.yaml": {".dockerconfigjson": DOCKER},
        "secrets/shop/storage.yaml": {"azurestorageaccountkey": "canary-account", "azurestorageaccountname": "acme"},
    }


def test_what_is_imported_can_be_compiled(shop: Repository) -> None:
    write(shop, "platform-secrets.yaml", PLATFORM_SECRETS)
    write(shop, "rest.json", json.dumps({"API_KEY": "canary", "tls.key": "canary"}))
    shop.do("platformc", "secrets", "import", "platform-secrets.yaml")
    shop.do("platformc", "secrets", "import", "rest.json", "shop/Catalog", "--all")
    write(shop, "pricing.env", "API_KEY=canary")
    shop.do("platformc", "secrets", "import", "pricing.env", "Pricing", "--all")

    shop.do("platformc", "compile")

    assert shop.opened("deploy/shop/dev/catalog.secret.yaml") == {"API_KEY": "canary", "DB_PASSWORD": "canary-dev"}


def test_a_secret_with_another_name_is_known_by_its_labels_and_annotations(shop: Repository) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "of-the-catalog",
            "labels": {"environment": "Prod"},
            "annotations": {"dolittle.io/microservice-id": CATALOG},
        },
        "data": {"DB_PASSWORD": base64("canary")},
    }

    shop.do("platformc", "secrets", "import", "-", given=json.dumps(secret, indent=2))

    assert shop.opened(CATALOG_PROD) == {"DB_PASSWORD": "canary"}


def test_a_secret_that_does_not_say_whose_it_is_goes_where_the_command_line_says(shop: Repository) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: { name: mine }\nstringData: { DB_PASSWORD: canary }\n"

    shop.do("platformc", "secrets", "import", "-", "shop/Catalog", "-e", "Dev", given=text)

    assert shop.opened(CATALOG_DEV) == {"DB_PASSWORD": "canary"}


RESIDUE = f"""\
apiVersion: v1
kind: Secret
metadata: {{ name: dev-catalog-secret-env-variables }}
data:
  DB_PASSWORD: {base64("canary")}
  DB_PASWORD: {base64("canary")}
  LOG_LEVEL: {base64("canary")}
  API_KEY: ""
  BINARY: {b64encode(bytes([255, 254])).decode()}
---
apiVersion: v1
kind: Secret
metadata: {{ name: default-token-x2x }}
type: kubernetes.io/service-account-token
data: {{ token: {base64("canary")} }}
---
apiVersion: v1
kind: Secret
metadata: {{ name: someone-elses }}
data: {{ a: {base64("canary")} }}
---
apiVersion: v1
kind: ConfigMap
metadata: {{ name: plain }}
data: {{ a: canary }}
"""


def test_what_has_no_place_is_named_with_the_reason_and_the_rest_is_sealed(shop: Repository) -> None:
    write(shop, "all.yaml", RESIDUE)

    ended = shop.run("platformc", "secrets", "import", "all.yaml")

    assert ended.returncode == 1
    assert shop.opened(CATALOG_DEV) == {"DB_PASSWORD": "canary"}
    said = [line for line in ended.stderr.splitlines() if "[left-behind]" in line]
    assert [line.partition(": warning: ")[2].removesuffix(" [left-behind]") for line in said] == [
        "'DB_PASWORD' is not declared as a secret of 'shop/Dev/Catalog'",
        "'LOG_LEVEL' is a plain variable of 'shop/Dev/Catalog'",
        "'API_KEY' is empty, and SOPS does not protect an empty value",
        "the value of 'BINARY' is binary, not UTF-8 text",
        "Secret 'default-token-x2x' is a token of a ServiceAccount, which the cluster makes",
        "Secret 'someone-elses' is none that the document describes",
        "ConfigMap 'plain' is no Secret",
    ]
    assert said[0].startswith("all.yaml:6:3: ")
    assert "did you mean 'DB_PASSWORD'? declare it, then import again" in ended.stderr
    assert ended.stderr.count("canary") == ended.stderr.count(base64("canary")) == 0


def test_the_lines_that_would_declare_the_rest_are_printed_and_not_written(shop: Repository) -> None:
    write(shop, ".env", "TOKEN=canary\nnew.pem=canary\n")
    before = shop.text("platform.yaml")

    ended = shop.run("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev")

    assert ended.returncode == 1
    assert shop.text("platform.yaml") == before
    assert (
        "to declare what is not, add to the document:\n"
        "# in microservice 'Catalog' of application 'shop':\n"
        "env:\n  TOKEN: { secret: true }\nfiles:\n  - { name: new.pem, secret: true }\n"
    ) in ended.stderr
    assert sealed_files(shop) == []


def test_a_dry_run_names_what_would_be_sealed_without_a_key(shop: Repository, tmp_path: Path) -> None:
    write(shop, ".env", "DB_PASSWORD=canary\n")
    shop.key = tmp_path / "none"

    said = shop.do("platformc", "secrets", "import", ".env", "shop/Catalog", "-e", "Dev", "--dry-run")

    assert said == f"{CATALOG_DEV}: would hold 'DB_PASSWORD'\n"
    assert sealed_files(shop) == []


def test_environments_narrow_what_a_list_brings(shop: Repository) -> None:
    write(shop, "platform-secrets.yaml", PLATFORM_SECRETS)

    ended = shop.run("platformc", "secrets", "import", "platform-secrets.yaml", "shop/Catalog", "-e", "Prod")

    assert ended.returncode == 1
    assert sealed_files(shop) == [CATALOG_PROD]
    assert "Secret 'dev-catalog-secret-env-variables' belongs to 'shop/Dev/Catalog', which is not asked" in ended.stderr
