"""How to pull from a registry, as Kubernetes wants it told: a Docker configuration with one account."""

import json
from base64 import b64encode

from generator.model.diagnostics import CompileError, Diagnostic
from generator.model.source import Position

_DOCKER_HUB = "https://index.docker.io/v1/"
"""What Docker Hub is called in there; the kubelet looks for this name and not for `docker.io`."""


def credentials(host: str, username: str, password: str) -> str:
    """Return the `.dockerconfigjson` of one account at the registry *host*, as `docker login` would write it."""
    name = _DOCKER_HUB if host in {"docker.io", "index.docker.io"} else host
    token = b64encode(f"{username}:{password}".encode()).decode()
    return json.dumps({"auths": {name: {"username": username, "password": password, "auth": token}}})


def refuse_no_docker_config(value: str, origin: str) -> None:
    """Refuse what Kubernetes would not take as a `.dockerconfigjson`, or what says nothing to a kubelet.

    Raises:
        CompileError: When *value*, from *origin*, is no JSON object with a map `auths`.
    """
    try:
        said = json.loads(value)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("auths"), dict) or not said["auths"]:
        message = "the value for '.dockerconfigjson' is no JSON object with a map 'auths'"
        hint = "leave the key out, and platformc asks for user name and password"
        raise CompileError([Diagnostic("bad-docker-config", message, Position(origin), hint)])


def refuse_no_password(host: str, password: bytes, origin: str) -> None:
    """Refuse an empty *password*, from *origin*, for the registry *host*.

    Raises:
        CompileError: When there is nothing, or a line end alone.
    """
    if not password.strip(b"\r\n"):
        message = f"the password for '{host}' is empty"
        hint = "pipe the password in, name its file by '--from FILE', or type it at a terminal"
        raise CompileError([Diagnostic("empty-secret", message, Position(origin), hint)])
