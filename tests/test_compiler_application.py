"""What an application has once: its namespace, who may look into it, and the Secrets that its pods share.

Source: dolittle/platform-api `pkg/platform/application/k8s/resources.go`.
"""

import pytest

from tests.compiled import acme, compile_text, shop

NAMESPACE = "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"
WEBSITE = '- { name: Website, head: { image: "nginx:1.27.3" } }'
RESTRICTED = '- { name: Website, head: { image: "nginx:1.27.3", port: 8080 } }'


@pytest.mark.parametrize(
    ("level", "microservice"),
    [("baseline", WEBSITE), ("restricted", RESTRICTED)],
)
def test_the_namespace_enforces_the_level_that_its_pods_pass(level: str, microservice: str) -> None:
    compiled = compile_text(shop(microservice, application=f"security: {level}", platform='kubernetes: "1.33"'))

    labels = compiled.one("Namespace", NAMESPACE)["metadata"]["labels"]
    assert {key: text for key, text in labels.items() if "/" in key} == {
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": "v1.33",
        "pod-security.kubernetes.io/warn": level,
        "pod-security.kubernetes.io/warn-version": "v1.33",
    }


def test_the_namespace_enforces_the_standards_of_its_oldest_cluster() -> None:
    stages = """
        - { name: Dev, kubernetes: "1.36" }
        - { name: Prod, kubernetes: "1.31" }
    """
    labels = compile_text(shop(WEBSITE, stages)).one("Namespace", NAMESPACE)["metadata"]["labels"]

    assert labels["pod-security.kubernetes.io/enforce-version"] == "v1.31"


def test_developers_may_look_and_not_touch_and_never_see_a_secret() -> None:
    role = acme().one("Role", "developer")

    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not [rule for rule in role["rules"] if "secrets" in rule["resources"]]
    assert role["rules"][0] == {
        "apiGroups": [""],
        "resources": ["namespaces"],
        "resourceNames": [NAMESPACE],
        "verbs": ["get"],
    }


def test_developers_who_may_edit_change_deployments_their_configuration_and_reach_mongodb() -> None:
    document = shop(
        """
        - name: Catalog
          head: { image: "acme.io/catalog:1.0.0" }
          runtime: { version: 9.3.3 }
          env: { A: b }
          files: [{ name: a.txt, content: a }]
        """,
        """
        - name: Dev
          tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44 }]
          storage: { backup: false }
        """,
        application="access: { edit: true, users: [ada@example.com] }",
    )
    rules = compile_text(document).one("Role", "developer")["rules"]

    assert {
        "apiGroups": ["apps"],
        "resources": ["deployments", "deployments/scale"],
        "verbs": ["patch", "update"],
    } in rules
    assert {
        "apiGroups": [""],
        "resources": ["configmaps"],
        "resourceNames": ["dev-catalog-config-files", "dev-catalog-env-variables"],
        "verbs": ["patch"],
    } in rules
    assert {
        "apiGroups": [""],
        "resources": ["pods/portforward"],
        "resourceNames": ["dev-mongo-0"],
        "verbs": ["create"],
    } in rules
    assert not [rule for rule in rules if {"secrets", "*"} & {*rule["resources"], *rule["verbs"]}]


def test_the_customer_s_group_and_the_pipelines_account_have_the_role() -> None:
    developer, devops = acme().one("RoleBinding", "developer"), acme().one("RoleBinding", "devops")

    assert developer["subjects"] == [
        {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "Group",
            "name": "tenant-3f2c8a10-5b7d-4c1e-9a44-0d6e21b7f501",
        }
    ]
    assert devops["subjects"] == [{"kind": "ServiceAccount", "name": "devops", "namespace": NAMESPACE}]
    assert developer["roleRef"] == devops["roleRef"]
    assert devops["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "developer"}


def test_an_application_without_developers_binds_the_role_to_pipelines_alone() -> None:
    compiled = compile_text(shop(WEBSITE, application="access: { groups: [] }"))

    assert compiled.has("RoleBinding", "devops")
    assert not compiled.has("RoleBinding", "developer")


def test_the_pipelines_account_gets_no_token_by_itself() -> None:
    assert acme().one("ServiceAccount", "devops")["automountServiceAccountToken"] is False


def test_the_pull_secret_is_of_the_kind_that_kubelets_read() -> None:
    secret = acme().one("Secret", "acr")

    assert secret["type"] == "kubernetes.io/dockerconfigjson"
    assert list(secret["stringData"]) == [".dockerconfigjson"]


def test_the_storage_account_has_the_keys_that_an_azure_file_share_needs() -> None:
    secret = acme().one("Secret", "storage-account-secret")

    assert secret["type"] == "Opaque"
    assert list(secret["stringData"]) == ["azurestorageaccountkey", "azurestorageaccountname"]


def test_only_pods_with_an_image_of_the_registry_pull_with_its_secret() -> None:
    def pulls(name: str) -> object:
        return acme().one("Deployment", name)["spec"]["template"]["spec"].get("imagePullSecrets")

    assert pulls("prod-catalog") == [{"name": "acr"}]
    assert pulls("prod-website") is None


@pytest.mark.parametrize("image", ["acme.io.example.com/website:1.0.0", "acme.iox/website:1.0.0", "nginx:1.27.3"])
def test_an_image_of_another_registry_needs_no_pull_secret(image: str) -> None:
    compiled = compile_text(
        shop(f'- {{ name: Website, head: {{ image: "{image}" }} }}', platform="registry: { host: acme.io }")
    )

    assert not compiled.has("Secret", "acr")
