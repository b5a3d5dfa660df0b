"""A head, from what the document says of it in one environment."""

from typing import Any

from generator.model.microservice import Autoscaling, Exposure, Head, Port, ServiceAccount
from generator.model.source import Json
from generator.stages.resolve import security
from generator.stages.resolve.defaults import Defaults, given

PROBE_NAMES = ("startup", "liveness", "readiness")


def head(said: dict[str, Json], object_name: str, level: str, defaults: Defaults) -> Head:
    """Return the head that *said* describes, in a pod that must pass *level*."""
    values = given(said, defaults.head)
    ports = head_ports(said, defaults)
    contexts = _contexts(values, level, tuple(port.number for port in ports))
    scaling = _autoscaling(values.get("autoscaling"), defaults)
    probes = _probes(values.get("probes"), ports, defaults)
    return Head(
        image=values["image"],
        ports=ports,
        command=tuple(values.get("command", ())),
        args=tuple(values.get("args", ())),
        replicas=None if scaling else values["replicas"],
        resources=values["resources"],
        startup=probes["startup"],
        liveness=probes["liveness"],
        readiness=probes["readiness"],
        autoscaling=scaling,
        strategy=values.get("strategy"),
        pod_security_context=contexts[0],
        security_context=contexts[1],
        node_selector=values.get("nodeSelector", {}),
        tolerations=tuple(values.get("tolerations", ())),
        topology_spread=tuple(values.get("topologySpread", ())),
        labels=values.get("labels", {}),
        annotations=values.get("annotations", {}),
        service_account=_service_account(values.get("serviceAccount"), object_name),
    )


def head_ports(said: dict[str, Json], defaults: Defaults) -> tuple[Port, ...]:
    """Return the ports that a head listens on: `http` first unless `port` is `false`, the others sorted by name."""
    main = given(said, defaults.head)["port"]
    others = given(said.get("ports"), {})
    first = () if main is False else (Port(name="http", number=main),)
    return (*first, *(Port(name=name, number=others[name]) for name in sorted(others)))


def exposure(said: Json, defaults: Defaults) -> Exposure | None:
    """Return the exposure that *said* describes, None where nothing was said."""
    if said is None:
        return None
    values = given(said, defaults.expose)
    path = values["path"]
    return Exposure(
        paths=(path,) if isinstance(path, str) else tuple(path),
        path_type=values["pathType"],
        port=values["port"],
        annotations=values.get("annotations", {}),
    )


def security_level(said: dict[str, Json], application_level: str) -> str:
    """Return the Pod Security level that a microservice's pods are built for."""
    own = said.get("security")
    if isinstance(own, str):
        return own
    return str((own or {}).get("level") or application_level)


def _contexts(values: dict[str, Json], level: str, ports: tuple[int, ...]) -> tuple[Json, Json]:
    own = values.get("security")
    own = own if isinstance(own, dict) else {}
    return security.pod_context(level, own.get("pod")), security.head_context(level, ports, own.get("container"))


def _autoscaling(said: Json, defaults: Defaults) -> Autoscaling | None:
    if not said:
        return None
    values = given(said, defaults.autoscaling)
    metrics: list[Json] = [
        {
            "type": "Resource",
            "resource": {"name": name, "target": {"type": "Utilization", "averageUtilization": values[name]}},
        }
        for name in ("cpu", "memory")
        if name in values
    ]
    return Autoscaling(
        min_replicas=values["minReplicas"],
        max_replicas=values["maxReplicas"],
        metrics=[*metrics, *values.get("metrics", ())],
        behavior=values.get("behavior"),
    )


def _probes(said: Json, ports: tuple[Port, ...], defaults: Defaults) -> dict[str, Json]:
    weakest: dict[str, Any] = defaults.probes if ports else dict.fromkeys(PROBE_NAMES, False)
    if ports and ports[0].name != "http":
        weakest = {name: {**each, "tcpSocket": {"port": ports[0].name}} for name, each in weakest.items()}
    values = given(said, weakest)
    return {name: probe(values[name], ports) for name in PROBE_NAMES}


def probe(said: Json, ports: tuple[Port, ...]) -> Json:
    """Return the Kubernetes Probe that *said* means, None where it is `false`.

    `{ path: /x }` asks over HTTP; a handler that names no port means the head's own.
    """
    if not said:
        return None
    values: dict[str, Any] = dict(said)
    if "path" in values:
        values = {"httpGet": {"path": values.pop("path")}, **values}
    name, number = (ports[0].name, ports[0].number) if ports else ("http", 0)
    for handler, port in (("httpGet", name), ("tcpSocket", name), ("grpc", number)):
        if isinstance(values.get(handler), dict) and "port" not in values[handler]:
            values[handler] = {**values[handler], "port": port}
    return values


def _service_account(said: Json, object_name: str) -> ServiceAccount | None:
    if said is None:
        return None
    if isinstance(said, str):
        said = {"name": said}
    values = given(said, {"token": False, "annotations": {}})
    return ServiceAccount(
        name=values.get("name", object_name),
        created="name" not in values,
        token=values["token"],
        annotations=given(values["annotations"], {}),
    )
