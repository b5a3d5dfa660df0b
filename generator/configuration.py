"""Which pods a patched ConfigMap restarts: those whose template tells the digest of their configuration.

Templates compute that digest from the document, before patches. A patch that changes what a ConfigMap holds goes into
it here, so that no pod is left with what it read when it started.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from msgspec.structs import replace

from generator.model import yaml_text
from generator.model.manifest import Manifest
from generator.model.pod_uses import used_by_pod
from generator.model.roll_out import CONFIGURATION, announced, rolls_out, with_announcement
from generator.model.source import same_json

_CONTENTS = ("data", "binaryData")
_DIGITS = 32


def following_patches(before: Sequence[Manifest], after: Sequence[Manifest]) -> list[Manifest]:
    """Return the objects of a unit with digests of their configuration as it is patched.

    Args:
        before: The objects as they were rendered.
        after: The same, in the same order, with the person's patches; of sound shape.
    """
    patched = dict(_patched(before, after))
    if not patched:
        return list(after)
    return [_following(old, new, patched) for old, new in zip(before, after, strict=True)]


def _patched(before: Sequence[Manifest], after: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    """Yield the name of each ConfigMap that holds something else now, and what it holds as one text."""
    for old, new in zip(before, after, strict=True):
        if new is old or (new.ref.api_version, new.ref.kind) != ("v1", "ConfigMap"):
            continue
        ones, others = ({name: each.body.get(name) or {} for name in _CONTENTS} for each in (old, new))
        if not same_json(ones, others):
            yield new.ref.name, json.dumps(others, sort_keys=True)


def _following(old: Manifest, new: Manifest, patched: Mapping[str, str]) -> Manifest:
    if not rolls_out(new.ref):
        return new
    digest = announced(new.body, CONFIGURATION)
    if not digest or digest != announced(old.body, CONFIGURATION):  # there is none, or a person's patch chose one
        return new
    uses = used_by_pod(new.body["spec"]["template"].get("spec") or {}, ())
    read = sorted({each.name for each in uses if each.kind == "ConfigMap"} & patched.keys())
    if not read:
        return new
    parts = "".join(f"{name}\0{patched[name]}\0" for name in read)
    changed = sha256(f"{digest}\0{parts}".encode()).hexdigest()[:_DIGITS]
    body = with_announcement(new.body, changed, CONFIGURATION)
    single = new.text.count(digest) == 1
    return replace(new, body=body, text=new.text.replace(digest, changed) if single else yaml_text.emit(body))
