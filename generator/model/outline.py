"""What a microservice shows to the application and the environment that it is in, and what stands in for it there.

These are compiled from the outlines of their microservices and from nothing else of them. So it takes no more than
outlines to compile them again after an edit: where a microservice is not looked at, a silhouette stands in its place.
Whatever they come to need must be added here.
"""

from operator import attrgetter

from msgspec import Struct

from generator.model.microservice import Head, Microservice, Variables
from generator.model.vault import Upholding


class Outline(Struct, frozen=True, array_like=True):
    """What a microservice shows; all but its name, and what comes of that.

    But for its paths, of which nobody else may have one: whoever needs them looks at them (`model/footprint.py`).

    Attributes:
        id: Its GUID.
        pull_secret: It pulls with the Secret of the registry.
        ports: The names of its head's ports, sorted.
        has_runtime: It has a Runtime, which needs a MongoDB.
        has_metrics: It tells about itself: a Runtime does, in most versions.
        is_exposed: Something leads to it from outside.
        has_variables, has_files: It has plain ones.
        secrets, secret_files: The names of its sealed variables and files, sorted.
        stores: The names of the stores that values of it come from, sorted.
    """

    id: str
    pull_secret: bool
    ports: tuple[str, ...]
    has_runtime: bool
    has_metrics: bool
    is_exposed: bool
    has_variables: bool
    has_files: bool
    secrets: tuple[str, ...]
    secret_files: tuple[str, ...]
    stores: tuple[str, ...]

    @property
    def shown(self) -> tuple[object, ...]:
        """What is compiled of it: which values are sealed is told elsewhere, here only that there are any."""
        return (*_NOT_SEALED(self), bool(self.secrets), bool(self.secret_files))


_NOT_SEALED = attrgetter(*(each for each in Outline.__struct_fields__ if each not in {"secrets", "secret_files"}))


class Silhouette(Microservice, frozen=True, kw_only=True):
    """Stands in for a microservice of which only the *outline* is known; what that does not tell is empty."""

    outline: Outline


def outline(microservice: Microservice) -> Outline:
    """Return what *microservice* shows to what it is in."""
    if isinstance(microservice, Silhouette):
        return microservice.outline
    runtime, variables = microservice.runtime, microservice.variables
    return Outline(
        id=microservice.id,
        pull_secret=microservice.pull_secret,
        ports=tuple(sorted({each.name for each in microservice.head.ports})),
        has_runtime=runtime is not None,
        has_metrics=runtime is not None and any(each.key == "metrics" for each in runtime.endpoints),
        is_exposed=microservice.expose is not None,
        has_variables=bool(variables.plain),
        has_files=bool(microservice.files),
        secrets=variables.secret,
        secret_files=microservice.secret_files,
        stores=tuple(sorted({each.store for each in (*variables.vault, *microservice.vault_files)})),
    )


NO_HEAD = Head(
    image="",
    ports=(),
    command=(),
    args=(),
    replicas=None,
    resources=None,
    startup=None,
    liveness=None,
    readiness=None,
    autoscaling=None,
    strategy=None,
    pod_security_context={},
    security_context={},
    node_selector={},
    tolerations=(),
    topology_spread=(),
    labels={},
    annotations={},
    service_account=None,
)
"""Stands for the head of a silhouette."""

NOT_UPHELD = Upholding(refresh_interval="", refresh_policy="", deletion_policy="")
"""Stands for how a silhouette keeps values from vaults: it has none."""


def sealed_alone(names: tuple[str, ...]) -> Variables:
    """Return the variables of a silhouette: the *names* of those that are sealed."""
    return Variables(plain=(), secret=names, fields=(), references=(), declared_plain=frozenset())
