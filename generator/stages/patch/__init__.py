"""Patches: a person's own changes to compiled objects."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from generator.model.diagnostics import Diagnostic, in_order
from generator.model.immutable import IDENTITY, immutable_changes
from generator.model.manifest import Manifest
from generator.model.patch import MergeKeys, Patch
from generator.model.source import Json, Path, Position
from generator.stages.patch.difference import patch_between
from generator.stages.patch.json_patch import json_patch, touching
from generator.stages.patch.outcome import Outcome
from generator.stages.patch.strategic_merge import strategic_merge
from generator.stages.patch.targets import Targets

__all__ = ["apply_patches", "patch_between"]


def apply_patches(
    manifests: Sequence[Manifest],
    patches: Sequence[Patch],
    merge_key: MergeKeys,
    locate: Callable[[Path], Position],
    emit: Callable[[Json], str],
) -> tuple[list[Manifest], list[Diagnostic]]:
    """Apply *patches* to *manifests*, in order.

    A patched object is a new manifest: its text is what *emit* prints, and the patch's place in the document
    stands in front of its origin's layers. A patch with a finding changes nothing. No input is changed.

    A sealed Secret cannot be patched at all: SOPS signs all values of a file, those that it does not encrypt
    included (unless `mac_only_encrypted` is set), so a changed Secret could no longer be decrypted.

    Args:
        manifests: The objects that the patches may name.
        patches: In the order in which they apply.
        merge_key: What the Kubernetes API says of its lists.
        locate: Finds the position of a path in the document.
        emit: Prints an object as one YAML document that ends in a newline.

    Returns:
        As many manifests as were given, in their order; and the findings, sorted: `patch-without-target`,
        `ambiguous-patch-target`, `sealed-patch`, `patch-shape`, `immutable-field`, `patch-without-effect`.
    """
    result = list(manifests)
    if not patches:
        return result, []
    targets = Targets(manifests)
    findings: list[Diagnostic] = []
    touched: set[int] = set()
    for patch in patches:
        found = targets.find(patch.target)
        problem = _wrong_target(patch, targets, result, locate)
        if problem is not None:
            findings.append(problem)
            continue
        manifest = result[found[0]]
        outcome = _outcome(manifest, patch, merge_key)
        problems = _problems(manifest, patch, outcome, locate)
        if problems:
            findings += problems
            continue
        origin = replace(manifest.origin, layers=(patch.path, *manifest.origin.layers))
        result[found[0]] = replace(manifest, body=outcome.body, origin=origin)
        touched.add(found[0])
    for index in touched:
        result[index] = replace(result[index], text=emit(result[index].body))
    return result, list(in_order(findings))


def _outcome(manifest: Manifest, patch: Patch, merge_keys: MergeKeys) -> Outcome:
    if patch.operations is not None:
        return json_patch(manifest.body, patch.operations)
    return strategic_merge(manifest.ref, manifest.body, patch.merge, merge_keys)


def _wrong_target(
    patch: Patch, targets: Targets, manifests: Sequence[Manifest], locate: Callable[[Path], Position]
) -> Diagnostic | None:
    found = targets.find(patch.target)
    at = (*patch.path, "target")
    if not found:
        message, hint = targets.absent(patch.target)
        return Diagnostic("patch-without-target", message, locate(at), hint)
    if len(found) > 1:
        message, hint = targets.ambiguous(patch.target)
        return Diagnostic("ambiguous-patch-target", message, locate(at), hint)
    manifest = manifests[found[0]]
    if manifest.sealed:
        message = f"the sealed '{manifest.ref}' cannot be patched: its signature would no longer fit"
        return Diagnostic("sealed-patch", message, locate(at), "change the sealed file instead")
    return None


def _problems(
    manifest: Manifest, patch: Patch, outcome: Outcome, locate: Callable[[Path], Position]
) -> list[Diagnostic]:
    if outcome.refusals:
        return [
            Diagnostic("patch-shape", f"{each.message}, in '{manifest.ref}'", at, each.hint)
            for each in outcome.refusals
            for at in [locate((*patch.path, *each.below))]
        ]
    if not outcome.changed:
        message = f"the patch changes nothing about '{manifest.ref}'"
        return [Diagnostic("patch-without-effect", message, locate(patch.path), "remove the patch, or correct it")]
    found = []
    for field in immutable_changes(manifest.ref, manifest.body, outcome.body):
        below = ("merge", *field) if patch.operations is None else touching(patch.operations, field)
        found.append(_immutable(manifest, field, locate((*patch.path, *below))))
    return found


def _immutable(manifest: Manifest, field: tuple[str, ...], at: Position) -> Diagnostic:
    name = ".".join(field)
    if field in IDENTITY:
        message = f"'{name}' of '{manifest.ref}' is part of its identity: with another it would be another object"
        return Diagnostic("immutable-field", message, at, "name in the document what the object is made from")
    message = f"'{name}' of '{manifest.ref}' cannot change: Kubernetes would refuse to update what runs today"
    hint = f"leave '{name}' out of the patch, or add an object of your own with another name"
    return Diagnostic("immutable-field", message, at, hint)
