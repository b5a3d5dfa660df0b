"""A microservice is compiled from what its basis and its frames tell of, and from nothing else."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from generator.adapters.package import read_schema, read_templates
from generator.adapters.project import ProjectFiles
from generator.claims import claims_of, lines_of, read_claims, text_of
from generator.front import Inputs, checked, schema_of
from generator.model.basis import basis, basis_around, face, frames, same_places
from generator.model.declared_secret import declared_sources
from generator.model.inputs import SourceFile
from generator.model.ledger import Ledger
from generator.model.microservice import Port
from generator.model.outline import Silhouette, outline
from generator.model.patch import Patch
from generator.model.platform import Access
from generator.model.runtime import Producer
from generator.model.unit import Unit
from generator.model.vault import StoreReference, VaultValue
from generator.stages.resolve.draft import Part
from generator.stages.verify.references import Summary
from generator.work import Work, begun, begun_behind
from tests.compiled import ROOT

UNSEEN_OF_APPLICATION = {"path", "patches", "manifests", "access", "external", "pull_secret"}
UNSEEN_OF_ENVIRONMENT = {"path", "patches", "manifests", "declared_network", "monitoring", "stores", "storage"}
"""Of what is around a microservice: it is not made of these."""

OF_APPLICATION_ITSELF = {"patches", "manifests", "access", "external"}
OF_ENVIRONMENT_ITSELF = {"patches", "manifests", "monitoring", "stores", "tenants", "ingress"}

FILE = SourceFile(name="another", content=b"", path=())
ANOTHER: dict[str, Any] = {
    "files": (FILE,),
    "manifests": (FILE,),
    "patches": (Patch(target="Deployment", path=(), merge={}),),
}
SHOWN: dict[str, Any] = ANOTHER | {
    "expose": None,
    "vault_files": (
        VaultValue(name="a", store="another", source=StoreReference(kind="SecretStore", name="a"), remote={}),
    ),
    "producers": (Producer(id="another", host="", port=1),),
}
PRIVATE = {"pod_labels", "file_upkeep", "upholding", "patches", "manifests", "layers"} | {
    *("callers", "consents", "subscribers"),  # which neighbours say
}
PRIVATE_OF_HEAD = {
    *(
        "image",
        "command",
        "args",
        "replicas",
        "resources",
        "startup",
        "liveness",
        "readiness",
        "autoscaling",
        "strategy",
    ),
    *("pod_security_context", "security_context", "node_selector", "tolerations", "topology_spread"),
    *("labels", "annotations", "service_account"),
}
PRIVATE_OF_RUNTIME = {"image", "resources", "startup", "liveness", "readiness", "security_context", "settings"}
SAMPLES = ["kustomize", "large", "shop"]


def work_on(name: str) -> Work:
    folder = ROOT / "samples" / name
    inputs = Inputs(
        name="platform.yaml",
        text=(folder / "platform.yaml").read_bytes(),
        files=ProjectFiles(Path(folder)),
        read_schema=read_schema,
        templates=read_templates(),
    )
    return begun(inputs, None)


def of_microservices(work: Work) -> Iterator[Unit]:
    return (each for each in work.everything if each.microservice is not None)


def alone(unit: Unit, *, has_templates: bool) -> Unit:
    """Return *unit* without anything around it that no digest of its own tells of; own templates may look at more."""
    assert unit.environment is not None
    assert unit.microservice is not None
    environment = replace(unit.environment, microservices=(), patches=(), manifests=(), path=())
    application = replace(unit.application, environments=(), patches=(), manifests=(), path=())
    if not has_templates:
        storage = environment.storage and replace(environment.storage, image="another", size="1Mi", backup=None)
        declared = not environment.declared_network
        environment = replace(environment, declared_network=declared, monitoring=None, stores=(), storage=storage)
        access, secret = Access(groups=(), users=(), edit=True), not application.pull_secret
        application = replace(application, access=access, external=frozenset(), pull_secret=secret)
    return replace(unit, application=application, environment=environment)


def changed(one: Any, **members: object) -> Any:
    """Return *one* with other *members*, which need not be of the right type."""
    return replace(one, **members)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_around_a_microservice_takes_no_part_in_it(sample: str) -> None:
    work = work_on(sample)
    seen = 0
    for unit in of_microservices(work):
        among_all = work.compiler.compile(unit)
        if not among_all.notes.beyond:
            by_itself = work.compiler.compile(alone(unit, has_templates=bool(work.compiler.templates)))
            assert (by_itself.files, by_itself.basis) == (among_all.files, among_all.basis)
            assert by_itself.summary == among_all.summary
            seen += 1
    assert seen


def test_where_something_stands_is_no_part_of_it_unless_that_is_asked_for() -> None:
    unit = next(of_microservices(work_on("shop")))
    each = unit.microservice
    assert each is not None
    elsewhere = replace(each, layers=tuple((*layer[:3], 99, *layer[4:]) for layer in each.layers))

    assert basis(each, exact=False) == basis(elsewhere, exact=False)
    assert basis(each, exact=True) != basis(elsewhere, exact=True)


def test_every_field_of_a_microservice_is_part_of_its_basis() -> None:
    each = next(of_microservices(work_on("shop"))).microservice
    assert each is not None
    before = basis(each, exact=False)
    for name in set(each.__struct_fields__) - {"head", "variables", "layers"}:
        other = changed(each, **{name: ANOTHER.get(name, ("another",))})
        assert basis(other, exact=False) != before, name
    for name in each.head.__struct_fields__:
        other = replace(each, head=changed(each.head, **{name: "another"}))
        assert basis(other, exact=False) != before, name
    for name in each.variables.__struct_fields__:
        other = replace(each, variables=changed(each.variables, **{name: (("another", "one"),)}))
        assert basis(other, exact=False) != before, name


def test_others_see_every_field_of_a_microservice_but_those_that_are_named() -> None:
    each: Any = next(unit.microservice for unit in of_microservices(work_on("shop")) if has_runtime(unit))
    before = (face(each), outline(each).shown)

    def is_unseen(other: Any) -> bool:
        return (face(other), outline(other).shown) == before

    for name in set(each.__struct_fields__) - {"head", "runtime", "variables", "files", "secret_files"}:
        assert is_unseen(changed(each, **{name: SHOWN.get(name, ("another",))})) is (name in PRIVATE), name
    assert not is_unseen(replace(each, files=() if each.files else (FILE,)))
    assert not is_unseen(replace(each, secret_files=() if each.secret_files else ("another",)))
    for name in each.head.__struct_fields__:
        head = changed(each.head, **{name: (Port(name="another", number=1),)})
        assert is_unseen(replace(each, head=head)) is (name in PRIVATE_OF_HEAD), name
    for name in each.runtime.__struct_fields__:
        runtime = changed(each.runtime, **{name: ()})
        assert is_unseen(replace(each, runtime=runtime)) is (name in PRIVATE_OF_RUNTIME), name


def has_runtime(unit: Unit) -> bool:
    return unit.microservice is not None and unit.microservice.runtime is not None


def test_every_field_of_what_is_around_a_microservice_is_part_of_a_frame() -> None:
    platform = work_on("shop").front.platform
    (application,) = platform.applications
    environment = application.environments[0]
    before = frames(platform, None)
    for name in {*application.__struct_fields__} - UNSEEN_OF_APPLICATION - {"environments", "name"}:
        other = replace(platform, applications=(changed(application, **{name: ("another",)}),))
        assert same_places(before, frames(other, None)) == set(), name
    for name in {*environment.__struct_fields__} - UNSEEN_OF_ENVIRONMENT - {"microservices", "name"}:
        stages = (changed(environment, **{name: ("another",)}), *application.environments[1:])
        other = replace(platform, applications=(replace(application, environments=stages),))
        assert same_places(before, frames(other, None)) == {"shop/Prod"}, name
    for name in {*platform.__struct_fields__} - {"applications", "gitops"}:
        assert same_places(before, frames(changed(platform, **{name: ("another",)}), None)) == set(), name
    deployed = changed(platform, gitops=SimpleNamespace(engine="argocd"))
    assert same_places(before, frames(deployed, None)) == set()


def test_every_field_of_what_is_around_is_part_of_a_basis() -> None:
    (application,) = work_on("shop").front.platform.applications
    environment = application.environments[0]
    of_application = basis_around(application, None, {})
    of_environment = basis_around(application, environment, {})
    assert basis_around(application, None, {"application/own.yaml.j2": ""}) != of_application
    for name in {*application.__struct_fields__} - {"environments", "name", "path"}:
        other = changed(application, **{name: ("another",)})
        assert basis_around(other, None, {}) != of_application, name
        is_its_own = basis_around(other, environment, {}) == of_environment
        assert is_its_own is (name in OF_APPLICATION_ITSELF), name
    for name in {*environment.__struct_fields__} - {"microservices", "path"}:
        other_stage = changed(environment, **{name: ("another",)})
        stages = (other_stage, *application.environments[1:])
        other = replace(application, environments=stages)
        assert basis_around(other, other_stage, {}) != of_environment, name
        is_its_own = basis_around(other, None, {}) == of_application
        assert is_its_own is (name in OF_ENVIRONMENT_ITSELF), name


@pytest.mark.parametrize("sample", SAMPLES)
def test_applications_and_environments_are_compiled_from_outlines_alone(sample: str) -> None:
    work = work_on(sample)
    outlines = {each.name: outline(each.microservice) for each in work.everything if each.microservice}
    ledger = Ledger(work.inputs.files)
    front = checked(work.front.document, schema_of(work.inputs), ledger, None, Part({}, outlines))
    shown = begun_behind(front, work.inputs, ledger)

    assert [each.name for each in shown.everything] == [each.name for each in work.everything]
    assert shown.frames == work.frames
    assert [*declared_sources(shown.everything)] == [*declared_sources(work.everything)]
    seen = 0
    for unit, whole in zip(shown.everything, work.everything, strict=True):
        if unit.microservice is None:
            result, known = shown.compiler.compile(unit), work.compiler.compile(whole)
            assert (result.files, result.basis, result.claims) == (known.files, known.basis, known.claims)
            seen += 1
        else:
            assert isinstance(unit.microservice, Silhouette)
            assert outline(unit.microservice) == outlines[unit.name]
    assert seen


@pytest.mark.parametrize(
    "sample", ["kustomize", "shop"]
)  # the other one has templates of its own, which may look at all
def test_what_is_an_environments_or_applications_own_takes_no_part_in_the_other(sample: str) -> None:
    work = work_on(sample)
    for unit in work.everything:
        if unit.microservice is None:
            application, stage = unit.application, unit.environment
            ingress = work.front.platform.applications[-1].environments[-1].ingress
            bare = tuple(
                replace(each, patches=(), manifests=(), monitoring=None, stores=(), tenants=(), ingress=ingress)
                for each in application.environments
            )
            access = Access(groups=(), users=(), edit=True)
            other = replace(application, patches=(), manifests=(), access=access, external=frozenset())
            beside = Unit(replace(application, environments=bare)) if stage is None else Unit(other, stage)
            known, result = work.compiler.compile(unit), work.compiler.compile(beside)
            assert (result.files, result.basis) == (known.files, known.basis)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_was_kept_of_objects_says_as_much_as_they_do(sample: str) -> None:
    work = work_on(sample)
    results = {unit.name: work.compiler.compile(unit) for unit in of_microservices(work)}
    names = frozenset({("ConfigMap", "catalog")})

    lines = lines_of(text_of(claims_of(name, each.summary, names, names) for name, each in results.items()))

    assert list(lines) == list(results)
    for (summary, renamed, referred), result in zip(read_claims(lines.values()), results.values(), strict=True):
        assert renamed == referred == names
        assert without_places(summary) == without_places(result.summary)


def without_places(summary: Summary) -> list[object]:
    return [
        [(place[0], place[1], place[3]) for place in summary.objects],
        summary.defined,
        summary.pods,
        [each.reference[:3] for each in summary.loose],
        [(each.selector, [port for port, _ in each.ports]) for each in summary.searches],
        [route for route, _, _ in summary.routes],
    ]
