"""Who reaches whom, by the compiled network policies, and that nobody reaches anything else."""

from functools import cache

import pytest

from tests.cluster_network import Network, Pod
from tests.compiled import PLATFORMS, acme, compile_text

SHOP, BILLING = (
    "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02",
    "application-8e2fac75-3d40-4b69-9ca1-7f2b3d5e8f13",
)
PROD = {"tenant": "acme", "application": "shop", "environment": "Prod"}
CONTROLLER = {"system": "Ingress", "ingress": "Nginx"}
PROMETHEUS = {"system": "Monitoring", "monitoring": "Metrics", "service": "Prometheus"}

FOREIGN = (
    Pod("controller", "ingress", CONTROLLER),
    Pod("prometheus", "monitoring", PROMETHEUS),
    # whoever wears labels of others, but stands elsewhere
    Pod("false-controller", SHOP, CONTROLLER),
    Pod("false-prometheus", "elsewhere", PROMETHEUS),
    Pod("false-catalog", "elsewhere", PROD | {"microservice": "Catalog", "platformc.dev/runtime": "true"}),
    Pod("false-pricing", BILLING, PROD | {"microservice": "Pricing", "platformc.dev/runtime": "true"}),
    Pod("false-backup", "elsewhere", PROD | {"infrastructure": "MongoBackup"}),
    Pod("neighbour", "ingress", {}),
    Pod("debug", SHOP, {}),
    Pod("half-labelled", SHOP, PROD),
    Pod("solver", SHOP, {"acme.cert-manager.io/http01-solver": "true"}),
    Pod("sre", "sre", {}),
)
NAMESPACES = {
    "ingress": {"system": "Ingress"},
    "monitoring": {"system": "Monitoring", "monitoring": "Metrics"},
    "elsewhere": {"tenant": "acme"},
    "sre": {"team": "sre"},
}

# Who reaches which port of a pod, for every port that anybody reaches.
OPEN: dict[str, dict[int, set[str]]] = {
    "shop/prod-catalog": {
        8080: {"shop/prod-pricing", "shop/prod-website", "shop/prod-worker", "controller"},
        9090: {"shop/prod-pricing", "shop/prod-website", "shop/prod-worker"},
        50052: {"shop/prod-pricing", "shop/dev-mirror", "billing/prod-invoices"},
        9700: {"prometheus"},
    },
    "shop/prod-pricing": {80: {"shop/prod-catalog", "shop/prod-website", "shop/prod-worker"}, 9700: {"prometheus"}},
    "shop/prod-website": {
        80: {"shop/prod-catalog", "shop/prod-pricing", "shop/prod-worker", "controller"},
        9000: {"shop/prod-catalog", "shop/prod-pricing", "shop/prod-worker"},
    },
    "shop/prod-worker": {},
    "shop/prod-mongo": {27017: {"shop/prod-catalog", "shop/prod-pricing"}},
    "shop/dev-catalog": {
        8080: {"shop/dev-pricing", "shop/dev-website", "shop/dev-worker", "shop/dev-mirror", "controller"},
        9090: {"shop/dev-pricing", "shop/dev-website", "shop/dev-worker", "shop/dev-mirror"},
        50052: {"shop/dev-pricing"},
    },
    "shop/dev-pricing": {80: {"shop/dev-catalog", "shop/dev-website", "shop/dev-worker", "shop/dev-mirror"}},
    "shop/dev-website": {
        80: {"shop/dev-catalog", "shop/dev-pricing", "shop/dev-worker", "shop/dev-mirror", "controller"},
        9000: {"shop/dev-catalog", "shop/dev-pricing", "shop/dev-worker", "shop/dev-mirror"},
    },
    "shop/dev-worker": {},
    "shop/dev-mirror": {80: {"shop/dev-catalog", "shop/dev-pricing", "shop/dev-website", "shop/dev-worker"}},
    "shop/dev-mongo": {27017: {"shop/dev-catalog", "shop/dev-pricing", "shop/dev-mirror"}},
    "billing/prod-invoices": {8080: {"billing/prod-ledger"}, 50060: {"billing/prod-ledger"}, 9700: {"sre"}},
    "billing/prod-ledger": {80: {"billing/prod-invoices"}, 9700: {"sre"}},
    "billing/prod-mongo": {27017: {"billing/prod-invoices", "billing/prod-ledger"}},
}

# Heads that name each other, and no others, where the network is declared.
NARROW: dict[str, dict[int, set[str]]] = {
    "shop/prod-catalog": {
        8080: {"shop/prod-website", "controller"},
        9090: {"shop/prod-pricing"},
        50052: {"shop/prod-pricing", "shop/dev-mirror", "billing/prod-invoices"},
        9700: {"prometheus"},
    },
    "shop/prod-pricing": {80: {"shop/prod-website", "shop/prod-worker"}, 9700: {"prometheus"}},
    "shop/prod-website": {80: {"controller"}},
    "shop/prod-worker": {},
    "shop/prod-mongo": {27017: {"shop/prod-catalog", "shop/prod-pricing"}},
}
PORTS = (80, 443, 8001, 8080, 9000, 9090, 9700, 9701, 22, 27017, 50052, 50053, 50060, 51052, 51152, 12345)


@cache
def network(*, declared: bool = False) -> Network:
    text = (PLATFORMS / "network.yaml").read_text()
    if declared:
        text = text.replace("hosts: [shop.example.com] }]", "hosts: [shop.example.com] }]\n        network: declared")
    return Network(compile_text(text), FOREIGN, NAMESPACES)


def open_ports(of: Network, target: str) -> dict[int, set[str]]:
    found = {port: of.sources(target, port) for port in PORTS}
    return {port: sources for port, sources in found.items() if sources}


@pytest.mark.parametrize("target", OPEN)
def test_a_pod_is_reached_by_these_and_by_nobody_else(target: str) -> None:
    assert open_ports(network(), target) == OPEN[target]


@pytest.mark.parametrize("target", OPEN)
def test_a_declared_network_narrows_its_environment_and_no_other(target: str) -> None:
    assert open_ports(network(declared=True), target) == (OPEN | NARROW)[target]


def test_the_tables_name_every_pod_of_the_platform() -> None:
    foreign = {each.name for each in FOREIGN}

    assert network().pods.keys() - foreign == OPEN.keys()


@pytest.mark.parametrize("target", ["debug", "half-labelled"])
def test_what_somebody_starts_by_hand_in_the_namespace_is_reached_by_nobody(target: str) -> None:
    assert open_ports(network(), target) == {}
    assert open_ports(network(declared=True), target) == {}


def test_a_pod_that_proves_a_host_to_a_certificate_authority_is_reached_by_the_controller() -> None:
    answers = network()

    assert answers.sources("solver", 8089) == {"controller"}
    assert open_ports(answers, "solver") == {}


def test_only_the_database_s_own_backup_reaches_it_beside_the_runtimes() -> None:
    prod = Network(acme(), FOREIGN, NAMESPACES)

    assert open_ports(prod, "shop/prod-mongo") == {
        27017: {"shop/prod-catalog", "shop/prod-pricing", "shop/prod-mongo-backup"}
    }
    assert open_ports(prod, "shop/prod-mongo-backup") == {}
