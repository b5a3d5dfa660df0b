"""Secrets in the clear, on their way from a person's file to a sealed one or back. Nothing here prints a value."""

from collections.abc import Mapping

from msgspec import Struct

from generator.model.diagnostics import Diagnostic
from generator.model.source import Position


class Entry(Struct, frozen=True, kw_only=True):
    """One value: the *key* that it has, the *value* itself, and where the key stands (*at*)."""

    key: str
    value: str
    at: Position

    def __repr__(self) -> str:
        return f"Entry({self.key!r})"  # nothing that prints it may show the value


class KubernetesSecret(Struct, frozen=True, kw_only=True):
    """A Secret as a cluster or a person's file holds it, decoded.

    Attributes:
        name: Its name.
        namespace: Its namespace; empty where it names none.
        type: Its type, `Opaque` where it names none.
        labels, annotations: Its metadata; what is no string is left out.
        entries: Its values that are text.
        at: Where it begins.
    """

    name: str
    namespace: str
    type: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    entries: tuple[Entry, ...]
    at: Position


class Reading(Struct, frozen=True, kw_only=True):
    """What a file says.

    Attributes:
        entries: The values of a file that is one flat map.
        secrets: The Secrets of a file of Kubernetes objects.
        findings: Why it cannot be read; then nothing of it may be used.
        left: What of it is no value that could be sealed, with the reason.
    """

    entries: tuple[Entry, ...] = ()
    secrets: tuple[KubernetesSecret, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    left: tuple[Diagnostic, ...] = ()


def unreadable(message: str, at: Position, hint: str = "") -> Diagnostic:
    """Return the finding that a source of secrets cannot be read; *message* must not hold a value."""
    return Diagnostic("unreadable-secret", message, at, hint)


def repeated(key: str, at: Position, first: Position) -> Diagnostic:
    """Return the finding that *key* is there twice."""
    hint = f"keep one of the two; the first is in line {first.line}"
    return Diagnostic("duplicate-key", f"the key '{key}' is there twice", at, hint)
