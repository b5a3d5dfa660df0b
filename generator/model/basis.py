"""What a microservice is compiled from, as digests: of what it shows to others, of all of it, of what it stands in.

What a microservice shows to its neighbours (`model/footprint.py`) is its *face*: while that stays the same, so do they.
Its *basis* is all of it, and its *frames* are the platform, the application and the environment without what is in
them, as far as microservices are compiled from these: while they are the same, and the files that were read for it, so
is what it becomes. The basis of an application or of an environment is all of it and around it, with the outlines of
what is in it (`model/outline.py`). What joins the model later is part of them until somebody says otherwise here, so
that forgetting costs time, and not a wrong file.

Where in the document something stands is no part of them: only findings tell that, and where there was one, there is
nothing to build on. Templates of the platform's own may print it all the same; for them there is the *exact* basis.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.msgpack import Encoder

from generator.model.inputs import SourceFile
from generator.model.lock import sha256
from generator.model.microservice import Head, Microservice, Variables
from generator.model.outline import outline
from generator.model.platform import Application, Environment, Platform
from generator.model.runtime import Runtime
from generator.model.source import Path

RECIPIENTS = ".sops.yaml"
"""Stands among frames, as no application is called, for everybody's recipients."""

_DIGITS = 32
"""How many hexadecimal digits of a SHA-256 are kept of each microservice."""

_PACK = Encoder().encode

_PLACES = frozenset({"path", "layers"})
"""The fields that tell where in the document something stands."""


def _all_but(kind: type[Struct], *left_out: str) -> Callable[[Any], Any]:
    """Return what takes the fields of a *kind* that are not *left_out*, new ones among them."""
    names = [each for each in kind.__struct_fields__ if each not in left_out]
    return attrgetter(*names) if names else lambda _: ()


_PRIVATE_OF_HEAD = (
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
)
_PRIVATE_OF_RUNTIME = ("image", "resources", "startup", "liveness", "readiness", "security_context", "settings")
_PRIVATE_OF_VARIABLES = ("plain", "secret", "fields", "declared_plain", "upkeep", "vault")
_PRIVATE = ("pod_labels", "file_upkeep", "upholding", "patches", "manifests", "layers")
_SAID_BY_NEIGHBOURS = ("callers", "consents", "subscribers", "producers")
_FOR_NEIGHBOURS = (*_SAID_BY_NEIGHBOURS, "subscriptions")
_FOR_SURROUNDINGS = ("expose", "files", "secret_files", "vault_files", "pull_secret")
_IN_PARTS = ("head", "runtime", "variables")

_FACE = _all_but(Microservice, *_PRIVATE, *_FOR_SURROUNDINGS, *_SAID_BY_NEIGHBOURS, *_IN_PARTS)
_FACE_OF_HEAD = _all_but(Head, *_PRIVATE_OF_HEAD)
_FACE_OF_RUNTIME = _all_but(Runtime, *_PRIVATE_OF_RUNTIME)
_FACE_OF_VARIABLES = _all_but(Variables, *_PRIVATE_OF_VARIABLES)

_BASIS = _all_but(Microservice, "variables", "files", "patches", "manifests", "layers")
_BASIS_OF_VARIABLES = _all_but(Variables, "declared_plain")
_PLATFORM = attrgetter("customer", "registry", "directory", "layout", "templates", "crds")

_NOT_FOR_MICROSERVICES_OF_APPLICATION = frozenset(
    {"environments", "patches", "manifests", "access", "external", "pull_secret"}
)
# Of the storage a Runtime has only the host, which is made of names.
_NOT_FOR_MICROSERVICES_OF_ENVIRONMENT = frozenset(
    {"microservices", "patches", "manifests", "declared_network", "monitoring", "stores", "storage"}
)
_OF_APPLICATION_ITSELF = {"patches", "manifests", "access", "external"}
"""What environments are not compiled from that their application has."""

_OF_ENVIRONMENT_ITSELF = {"patches", "manifests", "monitoring", "stores", "tenants", "ingress"}
"""What applications are not compiled from that their environments have."""


def face(microservice: Microservice) -> str:
    """Return the digest of what *microservice* shows to its neighbours."""
    shown = (
        _FACE(microservice),
        _FACE_OF_HEAD(microservice.head),
        microservice.runtime and _FACE_OF_RUNTIME(microservice.runtime),
        _FACE_OF_VARIABLES(microservice.variables),
        [(each.id, each.host) for each in microservice.producers],  # one id may be that of several
    )
    return digest_of_data(shown)


def basis(microservice: Microservice, *, exact: bool) -> str:
    """Return the digest of all of *microservice*; with *exact* also of where it stands."""
    everything = (
        _BASIS(microservice),
        _BASIS_OF_VARIABLES(microservice.variables),
        sorted(microservice.variables.declared_plain),
        [(each.name, each.plain, sha256(each.content)) for each in microservice.files],
        [(each.target, _steps(each.path), each.merge, each.operations) for each in microservice.patches],
        [_described(each) for each in microservice.manifests],
        _all_places(microservice) if exact else (),
    )
    return digest_of_data(everything)


def _all_places(microservice: Microservice) -> tuple[object, ...]:
    files = (*microservice.files, *microservice.manifests)
    return microservice.layers, [each.path for each in files], [each.path for each in microservice.patches]


def frames(
    platform: Platform, sops_config: bytes | None, templates: Mapping[str, str] | None = None, *, around: bool = False
) -> dict[str, str]:
    """Return the digests of what the microservices of *platform* stand in, by the name of the unit; see `same_places`.

    Args:
        platform: The platform.
        sops_config: The `.sops.yaml` that it asks for.
        templates: Its own templates, by their path.
        around: They may look at any part of an application.
    """
    exact = bool(templates)
    engine = platform.gitops and platform.gitops.engine
    found = {"": _digest((_plain(_PLATFORM(platform), exact=exact), engine, sorted((templates or {}).items())))}
    found[RECIPIENTS] = _digest(sops_config)  # nothing is compiled from it, for units have recipients of their own
    for application in platform.applications:
        unseen = {"environments"} if exact else _NOT_FOR_MICROSERVICES_OF_APPLICATION
        seen = _rest(application, unseen, exact=exact)
        if around:
            seen += (_whole(each) for each in application.environments)
        found[application.name] = _digest(seen)
        for environment in application.environments:
            name = f"{application.name}/{environment.name}"
            unseen = {"microservices"} if exact else _NOT_FOR_MICROSERVICES_OF_ENVIRONMENT
            found[name] = _digest(_rest(environment, unseen, exact=exact))
    return found


def same_places(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Return the environments, by the names of their units, in which microservices stand as before: of two `frames`."""
    same = {name for name, digest in now.items() if before.get(name) == digest}
    return {name for name in same if "/" in name and same >= {"", name.partition("/")[0]}}


def basis_around(application: Application, environment: Environment | None, templates: Mapping[str, str]) -> str:
    """Return the digest of all that an *environment* is compiled from; without one an *application*.

    Args:
        application: With its environments.
        environment: One of these.
        templates: The platform's own, by their path: they may print where it stands, too.
    """
    exact = bool(templates)
    stages = application.environments if environment is None else (environment,)
    shown = [[(each.name, outline(each).shown) for each in stage.microservices] for stage in stages]
    beside, within = {"environments"}, {"microservices"}
    if not exact and environment is None:
        within |= _OF_ENVIRONMENT_ITSELF
    elif not exact:
        beside |= _OF_APPLICATION_ITSELF
    own = [_rest(application, beside, exact=exact), *(_rest(stage, within, exact=exact) for stage in stages)]
    return _digest((own, digest_of_data(shown), sorted(templates.items())))


def _whole(environment: Environment) -> list[object]:
    """Return what tells all of *environment*, and where it stands; its microservices as digests."""
    bases = [basis(each, exact=True) for each in environment.microservices]
    return [*_rest(environment, {"microservices"}, exact=True), bases]


def digest_of_data(value: object) -> str:
    """Return the digest of plain data, in 128 bits, which tells what differs in value, type or the order of keys."""
    try:
        return sha256(_PACK(value))[:_DIGITS]
    except (OverflowError, TypeError, ValueError):  # half a surrogate pair, or an integer of more than 64 bits
        return _digest(value)[:_DIGITS]


def _rest(kept: Application | Environment, left_out: Collection[str], *, exact: bool) -> list[object]:
    left = left_out if exact else {*left_out, *_PLACES}
    return [_plain(getattr(kept, each), exact=exact) for each in kept.__struct_fields__ if each not in left]


def _plain(value: Any, *, exact: bool) -> object:
    """Return *value* such that its `repr` tells all of it, in one order, and where it stands only if *exact*."""
    if isinstance(value, (frozenset, set)):
        return sorted(map(repr, value))
    if isinstance(value, (tuple, list)):
        return [_plain(each, exact=exact) for each in value]
    if not isinstance(value, Struct):
        return value
    told = {name: getattr(value, name) for name in value.__struct_fields__}
    if not exact:
        told |= {name: _strings(told[name]) for name in _PLACES & told.keys()}
    return [type(value).__name__, *((name, _plain(each, exact=exact)) for name, each in told.items())]


def _strings(places: Iterable[Any]) -> object:
    return [_strings(each) if isinstance(each, tuple) else each for each in places if not isinstance(each, int)]


def _steps(path: Path) -> list[str]:
    return [each for each in path if isinstance(each, str)]


def _described(file: SourceFile) -> tuple[object, ...]:
    return file.name, file.content, file.plain, _steps(file.path)


def _digest(value: object) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass"))
