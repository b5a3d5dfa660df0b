"""What an environment has once: its tenants, and MongoDB with its hourly backup where a Runtime needs one.

Source: dolittle/platform-api `pkg/platform/application/k8s/{resources,mongo}.go`.
"""

import json

import pytest
import yaml

from tests.compiled import ROOT, acme, compile_text, shop

HOST = "prod-mongo.application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02.svc.cluster.local"
LABELS = {"tenant": "acme", "application": "shop", "environment": "Prod"}
STATEFUL = '- { name: Catalog, head: { image: "acme.io/catalog:1.0.0" }, runtime: { version: 9.3.3 } }'


def storage(said: str) -> str:
    return shop(
        STATEFUL,
        f"""
        - name: Dev
          tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44 }}]
          storage: {said}
        """,
    )


def test_the_tenants_are_the_keys_of_an_object() -> None:
    data = acme().one("ConfigMap", "prod-tenants")["data"]

    assert list(data) == ["tenants.json"]
    assert json.loads(data["tenants.json"]) == {
        "a1b2c3d4-1111-4aaa-8111-000000000001": {},
        "e5f6a7b8-2222-4bbb-8222-000000000002": {},
    }


def test_mongodb_has_a_headless_service_with_its_port() -> None:
    spec = acme().one("Service", "prod-mongo")["spec"]

    assert spec["clusterIP"] == "None"
    assert spec["ports"] == [{"name": "mongo", "protocol": "TCP", "port": 27017, "targetPort": "mongo"}]
    assert spec["selector"] == LABELS | {"infrastructure": "Mongo"}


def test_mongodb_is_one_pod_with_a_claim_of_its_own() -> None:
    spec = acme().one("StatefulSet", "prod-mongo")["spec"]
    (container,) = spec["template"]["spec"]["containers"]

    assert (spec["serviceName"], spec["replicas"]) == ("prod-mongo", 1)
    assert spec["podManagementPolicy"] == "OrderedReady"
    assert spec["updateStrategy"] == {"type": "RollingUpdate"}
    assert (container["name"], container["image"]) == ("mongo", "dolittle/mongodb:4.2.2")
    assert container["ports"] == [{"name": "mongo", "protocol": "TCP", "containerPort": 27017}]
    assert container["volumeMounts"] == [{"name": "prod-mongo-storage", "mountPath": "/data/db"}]
    assert container["resources"] == {
        "requests": {"cpu": "100m", "memory": "512Mi"},
        "limits": {"cpu": "2000m", "memory": "2Gi"},
    }
    (claim,) = spec["volumeClaimTemplates"]
    assert claim["metadata"]["name"] == "prod-mongo-storage"
    assert claim["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "managed-premium",
        "resources": {"requests": {"storage": "8Gi"}},
    }


def test_mongodb_is_probed() -> None:
    (container,) = acme().one("StatefulSet", "prod-mongo")["spec"]["template"]["spec"]["containers"]

    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["tcpSocket"] == {"port": "mongo"}


def test_a_backup_is_made_once_an_hour_and_never_twice_at_once() -> None:
    spec = acme().one("CronJob", "prod-mongo-backup")["spec"]

    minute, *rest = spec["schedule"].split()
    assert 0 <= int(minute) <= 59
    assert rest == ["*", "*", "*", "*"]
    assert spec["concurrencyPolicy"] == "Forbid"
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (1, 3)
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 600
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_a_backup_dumps_mongodb_to_the_share_of_its_environment() -> None:
    pod = acme().one("CronJob", "prod-mongo-backup")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert container["image"] == "dolittle/mongodb:4.2.2"
    assert container["command"][:2] == ["bash", "-c"]
    assert f'mongodump --host="{HOST}:27017" --gzip' in container["command"][2]
    assert "shop-prod-$(date" in container["command"][2]
    assert container["volumeMounts"] == [{"name": "backup-storage", "mountPath": "/mnt/backup/", "subPath": "mongo"}]
    assert pod["volumes"] == [
        {
            "name": "backup-storage",
            "azureFile": {"secretName": "storage-account-secret", "shareName": "shop-prod-backup"},
        }
    ]


def test_a_pod_that_makes_a_backup_does_not_answer_for_mongodb() -> None:
    template = acme().one("CronJob", "prod-mongo-backup")["spec"]["jobTemplate"]["spec"]["template"]
    selector = acme().one("Service", "prod-mongo")["spec"]["selector"]

    assert not template["metadata"]["labels"].items() >= selector.items()


def test_an_environment_without_a_backup_needs_no_storage_account() -> None:
    compiled = compile_text(storage("{ backup: false }"))

    assert not compiled.has("CronJob", "dev-mongo-backup")
    assert not compiled.has("Secret", "storage-account-secret")
    assert "MongoBackup" not in compiled.file("dev/environment.yaml")


@pytest.mark.parametrize("said", ["{ class: false, backup: false }", "{ class: fast, size: 20Gi, backup: false }"])
def test_the_claim_is_as_the_document_says(said: str) -> None:
    (claim,) = compile_text(storage(said)).one("StatefulSet", "dev-mongo")["spec"]["volumeClaimTemplates"]

    wanted = yaml.safe_load(said)
    assert claim["spec"].get("storageClassName", False) == wanted["class"]
    assert claim["spec"]["resources"]["requests"]["storage"] == wanted.get("size", "8Gi")


def test_an_environment_without_any_runtime_has_no_mongodb() -> None:
    compiled = compile_text(shop('- { name: Website, head: { image: "nginx:1.27.3" }, expose: { path: / } }'))

    assert compiled.names("dev/environment.yaml") == [
        "NetworkPolicy/dev",
        "NetworkPolicy/dev-heads",
        "NetworkPolicy/dev-certificates",
        "ConfigMap/dev-tenants",
    ]
    assert "mongo" not in compiled.file("dev/website.yaml").lower()


def test_a_restricted_namespace_has_a_backup_too() -> None:
    """The level "restricted" knows no `azureFile` volume; the CSI driver mounts the same share, as the dump's user."""
    sealed = (ROOT / "samples" / "shop" / "secrets" / "shop" / "storage.yaml").read_bytes()
    age = "age1x05wc9ssvly7k86qjhnhd4tzxlrt9lxha022a53pvj3v4yuuhvnqkqadpn"
    text = shop(
        STATEFUL,
        f"""
        - name: Dev
          recipients: {{ age: [{age}] }}
          tenants: [{{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44 }}]
        """,
        application="security: restricted",
    )

    job = compile_text(text, {"secrets/shop/storage.yaml": sealed}).one("CronJob", "dev-mongo-backup")

    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == 999
    assert [each["csi"] for each in pod["volumes"]] == [
        {
            "driver": "file.csi.azure.com",
            "volumeAttributes": {
                "secretName": "storage-account-secret",
                "shareName": "shop-dev-backup",
                "mountOptions": "uid=999,gid=999,dir_mode=0770,file_mode=0660",
            },
        }
    ]
