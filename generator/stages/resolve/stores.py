"""The stores that values come from: layers merged, references to sealed credentials filled in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct, field

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.lazy_pattern import lazy_pattern
from generator.model.microservice import Microservice
from generator.model.outline import outline
from generator.model.source import Json, Path
from generator.model.upkeep import Upkeep, due_date, upkeep_of
from generator.model.vault import Store, StoreReference, VaultValue
from generator.stages.resolve.draft import Draft, Stage

_KEY = lazy_pattern(r"[-._a-zA-Z0-9]{1,253}")
"""https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data."""

_REFERENCE = lazy_pattern(r"([sS]ecret)?Ref$")
_ACCOUNT = "serviceAccountRef"
_MARKER = ("secret", "key", "rotateEvery", "owner")
_SOURCES = ("provider", "secretStoreRef")


def vault_value(draft: Draft, name: str, said: Mapping[str, Json], path: Path, findings: Findings) -> VaultValue | None:
    """Return the variable or file *name* of *draft*, which comes from a vault, as *said* at *path*.

    Finds `dangling-reference`, and returns None, where its environment has no such store.
    """
    stores = draft.stage.stores
    store = stores.get(said["store"])
    if store is None:
        message = (
            f"'{name}' of '{draft.name}' comes from store '{said['store']}', which environment '{draft.stage.name}' "
            "does not have"
        )
        hint = did_you_mean(said["store"], stores) if stores else "declare it under `stores`"
        findings.error("dangling-reference", message, (*path, "store"), hint, value=True)
        return None
    existing = store.get("secretStoreRef")
    source = (
        StoreReference(kind=existing.get("kind", "SecretStore"), name=existing["name"])
        if existing
        else StoreReference(kind="SecretStore", name=_object_name(draft.stage, said["store"]))
    )
    remote = {key: value for key, value in said.items() if key != "store"}
    return VaultValue(name=name, store=said["store"], source=source, remote=remote)


def used_stores(stage: Stage, microservices: Iterable[Microservice], findings: Findings) -> tuple[Store, ...]:
    """Return the stores of *stage* that its *microservices* take values from and that are compiled, sorted by name.

    Finds `missing-key`, `wrong-shape` and what is wrong with the credentials that are to be sealed.
    """
    used = {store for each in microservices for store in outline(each).stores}
    found = (_store(stage, name, findings) for name in sorted(used))
    return tuple(each for each in found if each is not None)


def _object_name(stage: Stage, store: str) -> str:
    return f"{stage.name}-{store}".lower()


def _store(stage: Stage, name: str, findings: Findings) -> Store | None:
    said = stage.stores[name]
    layers = tuple((*layer, name) for layer in stage.store_layers)
    place = f"store '{name}' of '{stage.name}'"
    given = [each for each in _SOURCES if said.get(each)]
    if not given:
        path = findings.layered(stage.store_layers, (name,))
        findings.error("missing-key", f"{place} has no 'provider'", path, "add it, as in provider: { azurekv: { … } }")
        return None
    if len(given) > 1:
        path = findings.layered(layers, ("secretStoreRef",))
        message = f"{place} has both 'provider' and 'secretStoreRef', expected one of them"
        findings.error(
            "wrong-shape", message, path, "keep one, and write `null` for the other where a weaker layer has it"
        )
        return None
    if given == ["secretStoreRef"]:
        return None
    object_name = _object_name(stage, name)
    filling = _Filling(
        f"{object_name}-store", place, lambda way: findings.layered(layers, ("provider", *way)), findings
    )
    provider = filling.filled(said["provider"], ())
    rest = {key: value for key, value in said.items() if key not in _SOURCES}
    return Store(
        name=name,
        object_name=object_name,
        beside=filling.beside,
        spec={"provider": provider, **rest},
        credentials=tuple(sorted(filling.credentials.items())),
        account=filling.account,
        upkeep=filling.upkeep,
        layers=layers,
    )


class _Filling(Struct):
    """Fills a provider's references to what is compiled beside its store, and remembers what that is.

    Attributes:
        beside: The name of the Secret and the ServiceAccount.
        place: The store, in messages.
        locate: Returns where a path in the provider is said.
        findings: Where problems go.
    """

    beside: str
    place: str
    locate: Callable[[Path], Path]
    findings: Findings
    credentials: dict[str, Path] = field(default_factory=dict)
    upkeep: dict[str, Upkeep] = field(default_factory=dict)
    account: dict[str, str] | None = None

    def filled(self, node: Json, way: Path) -> Json:
        """Return *node*, which stands at *way* in the provider, with every reference filled in."""
        if isinstance(node, list):
            return [self.filled(each, (*way, index)) for index, each in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if node.get("secret") is True:
            return {"name": self.beside, "key": self._credential(node, way)}
        if way[-1:] == (_ACCOUNT,) and "name" not in node:
            annotations = node.get("annotations") or {}
            self.account = (self.account or {}) | {key: str(value) for key, value in annotations.items()}
            return {"name": self.beside, **{key: value for key, value in node.items() if key != "annotations"}}
        return {key: self.filled(value, (*way, key)) for key, value in node.items()}

    def _credential(self, node: Mapping[str, Json], way: Path) -> str:
        key = node.get("key", _derived(way))
        path = self.locate(way)
        for code, message, hint in _objections(node, key, self.place):
            self.findings.error(code, message, path, hint)
        if key in self.credentials and "key" not in node:
            message = f"two credentials of {self.place} would be sealed as '{key}'"
            self.findings.error("name-taken", message, path, "give each a `key` of its own, or both the same")
        self.credentials.setdefault(str(key), path)
        if upkeep_of(node) != Upkeep():
            self.upkeep[str(key)] = upkeep_of(node)
        return str(key)


def _derived(way: Path) -> str:
    """Return the key of a credential that gives none: its field's name without `SecretRef`, or else its parent's."""
    names = [step for step in way if isinstance(step, str)]
    return next((short for step in reversed(names) if (short := _REFERENCE.sub("", step))), "")


def _objections(node: Mapping[str, Json], key: Json, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and hint of what is wrong with the request for a sealed credential."""
    for other in node:
        if other not in _MARKER:
            message = f"a credential of {place} has '{other}' beside 'secret', which takes only 'key' with it"
            yield "wrong-shape", message, "seal it here, or refer to a Secret of your own by `name` and `key`"
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        message = f"a credential of {place} has a key that no Secret can have"
        yield "bad-name", message, "use letters, digits, '-', '_' and '.', at most 253 of them"
    try:
        upkeep = upkeep_of(node)
        due_date(date(2000, 1, 1), upkeep.every)
    except (TypeError, ValueError):
        message = f"'rotateEvery' of a credential of {place} is not written as it must be"
        yield "bad-format", message, "write days, weeks, months or years, as in 90d, 12w, 6mo or 1y"
