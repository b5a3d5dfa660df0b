"""What a microservice is compiled from, as digests: of what it shows to others, of all of it, of what it stands in.

What a microservice shows to its neighbours (`model/footprint.py`) is its *face*: while that stays the same, so do they.
What it shows to the application and the environment that it is in is its *outline*. Its *basis* is all of it, and its
*frames* are the platform, the application and the environment without what is in them: while these are the same, and
the files that were read for it, so is what it becomes. What joins the model later is part of them until somebody says
otherwise here, so that forgetting costs time, and not a wrong file.

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

# `outline` adds what it tells of those that are named here.
_OUTLINE = _all_but(
    Microservice, *_PRIVATE, *_FOR_NEIGHBOURS, *_IN_PARTS, "expose", "files", "secret_files", "vault_files"
)
_OUTLINE_OF_HEAD = _all_but(Head, *_PRIVATE_OF_HEAD, "ports")
_OUTLINE_OF_RUNTIME = _all_but(Runtime, *_PRIVATE_OF_RUNTIME, "version", "endpoints")
_OUTLINE_OF_VARIABLES = _all_but(Variables, *_PRIVATE_OF_VARIABLES, "references")

_BASIS = _all_but(Microservice, "variables", "files", "patches", "manifests", "layers")
_BASIS_OF_VARIABLES = _all_but(Variables, "declared_plain")
_PLATFORM = attrgetter("customer", "registry", "directory", "layout", "gitops", "templates", "crds")


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


def outline(microservice: Microservice) -> str:
    """Return the digest of what *microservice* shows to the application and the environment that it is in.

    But for its paths, of which nobody else may have one: whoever needs them looks at them (`model/footprint.py`).
    """
    head, variables = microservice.head, microservice.variables
    shown = (
        _OUTLINE(microservice),
        _OUTLINE_OF_HEAD(head),
        sorted({each.name for each in head.ports}),
        microservice.runtime is not None,
        microservice.runtime and _OUTLINE_OF_RUNTIME(microservice.runtime),
        _OUTLINE_OF_VARIABLES(variables),
        microservice.has_metrics,
        microservice.expose is not None,
        bool(variables.plain),
        bool(microservice.files),
        bool(variables.secret),
        bool(microservice.secret_files),
        sorted(microservice.stores),
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
    """Return the digests of what the microservices of *platform* stand in, by the name of the unit.

    Args:
        platform: The platform.
        sops_config: The `.sops.yaml` that it asks for.
        templates: Its own templates, by their path.
        around: They may look at any part of an application.
    """
    exact = bool(templates)
    # The applications' and environments' own objects are nobody else's, whatever else may look at them.
    beside = set[str]() if exact else {"patches", "manifests"}
    found = {"": _digest((_plain(_PLATFORM(platform), exact=exact), sorted((templates or {}).items())))}
    found[RECIPIENTS] = _digest(sops_config)  # nothing is compiled from it, for units have recipients of their own
    for application in platform.applications:
        seen = _rest(application, {"environments", *beside}, exact=exact)
        if around:
            seen += (_whole(each) for each in application.environments)
        found[application.name] = _digest(seen)
        for environment in application.environments:
            name = f"{application.name}/{environment.name}"
            found[name] = _digest(_rest(environment, {"microservices", *beside}, exact=exact))
    return found


def _whole(environment: Environment) -> list[object]:
    """Return what tells all of *environment*, and where it stands; its microservices as digests."""
    bases = [basis(each, exact=True) for each in environment.microservices]
    return [*_rest(environment, {"microservices"}, exact=True), bases]


def frames_of(name: str) -> tuple[str, str, str]:
    """Return the frames of the microservice's unit *name*."""
    environment = name.rpartition("/")[0]
    return "", environment.partition("/")[0], environment


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
