"""What one container of a pod says of itself."""

from collections.abc import Collection, Mapping

from generator.model.source import Json, Path
from generator.stages.verify.names import (
    ENV_EXPECTED,
    LABEL_EXPECTED,
    PORT_EXPECTED,
    is_config_key,
    is_env_name,
    is_label,
    is_port_name,
    is_subdomain,
)
from generator.stages.verify.objections import (
    Objections,
    PlainFields,
    check_distinct,
    check_fields,
    check_one_of,
)
from generator.stages.verify.probes import PORT, check_lifecycle, check_probes
from generator.stages.verify.quantities import check_resources
from generator.stages.verify.volumes import (
    FIELDS_IN_ENV,
    check_field_reference,
    check_mounts,
    check_resource_reference,
)

_FIELDS: PlainFields = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
}
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_SOURCES = ("configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef")
_ENV_SOURCES = ("configMapRef", "secretRef")
_RESTARTS: PlainFields = {"restartPolicy": ("Always", "OnFailure", "Never")}
_OF_RUNNING = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")


def check_container(
    container: Mapping[str, Json],
    pod: Mapping[str, Json],
    volumes: Collection[str],
    at: Path,
    objections: Objections,
) -> None:
    """Check a *container* of *pod*, which stands at *at* and may mount *volumes*."""
    if not is_label(container["name"]):
        what = f"bad container name '{container['name']}'"
        objections.add("bad-name", (*at, "name"), what, LABEL_EXPECTED)
    image = container.get("image")
    if not image or image.split() != [image]:
        objections.add("bad-image", (*at, "image"), "no image" if not image else "an image's name with a blank")
    check_fields(container, _FIELDS, at, objections)
    if env := container.get("env"):
        _check_env(env, (*at, "env"), objections)
    if env_from := container.get("envFrom"):
        _check_env_from(env_from, (*at, "envFrom"), objections)
    if ports := container.get("ports"):
        _check_ports(ports, (*at, "ports"), objections)
    if mounts := container.get("volumeMounts"):
        check_mounts(mounts, volumes, (*at, "volumeMounts"), objections)
    if resources := container.get("resources"):
        check_resources(resources, (*at, "resources"), objections)
    check_probes(container, at, objections)
    if container.get("lifecycle"):
        check_lifecycle(container, pod, at, objections)


def check_init_container(container: Mapping[str, Json], at: Path, objections: Objections) -> None:
    """Check what an init *container*, which stands at *at*, must leave out unless it keeps running."""
    check_fields(container, _RESTARTS, at, objections)
    if container.get("restartPolicy") == "Always":
        return
    for name in _OF_RUNNING:
        if container.get(name) is not None:
            expected = "only an init container with 'restartPolicy: Always' takes one"
            objections.add("conflicting-fields", (*at, name), f"a {name} of an init container", expected)


def _check_env(env: list[Mapping[str, Json]], at: Path, objections: Objections) -> None:
    check_distinct([each["name"] for each in env], at, "name", objections)
    for index, variable in enumerate(env):
        if not is_env_name(variable["name"]):
            what = f"bad variable name '{variable['name']}'"
            objections.add("bad-name", (*at, index, "name"), what, ENV_EXPECTED)
        source = variable.get("valueFrom")
        if source is not None:
            if variable.get("value"):
                what = f"'value' and 'valueFrom' of '{variable['name']}' together"
                objections.add("conflicting-fields", (*at, index), what, "expected one of them")
            _check_source(source, (*at, index, "valueFrom"), objections)


def _check_source(source: Mapping[str, Json], at: Path, objections: Objections) -> None:
    name = check_one_of(source, _SOURCES, at, objections)
    if name in {"configMapKeyRef", "secretKeyRef"}:
        key = source[name]["key"]
        if not is_config_key(key):
            objections.add("bad-key", (*at, name, "key"), f"bad key '{key}'")
        _check_reference(source[name], (*at, name), objections)
    elif name == "fieldRef":
        check_field_reference(source[name], FIELDS_IN_ENV, (*at, name), objections)
    elif name == "resourceFieldRef":
        check_resource_reference(source[name], (*at, name), objections)


def _check_reference(reference: Mapping[str, Json], at: Path, objections: Objections) -> None:
    name = reference.get("name") or ""
    if not is_subdomain(name):
        objections.add("bad-name", (*at, "name"), f"bad name '{name}'" if name else "no name")


def _check_env_from(sources: list[Mapping[str, Json]], at: Path, objections: Objections) -> None:
    for index, source in enumerate(sources):
        name = check_one_of(source, _ENV_SOURCES, (*at, index), objections)
        if name:
            _check_reference(source[name], (*at, index, name), objections)
        prefix = source.get("prefix")
        if prefix and not is_env_name(prefix):
            objections.add("bad-name", (*at, index, "prefix"), f"bad prefix '{prefix}'", ENV_EXPECTED)


def _check_ports(ports: list[Mapping[str, Json]], at: Path, objections: Objections) -> None:
    check_distinct([each.get("name") or "" for each in ports], at, "name", objections)
    taken: set[tuple[int, str]] = set()
    for index, port in enumerate(ports):
        number, node_port, protocol = port["containerPort"], port.get("hostPort"), port.get("protocol") or "TCP"
        if number not in PORT:
            objections.misplaced((*at, index, "containerPort"), number, PORT)
        if node_port and node_port not in PORT:
            objections.misplaced((*at, index, "hostPort"), node_port, PORT)
        if protocol not in _PROTOCOLS:
            objections.misplaced((*at, index, "protocol"), protocol, _PROTOCOLS)
        name = port.get("name")
        if name and not is_port_name(name):
            objections.add("bad-port-name", (*at, index, "name"), f"bad port name '{name}'", PORT_EXPECTED)
        if (number, protocol) in taken:
            objections.warn("port-taken", (*at, index), f"port {number} over {protocol} a second time")
        taken.add((number, protocol))
