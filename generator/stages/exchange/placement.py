"""Sorting values in the clear to where the document wants them sealed, and naming those that have no place.

A Secret of the platform says by itself whose it is: by its name (`<environment>-<microservice>-secret-env-variables`
and the like), its namespace (`application-<id>`), the annotations `dolittle.io/application-id` and
`dolittle.io/microservice-id`, and the labels `application`, `environment` and `microservice` (dolittle/platform-api,
`pkg/platform/k8s/metadata.go`).
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, field

from generator.model.diagnostics import Diagnostic, Severity, did_you_mean, listed
from generator.model.names import label_value, namespace
from generator.model.plaintext import Entry, KubernetesSecret
from generator.model.sealed import is_secret_key
from generator.model.sealed_place import Kind
from generator.model.secret_home import Home


class Sorted(Struct):
    """Where values go.

    Attributes:
        values: By the sealed file, each key's value.
        left: What has no place, with the reason: warnings.
        findings: What keeps everything from being imported.
        undeclared: By subject and kind, the keys that the document could declare.
    """

    values: dict[PurePosixPath, dict[str, Entry]] = field(default_factory=dict)
    left: list[Diagnostic] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)
    undeclared: dict[tuple[str, Kind], list[str]] = field(default_factory=dict)

    def put(self, entry: Entry, homes: Sequence[Home]) -> None:
        """Put *entry* wherever one of *homes* declares its key; they are of one subject."""
        fitting = [each for each in homes if entry.key in each.keys]
        if not is_secret_key(entry.key):
            hint = "a key has letters, digits, '-', '_' and '.', at most 253 of them"
            self._leave(entry, "is called what no Secret takes for a key", hint)
        elif not fitting:
            self._leave_undeclared(entry, homes)
        elif not entry.value:
            self._leave(entry, "is empty, and SOPS does not protect an empty value", "give it a value, or remove it")
        else:
            for home in fitting:
                self._put(entry, home)

    def leave(self, message: str, entry: Entry | KubernetesSecret, hint: str = "") -> None:
        """Say that something stays behind, and why."""
        self.left.append(Diagnostic("left-behind", message, entry.at, hint, Severity.WARNING))

    def _leave(self, entry: Entry, why: str, hint: str) -> None:
        self.leave(f"'{entry.key}' {why}", entry, hint)

    def _leave_undeclared(self, entry: Entry, homes: Sequence[Home]) -> None:
        home = homes[0]
        if any(entry.key in each.plain for each in homes):
            hint = "its value stands in the document; declare it as { secret: true } if it is a secret"
            self._leave(entry, f"is a plain variable of '{home.place.name}'", hint)
            return
        known = [key for each in homes for key in each.keys]
        meant = did_you_mean(entry.key, known)
        hint = f"{meant} " if meant.endswith("?") else ""
        self._leave(
            entry, f"is not declared as a secret of '{home.place.name}'", f"{hint}declare it, then import again"
        )
        kind = home.place.kind if len({each.place.kind for each in homes}) == 1 else _likely_kind(entry.key)
        if kind in {Kind.VARIABLES, Kind.FILES}:
            keys = self.undeclared.setdefault((home.place.subject, kind), [])
            if entry.key not in keys:
                keys.append(entry.key)

    def _put(self, entry: Entry, home: Home) -> None:
        there = self.values.setdefault(home.place.source, {})
        first = there.setdefault(entry.key, entry)
        if first.value != entry.value:
            message = f"'{entry.key}' of '{home.place.name}' is there twice, with different values"
            hint = f"keep one of the two; the first is at {first.at}"
            self.findings.append(Diagnostic("duplicate-key", message, entry.at, hint))


def sort_entries(entries: Iterable[Entry], homes: Sequence[Home], into: Sorted) -> None:
    """Sort the values of a flat file, which belong to *homes*: one subject, in one environment or several."""
    for entry in entries:
        for environment in dict.fromkeys(each.place.environment for each in homes):
            into.put(entry, [each for each in homes if each.place.environment == environment])


def sort_secrets(
    secrets: Iterable[KubernetesSecret],
    homes: Sequence[Home],
    wanted: Callable[[Home], bool],
    named: Sequence[Home],
    into: Sorted,
) -> None:
    """Sort the values of Kubernetes Secrets.

    Args:
        secrets: The Secrets.
        homes: Every place of the platform.
        wanted: Whether a place is one that the command line means.
        named: The places of the subject that the command line names, for Secrets that do not say whose they are.
        into: Where they go.
    """
    for secret in secrets:
        found = _homes_of(secret, homes)
        chosen = [each for each in found if wanted(each)] if found else list(named)
        subjects = {each.place.subject for each in chosen}
        if found and not chosen:
            owners = listed(list(dict.fromkeys(each.place.name for each in found)))
            into.leave(f"Secret '{secret.name}' belongs to {owners}, which is not asked for", secret)
        elif not chosen:
            hint = "name the microservice and the environment behind the file, if it belongs to one"
            into.leave(f"Secret '{secret.name}' is none that the document describes", secret, hint)
        elif len(subjects) > 1:
            hint = "name the one that is meant behind the file"
            into.leave(f"Secret '{secret.name}' could belong to any of {listed(sorted(subjects))}", secret, hint)
        else:
            sort_entries(secret.entries, chosen, into)


def declarations(undeclared: dict[tuple[str, Kind], list[str]]) -> str:
    """Return the lines that would declare the keys, for a person to put into the document."""
    lines: list[str] = []
    subjects = dict.fromkeys(subject for subject, _ in undeclared)
    for subject in subjects:
        application, _, microservice = subject.partition("/")
        lines.append(f"# in microservice '{microservice}' of application '{application}':")
        for kind, head, line in (
            (Kind.VARIABLES, "env:", "  {0}: {{ secret: true }}"),
            (Kind.FILES, "files:", "  - {{ name: {0}, secret: true }}"),
        ):
            keys = sorted(undeclared.get((subject, kind), []))
            lines += [head, *(line.format(key) for key in keys)] if keys else []
    return "".join(f"{line}\n" for line in lines)


def _likely_kind(key: str) -> Kind:
    """Return whether a key that nothing declares is a file, which has an ending, or a variable."""
    return Kind.FILES if "." in key else Kind.VARIABLES


def _homes_of(secret: KubernetesSecret, homes: Sequence[Home]) -> list[Home]:
    """Return where a Secret belongs as it says itself: several places where it does not say enough, or none."""
    nearby = _of_application(secret, homes)
    return [each for each in nearby if each.secret == secret.name] or [
        each for each in nearby if each.microservice and _is_labelled(secret, each)
    ]


def _of_application(secret: KubernetesSecret, homes: Sequence[Home]) -> Sequence[Home]:
    """Return the places in the application that the Secret names, all of them where the document knows no such."""
    given_id = secret.annotations.get("dolittle.io/application-id", "")
    label = secret.labels.get("application", "")
    for says in (
        lambda home: secret.namespace == namespace(home.application_id),
        lambda home: given_id == home.application_id,
        lambda home: label == label_value(home.application),
    ):
        found = [each for each in homes if says(each)]
        if found:
            return found
    return homes


def _is_labelled(secret: KubernetesSecret, home: Home) -> bool:
    environment = secret.labels.get("environment", "") == label_value(home.place.environment)
    by_id = secret.annotations.get("dolittle.io/microservice-id", "") == home.microservice_id
    return environment and (by_id or secret.labels.get("microservice", "") == label_value(home.microservice))
