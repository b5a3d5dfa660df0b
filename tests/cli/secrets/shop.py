"""A platform with secrets of every kind, in a git repository."""

from pathlib import Path

from tests.cli.secrets.repository import Repository

APPLICATION = "7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
CATALOG = "11aa22bb-33cc-44dd-85ee-66ff77008811"

DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: {{ name: acme }}
registry: {{ host: acme.azurecr.io }}
applications:
  - name: shop
    id: {application}
    environments:
      - name: Dev
        recipients: {{ age: [{recipient}] }}
        storage: {{ backup: {{ schedule: "17 * * * *" }} }}
        tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.example.com] }}]
      - name: Prod
        recipients: {{ age: [{recipient}] }}
        storage: {{ backup: false }}
        tenants: [{{ id: a1b2c3d4-1111-4aaa-8111-000000000001, hosts: [example.com] }}]
    microservices:
      - name: Catalog
        id: {catalog}
        head: {{ image: "acme.azurecr.io/catalog:1.4.0" }}
        runtime: {{ version: 9.3.3 }}
        env: {{ LOG_LEVEL: info, API_KEY: {{ secret: true }}, DB_PASSWORD: {{ secret: true }} }}
        files: [{{ name: tls.key, secret: true }}]
      - name: Pricing
        head: {{ image: "acme.azurecr.io/pricing:2.0.1" }}
        env: {{ API_KEY: {{ secret: true }} }}
"""

CATALOG_DEV = "secrets/shop/dev/catalog.yaml"
CATALOG_PROD = "secrets/shop/prod/catalog.yaml"
FILES_DEV = "secrets/shop/dev/catalog.files.yaml"


def new_shop(folder: Path) -> Repository:
    """Make the platform in a folder of *folder*."""
    root = folder / "a shop"
    root.mkdir()
    made = Repository(root, folder / "none")
    made.key, recipient = made.new_key("first")
    made.do("git", "init", "--quiet", "--initial-branch", "main")
    text = DOCUMENT.format(recipient=recipient, application=APPLICATION, catalog=CATALOG)
    (root / "platform.yaml").write_text(text)
    return made
