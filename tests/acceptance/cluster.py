"""The few requests that an acceptance run makes of an API server, over one HTTPS connection."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote, urlencode

Manifest: TypeAlias = dict[str, Any]

APPLY: Final = {"fieldManager": "platformc", "force": "true", "fieldValidation": "Strict"}
APPLY_TYPE: Final = "application/apply-patch+yaml"  # JSON is YAML; no other type is an apply
ESTABLISH_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: *refusal* is empty when it accepted; *warnings* come either way."""

    status: int
    refusal: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """How the server's URLs name a kind."""

    plural: str
    namespaced: bool


@dataclass(slots=True)
class Cluster:
    """An API server on a *port* of loopback, known by its *certificate* and spoken to with its *token*."""

    port: int
    certificate: Path
    token: str
    _connection: http.client.HTTPSConnection = field(init=False)
    _resources: dict[str, dict[str, Resource]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        trust = ssl.create_default_context(cafile=str(self.certificate))
        self._connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=trust, timeout=60)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def ready(self) -> bool:
        """Say whether the server is up and its own first objects are in place."""
        try:
            status, _, _ = self._request("GET", "/readyz")
        except OSError:
            self._connection.close()
            return False
        return status == http.HTTPStatus.OK

    def resource(self, api_version: str, kind: str) -> Resource | None:
        """Return how URLs name *kind*, or None where the server does not know it."""
        if api_version not in self._resources:
            status, body, _ = self._request("GET", _root(api_version))
            listed = json.loads(body)["resources"] if status == http.HTTPStatus.OK else []
            self._resources[api_version] = {
                each["kind"]: Resource(each["name"], each["namespaced"]) for each in listed if "/" not in each["name"]
            }
        return self._resources[api_version].get(kind)

    def apply(self, manifest: Manifest, *, dry_run: bool = True) -> Answer:
        """Apply *manifest* on the server's side, strictly; a dry run does all of it but the storing."""
        path = self._path(manifest)
        if path is None:
            return Answer(404, f"the server knows no {manifest['kind']} of {manifest['apiVersion']}", ())
        name = quote(manifest["metadata"]["name"], safe="")
        options = APPLY | ({"dryRun": "All"} if dry_run else {})
        return self._ask("PATCH", f"{path}/{name}?{urlencode(options)}", manifest, APPLY_TYPE)

    def create(self, manifest: Manifest) -> Answer:
        """Create *manifest* in a strict dry run, as a controller would: nobody has applied it before."""
        path = self._path(manifest)
        if path is None:
            return Answer(404, f"the server knows no {manifest['kind']} of {manifest['apiVersion']}", ())
        options = {"dryRun": "All", "fieldValidation": "Strict"}
        return self._ask("POST", f"{path}?{urlencode(options)}", manifest, "application/json")

    def wait_for_kind(self, api_version: str, kind: str) -> None:
        """Wait until the server serves a kind that was just defined.

        Raises:
            TimeoutError: When it does not within half a minute.
        """
        deadline = time.monotonic() + ESTABLISH_SECONDS
        while self.resource(api_version, kind) is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server does not serve {kind} of {api_version}")
            del self._resources[api_version]
            time.sleep(0.1)

    def _path(self, manifest: Manifest) -> str | None:
        resource = self.resource(manifest["apiVersion"], manifest["kind"])
        if resource is None:
            return None
        namespace = quote(manifest["metadata"].get("namespace", "default"), safe="")
        inside = f"/namespaces/{namespace}" if resource.namespaced else ""
        return f"{_root(manifest['apiVersion'])}{inside}/{resource.plural}"

    def _ask(self, method: str, path: str, manifest: Manifest, content_type: str) -> Answer:
        status, body, warnings = self._request(method, path, json.dumps(manifest).encode(), content_type)
        accepted = status in (http.HTTPStatus.OK, http.HTTPStatus.CREATED)
        return Answer(status, "" if accepted else _message(body), warnings)

    def _request(
        self, method: str, path: str, body: bytes | None = None, content_type: str = ""
    ) -> tuple[int, bytes, tuple[str, ...]]:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        warnings = response.headers.get_all("Warning") or []
        return response.status, response.read(), tuple(warnings)


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _message(body: bytes) -> str:
    try:
        message: str = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace").strip()
    return message
