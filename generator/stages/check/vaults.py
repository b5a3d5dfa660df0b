"""Stores: whether the operator could get in, and by one way only.

How each provider is reached: https://external-secrets.io/latest/provider/azure-key-vault/, …/aws-access/,
…/hashicorp-vault/, …/google-secrets-manager/. Other providers are held against their schema alone.
"""

from collections.abc import Iterator, Mapping

from generator.model.diagnostics import listed
from generator.model.findings import Findings
from generator.model.platform import Environment
from generator.model.source import Json, Path
from generator.stages.check.leaks import looks_secret

_KEYS = ("clientSecret", "clientCertificate")
_WAYS: Mapping[str, tuple[str, ...]] = {
    "aws": ("secretRef", "jwt"),
    "gcpsm": ("secretRef", "workloadIdentity", "workloadIdentityFederation"),
    "vault": ("appRole", "cert", "gcp", "iam", "jwt", "kubernetes", "ldap", "tokenSecretRef", "userPass"),
}
"""The members of `auth` by which a provider is reached; one of them is enough."""

_WITHOUT = frozenset({"aws", "gcpsm"})
"""The providers that the operator's own identity may reach: where `auth` is there, but empty."""

_AWS_KEYS = ("accessKeyIDSecretRef", "secretAccessKeySecretRef")

Objection = tuple[str, str, Path]
"""What is wrong, what to do about it, and where in the provider's settings."""


def check_vaults(environment: Environment, findings: Findings) -> None:
    """Find `store-credentials` where a store could not be reached, and `secret-looking-value` in its settings."""
    for store in environment.stores:
        place = f"store '{store.name}' of '{environment.name}'"
        for provider, settings in store.spec["provider"].items():
            for words, hint, way in _objections(provider, settings if isinstance(settings, Mapping) else {}):
                path = findings.layered(store.layers, ("provider", provider, *way))
                findings.error("store-credentials", f"{place} {words}", path, hint)
        for way in _secrets(store.spec, ()):
            path = findings.layered(store.layers, way)
            message = f"{way[-1]} of {place} looks like a secret, and everybody who can read this can read it"
            hint = "refer to it by a field that takes `{ secret: true }`, and seal the value"
            findings.error("secret-looking-value", message, path, hint)


def _objections(provider: str, settings: Mapping[str, Json]) -> Iterator[Objection]:
    if provider == "azurekv":
        yield from _of_azure(settings)
    elif provider in _WAYS:
        yield from _of_auth(provider, settings)


def _of_azure(settings: Mapping[str, Json]) -> Iterator[Objection]:
    kind = settings.get("authType", "ServicePrincipal")
    credentials = settings.get("authSecretRef") or {}
    sealed = [key for key in _KEYS if key in credentials]
    if kind == "ServicePrincipal":
        if "clientId" not in credentials or not sealed:
            hint = (
                "add authSecretRef: { clientId: { secret: true }, clientSecret: { secret: true } }, or say "
                "`authType: WorkloadIdentity`"
            )
            yield "has no credentials for a service principal", hint, ("authSecretRef",)
        if "tenantId" not in settings:
            yield "names no tenant of its service principal", "add `tenantId`", ()
        if "serviceAccountRef" in settings:
            hint = "say `authType: WorkloadIdentity`, or leave `serviceAccountRef` out"
            yield "has an identity beside a service principal", hint, ("serviceAccountRef",)
    elif sealed:
        hint = "leave them out, and say `authSecretRef: null` where a weaker layer has them"
        yield f"has credentials beside authType '{kind}'", hint, ("authSecretRef", sealed[0])


def _of_auth(provider: str, settings: Mapping[str, Json]) -> Iterator[Objection]:
    ways = _WAYS[provider]
    auth = settings.get("auth")
    if not isinstance(auth, Mapping):
        own = ", or `auth: {}` for the operator's own identity" if provider in _WITHOUT else ""
        yield "does not say how the operator gets in", f"add `auth` with {listed(list(ways))}{own}", ("auth",)
        return
    present = [each for each in ways if each in auth]
    if len(present) > 1:
        both = " and ".join(f"'{each}'" for each in present)
        yield f"has {both} in its `auth`, expected one of them", "keep the one that you mean", ("auth", present[1])
    elif not present and provider not in _WITHOUT:
        yield "does not say how the operator gets in", f"add one of {listed(list(ways))}", ("auth",)
    elif present == ["secretRef"] and provider == "aws":
        for key in _AWS_KEYS:
            if key not in (auth["secretRef"] or {}):
                yield f"has no '{key}'", f"add {key}: {{ secret: true }}", ("auth", "secretRef")


def _secrets(node: Json, way: Path) -> Iterator[Path]:
    """Yield where a text below *node* looks like a secret."""
    items = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for step, each in items:
        yield from _secrets(each, (*way, step))
    if isinstance(node, str) and looks_secret(node):
        yield way
