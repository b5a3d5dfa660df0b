"""What findings call a node of the document."""

import pytest

from generator.model.source import Path
from generator.stages.validate.places import place_of

DOCUMENT = {
    "customer": {"name": "acme"},
    "applications": [
        {
            "name": "shop",
            "environments": [{"name": "Dev", "tenants": [{"id": "a", "hosts": ["dev.example.com"]}]}],
            "microservices": [
                {
                    "name": "Catalog",
                    "head": {"probes": {"liveness": {}}, "args": ["-v"]},
                    "files": [{"name": "a.txt"}],
                    "environments": {"Prod": {"head": {"port": 80}}},
                },
                {},
            ],
        }
    ],
}
SHOP: Path = ("applications", 0)
CATALOG: Path = (*SHOP, "microservices", 0)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "the document"),
        (("customer", "name"), "customer.name"),
        (("applications", 3), "application 4"),
        (SHOP, "application 'shop'"),
        ((*SHOP, "environments", 0), "environment 'Dev'"),
        ((*SHOP, "environments", 0, "tenants", 0, "hosts", 0), "host 1 of tenant 1 of 'Dev'"),
        (CATALOG, "microservice 'Catalog'"),
        ((*SHOP, "microservices", 1), "microservice 2 of 'shop'"),
        ((*SHOP, "microservices", 1, "head"), "head of microservice 2 of 'shop'"),
        ((*CATALOG, "head", "probes", "liveness"), "head.probes.liveness of 'Catalog'"),
        ((*CATALOG, "head", "args", 0), "item 1 of head.args of 'Catalog'"),
        ((*CATALOG, "files", 0, "name"), "name of file 1 of 'Catalog'"),
        ((*CATALOG, "environments", "Prod"), "the override of 'Catalog' in 'Prod'"),
        ((*CATALOG, "environments", "Prod", "head", "port"), "head.port of 'Catalog' in 'Prod'"),
    ],
)
def test_a_node_is_named_by_its_keys_and_the_named_thing_around_it(path: Path, words: str) -> None:
    assert place_of(DOCUMENT, path) == words
