"""`.sops.yaml`: who can unseal which file, so that plain `sops edit` and `sops encrypt` do the right thing.

SOPS takes the first rule whose `path_regex` matches a file's path, as seen from the folder of `.sops.yaml`,
for which it looks in the working directory and above, not beside the sealed file. On Windows the path has
backslashes. One group of keys says what the short form (`age: [...]`) says too, which takes lists only since
SOPS 3.11. Format: https://getsops.io/docs/#using-sopsyaml-conf-to-select-kms-pgp-and-age-for-new-files
"""

from collections.abc import Iterator, Sequence

from generator.model.lazy_pattern import lazy_pattern
from generator.model.platform import Platform
from generator.model.recipients import KINDS, Recipients, union
from generator.model.sealed import ENCRYPTED_REGEX
from generator.model.sealed_place import FOLDER

_HEADING = "# Compiled by platformc from the recipients in the platform document: change them there, not here."
_SLASH = r"[/\\]"
_FILE = r"[^/\\]+\.yaml$"
_META = lazy_pattern(r"[\\.+*?()|\[\]{}^$]")  # what Go's regexp.QuoteMeta escapes


def platform_sops_config(platform: Platform) -> bytes | None:
    """Return the `.sops.yaml` of *platform*, None where nobody can unseal anything."""
    rules = [
        rule
        for each in platform.applications
        for rule in application_rules(each.name, [(stage.name, stage.recipients) for stage in each.environments])
    ]
    return sops_config(rules) if any(recipients for _, recipients in rules) else None


def application_rules(
    application: str, environments: Sequence[tuple[str, Recipients]]
) -> tuple[tuple[str, Recipients], ...]:
    """Return the rules, pattern and recipients, for the sealed files of one application.

    The files of an environment are sealed to its recipients, those of the application itself to everyone's.
    """
    everyone = union(recipients for _, recipients in environments)
    own = f"{_folder(application)}(registry|storage)\\.yaml$"
    each = [(_folder(application, name) + _FILE, recipients) for name, recipients in environments]
    return (*each, (own, everyone))


def sops_config(rules: Sequence[tuple[str, Recipients]]) -> bytes:
    """Return `.sops.yaml` for *rules*: the pattern of a path, and who can unseal what matches it.

    A rule without recipients is left out: SOPS then refuses to seal such a file, as it should.
    """
    lines = [line for pattern, recipients in rules if recipients for line in _rule(pattern, recipients)]
    rest = ["creation_rules:", *lines] if lines else ["creation_rules: []"]
    return "\n".join([_HEADING, *rest, ""]).encode()


def _folder(*names: str) -> str:
    parts = (_META.sub(lambda found: f"\\{found[0]}", name.lower()) for name in (str(FOLDER), *names))
    return "^" + "".join(part + _SLASH for part in parts)


def _rule(pattern: str, recipients: Recipients) -> Iterator[str]:
    yield f"  - path_regex: {_quoted(pattern)}"
    yield f"    encrypted_regex: {_quoted(ENCRYPTED_REGEX)}"
    yield "    mac_only_encrypted: true"
    yield "    key_groups:"
    lead = "      - "
    for kind in KINDS:
        names = dict.fromkeys(getattr(recipients, kind))
        if names:
            yield f"{lead}{'azure_keyvault' if kind == 'azure_kv' else kind}:"
            lead = "        "
        for name in names:
            yield from _recipient(kind, name)


def _recipient(kind: str, name: str) -> Iterator[str]:
    fields = {"": name}
    if kind == "kms":
        arn, _, role = name.partition("+")
        fields = {"arn": arn, "role": role}
    elif kind == "gcp_kms":
        fields = {"resource_id": name}
    elif kind == "azure_kv":
        vault, _, key = name.partition("/keys/")
        key_name, _, version = key.partition("/")
        fields = {"vaultUrl": vault, "key": key_name, "version": version}
    lead = "          - "
    for label, value in fields.items():
        if value:
            yield f"{lead}{label}{': ' if label else ''}{_quoted(value)}"
            lead = "            "


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
