"""A document of one microservice in three environments, and its promotion."""

from textwrap import dedent
from typing import Any

import yaml

from generator.adapters.package import read_schema, read_templates
from generator.front import Inputs
from generator.model.inputs import FilesInMemory
from generator.promotion import Promotion, Request, promotion
from tests.compiled import shop

STAGES = "\n".join(
    f"- {{ name: {name}, storage: {{ backup: false }}, tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc4{index} }}],"
    " recipients: { age: [age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn] } }"
    for index, name in enumerate(("Dev", "Test", "Prod"))
)


def document(microservice: str) -> str:
    return shop(dedent(microservice), STAGES)


def promoted(text: str, name: str = "Catalog", files: dict[str, bytes] | None = None, **options: Any) -> Promotion:
    inputs = Inputs(
        name="platform.yaml",
        text=text.encode(),
        files=FilesInMemory(files or {}),
        read_schema=read_schema,
        templates=read_templates(),
    )
    request = {"source": "Dev", "target": "Prod", **options}
    return promotion(inputs, Request(microservice=name, **request))


def override(found: Promotion, environment: str = "Prod") -> Any:
    data = yaml.safe_load(found.after)
    (microservice,) = data["applications"][0]["microservices"]
    return microservice["environments"].get(environment)


def names(found: Promotion) -> list[str]:
    return [each.name for each in found.plan.takings]


PINNED = """
    - name: Catalog
      head: { image: "shop/catalog:1.4.0" }
      environments:
        Dev: { head: { image: "shop/catalog:1.5.0" } }
        # careful: customers are here
        Prod:
          head:
            image: shop/catalog:1.3.0   # pinned
            replicas: 3
"""
