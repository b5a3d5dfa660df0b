"""Files that the document names, and where in its layers it names them."""

from pathlib import PurePosixPath
from posixpath import dirname, join, normpath

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.inputs import Files, SourceFile
from generator.model.patch import Patch
from generator.model.source import Document, Json, Path
from generator.stages.resolve.merge import key_of

LARGEST = 1024 * 1024
"""How many bytes a ConfigMap holds: https://kubernetes.io/docs/concepts/configuration/configmap/."""


def node_at(document: Document, path: Path) -> Json:
    """Return the node at *path*, None where there is none."""
    node: Json = document.data
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def item_path(document: Document, layers: tuple[Path, ...], keyed: tuple[str, str], key: str) -> Path:
    """Return where the strongest of *layers* describes the item *key* of a keyed list.

    Args:
        document: The document.
        layers: Paths of descriptions, the strongest first.
        keyed: The name of the list, and of the member that is its key.
        key: The item's key.
    """
    name, by = keyed
    for layer in layers:
        for index, item in enumerate(node_at(document, (*layer, name)) or ()):
            if key_of(item, by) == key:
                return (*layer, name, index)
    return layers[0]


def read_beside(source: str, path: Path, files: Files, findings: Findings) -> bytes | None:
    """Return the bytes of *source*, which stands at *path*, relative to the file that says so.

    Finds `missing-file`, `outside-project` or `too-large`, and returns None, where it cannot be carried.
    """
    place = _beside(source, path, findings)
    try:
        content = files.read(PurePosixPath(place))
    except ValueError:
        _outside(source, path, findings)
        return None
    if content is None:
        findings.error("missing-file", f"there is no file '{place}'", path, _nearest(place, files), value=True)
    elif len(content) > LARGEST:
        message = f"'{place}' has {len(content):,} bytes, and a ConfigMap holds at most {LARGEST:,}"
        findings.error("too-large", message, path, "can a volume carry it?", value=True)
        return None
    return content


def _nearest(place: str, files: Files) -> str:
    """Return a hint with the file of the same folder that *place* may mean."""
    folder, _, name = place.rpartition("/")
    near = did_you_mean(name, (each.name for each in files.glob(f"{folder}/*" if folder else "*")))
    if near.startswith("did you mean"):
        return near
    return "create it, or correct the path, which begins at the folder of the file that names it"


def plain_manifests(patterns: Json, path: Path, files: Files, findings: Findings) -> tuple[SourceFile, ...]:
    """Return the files that *patterns*, the list at *path*, match; each name is the file's path in the project."""
    found: dict[str, SourceFile] = {}
    for index, pattern in enumerate(patterns or ()):
        where = (*path, index)
        try:
            names = files.glob(_beside(pattern, where, findings))
        except ValueError:
            _outside(pattern, where, findings)
            continue
        if not names:
            findings.error(
                "glob-without-match",
                f"no file matches '{pattern}'",
                where,
                "correct the pattern, which begins at the folder of the file that names it",
                value=True,
            )
        for name in names:
            content = files.read(name)
            if content is not None:
                found[str(name)] = SourceFile(name=str(name), content=content, path=where)
    return tuple(found[name] for name in sorted(found))


def patches(document: Document, merged: Json, layers: tuple[Path, ...]) -> tuple[Patch, ...]:
    """Return the patches of a merged description, each with the place of its strongest layer."""
    return tuple(
        Patch(
            target=said["target"],
            merge=said.get("merge"),
            operations=tuple(said["json"]) if "json" in said else None,
            path=item_path(document, layers, ("patches", "name"), key_of(said, "name")),
        )
        for said in merged or ()
    )


def _beside(source: str, path: Path, findings: Findings) -> str:
    return normpath(join(dirname(findings.document.file_of(path)), source))


def _outside(source: str, path: Path, findings: Findings) -> None:
    message = f"'{source}' leads out of the project"
    findings.error(
        "outside-project",
        message,
        path,
        "keep every file in the folder of the platform document, or below it",
        value=True,
    )
