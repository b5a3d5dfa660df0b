"""The project as it lies here, its programs, and a small platform to try them on."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

DOCUMENT = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
applications:
  - name: shop
    environments: [{ name: Dev }]
    microservices:
      - name: Catalog
        head: { image: "example/catalog:1.4.0" }
"""
