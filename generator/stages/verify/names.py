"""The syntax of names, and the metadata that every object has.

The patterns and lengths are those of Kubernetes' own validation, k8s.io/apimachinery/pkg/util/validation and
pkg/api/validate/content: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from generator.model.lazy_pattern import lazy_pattern
from generator.model.manifest import Manifest
from generator.model.scope import Scope
from generator.model.source import Json, Path
from generator.stages.verify.objections import Objections

SUBDOMAIN_SIZE = 253
LABEL_SIZE = 63
ANNOTATIONS_SIZE = 256 * 1024
"""Bytes of all annotations of one object, keys and values: TotalAnnotationSizeLimitB in apimachinery."""

_MEMORY = 1 << 14
_LABEL = lazy_pattern(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_SUBDOMAIN = lazy_pattern(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_SERVICE = lazy_pattern(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")
_LABEL_NAME = lazy_pattern(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_PORT = lazy_pattern(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?")
_CONFIG_KEY = lazy_pattern(r"(?!\.\.)[-._a-zA-Z0-9]{1,253}")
_ENV = lazy_pattern(r"(?!\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*")
_PATH_SEGMENT = lazy_pattern(r"(?!\.{1,2}\Z)[^/%]+")

LABEL_EXPECTED = f"expected at most {LABEL_SIZE} lower-case letters, digits and '-', a letter or digit at both ends"
PORT_EXPECTED = "expected at most 15 lower-case letters, digits and single '-', at least one letter among them"
CONFIG_KEY_EXPECTED = f"expected at most {SUBDOMAIN_SIZE} letters, digits, '-', '_' and '.', not '..' in front"
ENV_EXPECTED = "expected letters, digits, '-', '_' and '.', not a digit in front"
SUBDOMAIN_EXPECTED = f"expected at most {SUBDOMAIN_SIZE} lower-case letters, digits, '-' and '.', no '-' beside a '.'"
_SERVICE_EXPECTED = f"expected at most {LABEL_SIZE} lower-case letters, digits and '-', a letter in front"
_LABEL_NAME_EXPECTED = f"at most {LABEL_SIZE} letters, digits, '-', '_' and '.', a letter or digit at both ends"


@lru_cache(_MEMORY)
def is_label(text: str) -> bool:
    """Say whether *text* is an RFC 1123 label."""
    return _LABEL.fullmatch(text) is not None


@lru_cache(_MEMORY)
def is_subdomain(text: str) -> bool:
    """Say whether *text* is an RFC 1123 subdomain."""
    return len(text) <= SUBDOMAIN_SIZE and _SUBDOMAIN.fullmatch(text) is not None


def is_service_name(text: str) -> bool:
    """Say whether *text* is an RFC 1035 label."""
    return _SERVICE.fullmatch(text) is not None


@lru_cache(_MEMORY)
def is_label_key(text: str) -> bool:
    """Say whether *text* is a qualified name: a name, perhaps behind a subdomain and a slash."""
    prefix, slash, name = text.rpartition("/")
    return _LABEL_NAME.fullmatch(name) is not None and (is_subdomain(prefix) if slash else True)


@lru_cache(_MEMORY)
def is_annotation_key(text: str) -> bool:
    """Say whether *text* is a qualified name but for its case."""
    return is_label_key(text.lower())


@lru_cache(_MEMORY)
def is_label_value(text: str) -> bool:
    """Say whether *text* may be the value of a label."""
    return not text or _LABEL_NAME.fullmatch(text) is not None


@lru_cache(_MEMORY)
def is_port_name(text: str) -> bool:
    """Say whether *text* is an IANA service name in lower case."""
    return _PORT.fullmatch(text) is not None


@lru_cache(_MEMORY)
def is_config_key(text: str) -> bool:
    """Say whether *text* may be a key of a ConfigMap or a Secret."""
    return text != "." and _CONFIG_KEY.fullmatch(text) is not None


@lru_cache(_MEMORY)
def is_env_name(text: str) -> bool:
    """Say whether every version of Kubernetes takes *text* for a variable; later ones take more."""
    return text != "." and _ENV.fullmatch(text) is not None


def is_path_segment(text: str) -> bool:
    """Say whether *text* can stand as one part of a URL's path."""
    return _PATH_SEGMENT.fullmatch(text) is not None


class NameRule(NamedTuple):
    """What the name of an object of some kind must be."""

    accepts: Callable[[str], bool]
    longest: int
    expected: str


_DEFAULT = NameRule(is_subdomain, SUBDOMAIN_SIZE, SUBDOMAIN_EXPECTED)
_SHORT = "expected at most 52 lower-case letters, digits and '-'; names derived from it are 11 longer"
_SEGMENT = NameRule(is_path_segment, 1 << 16, "expected neither '/' nor '%'")
_NAMES: Mapping[str, NameRule] = {
    "Service": NameRule(is_service_name, LABEL_SIZE, _SERVICE_EXPECTED),
    "Namespace": NameRule(is_label, LABEL_SIZE, LABEL_EXPECTED),
    # A pod carries the label controller-revision-hash, which is the set's name, '-' and ten characters.
    "StatefulSet": NameRule(is_label, LABEL_SIZE - 11, _SHORT),
    # The controller appends '-' and ten digits; the result is a Job's name.
    "CronJob": NameRule(is_subdomain, LABEL_SIZE - 11, _SHORT),
    # A pod carries the Job's name as the label batch.kubernetes.io/job-name.
    "Job": NameRule(is_subdomain, LABEL_SIZE, f"expected at most {LABEL_SIZE} lower-case letters, digits, '-' and '.'"),
    "Role": _SEGMENT,
    "RoleBinding": _SEGMENT,
    "ClusterRole": _SEGMENT,
    "ClusterRoleBinding": _SEGMENT,
}

_CLUSTER_WIDE: Mapping[str, frozenset[str]] = {
    "v1": frozenset({"Namespace", "Node", "PersistentVolume"}),
    "admissionregistration.k8s.io": frozenset(
        {
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        }
    ),
    "apiextensions.k8s.io": frozenset({"CustomResourceDefinition"}),
    "apiregistration.k8s.io": frozenset({"APIService"}),
    "certificates.k8s.io": frozenset({"CertificateSigningRequest", "ClusterTrustBundle"}),
    "flowcontrol.apiserver.k8s.io": frozenset({"FlowSchema", "PriorityLevelConfiguration"}),
    "networking.k8s.io": frozenset({"IngressClass", "IPAddress", "ServiceCIDR"}),
    "node.k8s.io": frozenset({"RuntimeClass"}),
    "rbac.authorization.k8s.io": frozenset({"ClusterRole", "ClusterRoleBinding"}),
    "scheduling.k8s.io": frozenset({"PriorityClass"}),
    "storage.k8s.io": frozenset({"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"}),
}
_BUILT_IN = frozenset({*_CLUSTER_WIDE, "apps", "autoscaling", "batch", "discovery.k8s.io", "policy"})


def check_metadata(manifest: Manifest, scope: Scope, objections: Objections) -> None:
    """Check the name, the namespace, the labels and the annotations of *manifest*."""
    metadata = manifest.body["metadata"]
    rule = _NAMES.get(manifest.ref.kind, _DEFAULT)
    name = metadata.get("name") or ""
    if len(name) > rule.longest or not rule.accepts(name):
        what = f"bad name '{name}'" + (f" of {len(name)} characters" if len(name) > rule.longest else "")
        objections.add("bad-name", ("metadata", "name"), what, rule.expected)
    if metadata.get("namespace") != scope.namespace:
        _check_namespace(manifest, metadata.get("namespace") or "", scope, objections)
    check_labels(metadata.get("labels"), ("metadata", "labels"), objections)
    check_annotations(metadata.get("annotations"), ("metadata", "annotations"), objections)


def _check_namespace(manifest: Manifest, namespace: str, scope: Scope, objections: Objections) -> None:
    group = manifest.ref.api_version.partition("/")[0]
    place = ("metadata", "namespace")
    if manifest.ref.kind in _CLUSTER_WIDE.get(group, ()):
        if namespace and namespace != scope.namespace:
            what = f"namespace '{namespace}'"
            objections.add("wrong-namespace", place, what, f"a {manifest.ref.kind} belongs to the whole cluster")
    elif namespace:
        expected = f"expected '{scope.namespace}'"
        objections.add("wrong-namespace", place, f"namespace '{namespace}'", expected, "leave it out: it is filled in")
    elif group in _BUILT_IN:  # of other kinds only the cluster knows whether a namespace holds them
        objections.add("wrong-namespace", ("metadata",), "no namespace", f"expected '{scope.namespace}'")


def check_labels(labels: Mapping[str, Json] | None, at: Path, objections: Objections) -> None:
    """Check the keys and values of *labels*, which stand at *at*."""
    if not labels:
        return
    for key, value in labels.items():
        if not is_label_key(key):
            objections.add("bad-label", (*at, key), f"bad key '{key}'", f"expected {_LABEL_NAME_EXPECTED}")
        if value is not None and not is_label_value(value):
            objections.add("bad-label", (*at, key), f"bad value of '{key}'", f"expected {_LABEL_NAME_EXPECTED}")


def check_annotations(annotations: Mapping[str, Json] | None, at: Path, objections: Objections) -> None:
    """Check the keys of *annotations*, which stand at *at*, and the size of them all."""
    if not annotations:
        return
    size = 0
    for key, value in annotations.items():
        if not is_annotation_key(key):
            objections.add("bad-label", (*at, key), f"bad key '{key}'", f"expected {_LABEL_NAME_EXPECTED}")
        size += len(key) + len(value or "")
    if size * 4 > ANNOTATIONS_SIZE:  # a character takes at most four bytes
        size = sum(len(key.encode()) + len((value or "").encode()) for key, value in annotations.items())
        if size > ANNOTATIONS_SIZE:
            expected = f"expected at most {ANNOTATIONS_SIZE} bytes of keys and values"
            objections.add("too-large", at, f"annotations of {size} bytes", expected)
