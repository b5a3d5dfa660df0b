"""Ways out that stay inside: patches, plain manifests, kinds of others, each verified like what is compiled."""

import pytest

from tests.compiled import Compiled, compile_text, errors_of, findings_of, shop

WEBSITE = '- { name: Website, head: { image: "nginx:1.27.3" } }'
POD = ("spec", "template", "spec")
QUOTA = b"apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: quota }\nspec: { hard: { pods: '20' } }\n"
WIDGET_CRD = b"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, required: [size], properties: { size: { type: integer } } }
"""


def patched(patch: str, where: str = "microservice") -> str:
    """A document with one patch at its application, environment or microservice."""
    item = f"patches: [{patch}]"
    if where == "application":
        return shop(WEBSITE, application=item)
    if where == "environment":
        tenants = "tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44 }]"
        return shop(WEBSITE, f"- {{ name: Dev, {tenants}, {item} }}")
    return shop(WEBSITE.replace("} }", f"}}, {item} }}"))


LEVELS = [
    ("microservice", "Deployment", "dev-website"),
    ("environment", "ConfigMap", "dev-tenants"),
    ("application", "ServiceAccount", "devops"),
]


@pytest.mark.parametrize(("where", "kind", "name"), LEVELS)
@pytest.mark.parametrize(
    "change",
    [
        'merge: { metadata: { annotations: { "example.com/owner": shop } } }',
        'json: [{ op: add, path: "/metadata/annotations/example.com~1owner", value: shop }]',
    ],
    ids=["merge", "json"],
)
@pytest.mark.parametrize("named", [True, False], ids=["by name", "by kind"])
def test_a_patch_changes_one_object_and_no_other(where: str, kind: str, name: str, change: str, *, named: bool) -> None:
    target = f"{kind}/{name}" if named else kind
    before = compile_text(patched("", where).replace("patches: []", ""))
    after = compile_text(patched(f"{{ target: {target}, {change} }}", where))

    assert after.one(kind, name)["metadata"]["annotations"].pop("example.com/owner") == "shop"
    assert after.all == before.all


def test_a_merge_patch_reaches_a_container_by_its_name() -> None:
    patch = """{ target: Deployment, merge: { spec: { template: { spec: {
        containers: [{ name: head, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] } } } } }"""
    head = compile_text(patched(" ".join(patch.split()))).container("dev-website", "head")

    assert head["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert head["image"] == "nginx:1.27.3"


def test_a_patch_may_add_a_container_that_must_pass_the_same_rules() -> None:
    patch = """{ target: Deployment, merge: { spec: { template: { spec: {
        containers: [{ name: side, image: "envoy:1.0.0", securityContext: { privileged: true } }] } } } } }"""

    assert [each.code for each in findings_of(patched(" ".join(patch.split())))] == ["pod-security"]


@pytest.mark.parametrize(("where", "kind", "name"), LEVELS)
def test_a_patch_without_effect_is_an_error(where: str, kind: str, name: str) -> None:
    said = f"{{ target: {kind}, merge: {{ metadata: {{ name: {name} }} }} }}"

    assert [each.code for each in findings_of(patched(said, where))] == ["patch-without-effect"]


@pytest.mark.parametrize(("where", "kind", "name"), LEVELS)
def test_a_patch_of_nothing_is_an_error(where: str, kind: str, name: str) -> None:
    for target in (f"{kind}/{name}-not", "StatefulSet"):
        said = f"{{ target: {target}, merge: {{ metadata: {{ labels: {{ a: b }} }} }} }}"
        assert [each.code for each in findings_of(patched(said, where))] == ["patch-without-target"]


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ("merge: { spec: { replica: 3 } }", "unknown-field"),
        ("merge: { spec: { replicas: many } }", "wrong-type"),
        ("json: [{ op: add, path: /spec/nowhere, value: 1 }]", "unknown-field"),
        ("merge: { metadata: { name: other } }", "immutable-field"),
        ("json: [{ op: replace, path: /spec/selector/matchLabels/tenant, value: other }]", "immutable-field"),
        ("merge: { spec: { template: { spec: { hostNetwork: true } } } }", "pod-security"),
    ],
)
def test_what_a_patch_breaks_is_found_where_the_patch_stands(patch: str, code: str) -> None:
    text = patched(f"{{ target: Deployment, {patch} }}")
    line = text[: text.index("target: Deployment")].count("\n") + 1

    assert f"{line} {code}" in errors_of(text)


def manifests(content: bytes, where: str = "application") -> Compiled:
    return compile_text(document(where), {"extra/a.yaml": content})


def document(where: str = "application") -> str:
    said = "manifests: [extra/*.yaml]"
    if where == "application":
        return shop(WEBSITE, application=said)
    if where == "environment":
        return shop(WEBSITE, f"- {{ name: Dev, {said} }}")
    return shop(WEBSITE.replace("} }", f"}}, {said} }}"))


@pytest.mark.parametrize(
    ("where", "file"),
    [
        ("application", "shop/application.yaml"),
        ("environment", "dev/environment.yaml"),
        ("microservice", "dev/website.yaml"),
    ],
)
def test_plain_manifests_join_the_file_of_what_names_them(where: str, file: str) -> None:
    compiled = manifests(QUOTA + b"---\n" + QUOTA.replace(b"name: quota", b"name: second"), where)

    assert compiled.names(file)[-2:] == ["ResourceQuota/quota", "ResourceQuota/second"]
    quota = compiled.one("ResourceQuota", "quota")
    assert quota["metadata"] == {"name": "quota", "namespace": "application-7d1e9b64-2c3f-4a58-8b90-6f1a2c4d7e02"}
    assert quota["spec"] == {"hard": {"pods": "20"}}


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (QUOTA.replace(b"hard", b"hart"), 4, "unknown-field"),
        (QUOTA.replace(b"'20'", b"{}"), 4, "wrong-type"),
        (QUOTA + b"---\n" + QUOTA.replace(b"v1", b"v2"), 6, "unknown-kind"),
        (QUOTA.replace(b"name: quota", b"name: Quota"), 3, "bad-name"),
        (QUOTA.replace(b"name: quota", b"name: quota, namespace: other"), 3, "wrong-namespace"),
        (b"apiVersion: v1\nkind: ConfigMap\n", 1, "missing-field"),
        (b"apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { a: b }\n", 4, "plain-secret"),
        (QUOTA + b"---\n" + QUOTA, 8, "duplicate-object"),
        (b"- a\n", 1, "not-a-mapping"),
        (b"a: b\n c: d\n", 2, "yaml-syntax"),
    ],
)
def test_what_is_wrong_with_a_plain_manifest_is_found_in_its_own_lines(content: bytes, line: int, code: str) -> None:
    found = findings_of(document(), {"extra/a.yaml": content})

    assert {(each.at.file, each.at.line, each.code) for each in found} == {("extra/a.yaml", line, code)}


def test_a_plain_manifest_of_a_kind_that_nobody_knows_is_refused_until_its_definition_is_there() -> None:
    widget = b"apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\nspec: { size: 1 }\n"
    said = shop(WEBSITE, application="manifests: [extra/*.yaml]", platform="crds: [crds/*.yaml]")

    assert [each.code for each in findings_of(document(), {"extra/a.yaml": widget})] == ["unknown-kind"]
    compiled = compile_text(said, {"extra/a.yaml": widget, "crds/widget.yaml": WIDGET_CRD})
    assert compiled.one("Widget", "a")["spec"] == {"size": 1}
    wrong = {"extra/a.yaml": widget.replace(b"size: 1", b"size: big"), "crds/widget.yaml": WIDGET_CRD}
    assert [each.code for each in findings_of(said, wrong)] == ["wrong-type"]


def test_what_comes_from_elsewhere_is_declared() -> None:
    microservice = WEBSITE.replace(" }", ", serviceAccount: builder }", 1)

    assert [each.code for each in findings_of(shop(microservice))] == ["dangling-object-reference"]
    compiled = compile_text(shop(microservice, application="external: [{ kind: ServiceAccount, name: builder }]"))
    pod = compiled.one("Deployment", "dev-website")["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "builder"


def test_a_patch_may_change_a_plain_manifest() -> None:
    said = shop(
        WEBSITE,
        application="""
            manifests: [extra/*.yaml]
            patches: [{ target: ResourceQuota, merge: { spec: { hard: { pods: "9" } } } }]
        """,
    )

    assert compile_text(said, {"extra/a.yaml": QUOTA}).one("ResourceQuota", "quota")["spec"] == {"hard": {"pods": "9"}}


def test_a_manifest_that_joins_several_environments_of_a_namespace_is_to_be_listed_once() -> None:
    said = shop(WEBSITE.replace("head:", "manifests: [extra/*.yaml], head:"), "[{ name: Dev }, { name: Prod }]")

    found = findings_of(said, {"extra/a.yaml": QUOTA})

    assert [(str(each.at), each.code) for each in found] == [("extra/a.yaml:3:13", "duplicate-object")]
    assert found[0].hint.startswith(
        "its file joins several environments of the namespace: list it once, in `manifests`"
    )
    twice = findings_of(said, {"extra/a.yaml": QUOTA + b"---\n" + QUOTA})
    assert {each.hint for each in twice if each.at.line == 8} >= {
        "give it another name, or patch the object that is there already"
    }
