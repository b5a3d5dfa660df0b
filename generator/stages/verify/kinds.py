"""Say what an object is that a version of Kubernetes has no schema for."""

from collections.abc import Callable

from generator.model.diagnostics import Diagnostic, listed
from generator.model.kubernetes import KubernetesSchemas
from generator.model.manifest import Manifest, ObjectRef
from generator.model.source import Path, Position


def unknown_kind(
    manifest: Manifest, schemas: KubernetesSchemas, version: str, locate: Callable[[Manifest, Path], Position]
) -> Diagnostic:
    """Return the finding for an object whose apiVersion and kind *version* does not know."""
    ref = manifest.ref
    if not ref.kind or not ref.api_version:
        field = "apiVersion" if ref.kind else "kind"
        example = "apiVersion: v1" if ref.kind else "kind: ConfigMap"
        return Diagnostic(
            "missing-field", f"the manifest has no '{field}'", locate(manifest, ()), f"add it, as in {example}"
        )
    if ref.kind in schemas.cluster_kinds().get(ref.api_version, ()):
        return Diagnostic(
            "unknown-kind",
            f"'{ref}' belongs to the whole cluster, and a platform consists of namespaces",
            locate(manifest, ("kind",)),
            "leave it to whoever runs the cluster",
        )
    kinds = schemas.kinds(version)
    api_versions = sorted({api_version for api_version, kind in kinds if kind == ref.kind})
    field = "apiVersion" if api_versions or _having(ref, schemas) else "kind"
    return Diagnostic(
        "unknown-kind",
        f"'{ref}' is of a kind that Kubernetes {version} does not have: '{ref.kind}' of '{ref.api_version}'",
        locate(manifest, (field,)),
        _nearest(api_versions, ref) or _elsewhere(ref, schemas) or _misspelt(ref, kinds),
    )


def _nearest(api_versions: list[str], ref: ObjectRef) -> str:
    """Return a hint with the apiVersion of the kind: of the same group and stable, if there is such a one."""
    if not api_versions:
        return ""
    same_group = [each for each in api_versions if each.rpartition("/")[0] == ref.group]
    candidates = same_group or api_versions
    stable = [each for each in candidates if "alpha" not in each and "beta" not in each]
    return f"did you mean '{(stable or candidates)[-1]}'?"


def _elsewhere(ref: ObjectRef, schemas: KubernetesSchemas) -> str:
    having = _having(ref, schemas)
    if not having:
        return ""
    span = f"{having[0]} has" if len(having) == 1 else f"{having[0]} to {having[-1]} have"
    return f"of the versions that are known, only {span} it: is `kubernetes` right?"


def _having(ref: ObjectRef, schemas: KubernetesSchemas) -> list[str]:
    return [each for each in schemas.versions() if schemas.knows(each, ref.api_version, ref.kind)]


def _misspelt(ref: ObjectRef, kinds: tuple[tuple[str, str], ...]) -> str:
    from difflib import get_close_matches

    names = sorted({kind for _, kind in kinds})
    near = get_close_matches(ref.kind, names, n=1, cutoff=0.75)
    if near:
        homes = sorted({api_version for api_version, kind in kinds if kind == near[0]})
        return f"did you mean '{near[0]}' of {listed(homes)}?"
    return "is it a custom resource? list the file of its CustomResourceDefinition under `crds`"
