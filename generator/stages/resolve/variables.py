"""The variables and files of a head."""

from generator.model.diagnostics import did_you_mean
from generator.model.findings import Findings
from generator.model.inputs import Files, SourceFile
from generator.model.microservice import Variables
from generator.model.source import Json
from generator.model.upkeep import Upkeep, upkeep_of
from generator.model.vault import VaultValue
from generator.stages.resolve.defaults import Defaults
from generator.stages.resolve.draft import Draft
from generator.stages.resolve.head import head_ports
from generator.stages.resolve.merge import key_of
from generator.stages.resolve.sources import item_path, read_beside
from generator.stages.resolve.stores import vault_value


def spelled(value: Json) -> str:
    """Return a scalar as the document spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def variables(draft: Draft, defaults: Defaults, findings: Findings) -> Variables:
    """Return the variables of *draft*, references followed.

    Finds `dangling-reference`, `unknown-port` and `no-port` where a reference leads nowhere.
    """
    plain: list[tuple[str, str]] = []
    secret: list[str] = []
    upkeep: dict[str, Upkeep] = {}
    vault: list[VaultValue | None] = []
    fields: list[tuple[str, Json]] = []
    references: list[tuple[str, str]] = []
    said = draft.said.get("env") or {}
    for name in sorted(said):
        value = said[name]
        if not isinstance(value, dict):
            plain.append((name, spelled(value)))
        elif "secret" in value:
            secret.append(name)
            upkeep |= {name: upkeep_of(value)} if len(value) > 1 else {}
        elif "vault" in value:
            path = findings.layered(draft.layers, ("env", name, "vault"))
            vault.append(vault_value(draft, name, value["vault"], path, findings))
        elif "plain" in value:
            plain.append((name, value["plain"]))
        elif "fieldRef" in value:
            fields.append((name, value["fieldRef"]))
        else:
            target = _address(draft, name, value, defaults, findings)
            if target is not None:
                plain.append((name, target[1]))
                references.append(target[0])
    return Variables(
        plain=tuple(plain),
        secret=tuple(secret),
        fields=tuple(fields),
        references=tuple(sorted(set(references))),
        declared_plain=frozenset(name for name, value in said.items() if isinstance(value, dict) and "plain" in value),
        upkeep=upkeep,
        vault=tuple(each for each in vault if each is not None),
    )


def _address(
    draft: Draft, name: str, said: dict[str, Json], defaults: Defaults, findings: Findings
) -> tuple[tuple[str, str], str] | None:
    """Return the microservice and port that a reference names, and its text; None where it leads nowhere.

    Of one that is glimpsed nobody asks for the text.
    """
    kind = "url" if "url" in said else "address"
    path = findings.layered(draft.layers, ("env", name, kind))
    known = draft.stage.drafts
    target = known.get(said[kind])
    if target is None and draft.is_glimpsed:
        return (said[kind], said.get("port", "http")), said[kind]
    if target is None:
        message = (
            f"variable '{name}' of '{draft.name}' refers to '{said[kind]}', which environment "
            f"'{draft.stage.name}' does not have"
        )
        findings.error("dangling-reference", message, path, did_you_mean(said[kind], known), value=True)
        return None
    ports = {port.name: port.number for port in head_ports(target.said["head"], defaults)}
    wanted = said.get("port", "http")
    if wanted not in ports:
        message = (
            f"variable '{name}' of '{draft.name}' refers to port '{wanted}' of '{target.name}', which it does not "
            "listen on"
        )
        findings.error("unknown-port", message, path, did_you_mean(wanted, ports), value=True)
        return None
    address = f"{target.object_name}:{ports[wanted]}"
    return (target.name, wanted), f"http://{address}" if kind == "url" else address


def file_upkeep(draft: Draft) -> dict[str, Upkeep]:
    """Return who changes the sealed files of *draft*, and how often, by name, where the document says so."""
    said = (each for each in draft.said.get("files") or () if isinstance(each, dict) and "secret" in each)
    return {key_of(each, "name"): upkeep_of(each) for each in said if upkeep_of(each) != Upkeep()}


def vault_files(draft: Draft, findings: Findings) -> tuple[VaultValue, ...]:
    """Return the files of *draft* that come from vaults, sorted by name.

    Finds `dangling-reference` where one comes from a store that there is not.
    """
    found = []
    for said in draft.said.get("files") or ():
        if isinstance(said, dict) and "vault" in said:
            path = (*item_path(findings.document, draft.layers, ("files", "name"), said["name"]), "vault")
            found.append(vault_value(draft, said["name"], said["vault"], path, findings))
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.name))


def head_files(draft: Draft, files: Files, findings: Findings) -> tuple[tuple[SourceFile, ...], tuple[str, ...]]:
    """Return the plain files of *draft* with their content, and the names of its sealed ones, both sorted.

    Finds `missing-file` and `outside-project` where a source cannot be read.
    """
    plain: list[SourceFile] = []
    secret: list[str] = []
    for said in draft.said.get("files") or ():
        name = key_of(said, "name")
        path = item_path(findings.document, draft.layers, ("files", "name"), name)
        if isinstance(said, dict) and "vault" in said:
            continue
        if isinstance(said, dict) and "secret" in said:
            secret.append(name)
        elif isinstance(said, dict) and "content" in said:
            plain.append(SourceFile(name=name, content=said["content"].encode(), path=path, plain=_is_plain(said)))
        else:
            source, where = (said, path) if isinstance(said, str) else (said["source"], (*path, "source"))
            content = read_beside(source, where, files, findings)
            if content is not None:
                plain.append(SourceFile(name=name, content=content, path=path, plain=_is_plain(said)))
    return tuple(sorted(plain, key=lambda each: each.name)), tuple(sorted(secret))


def _is_plain(said: Json) -> bool:
    return isinstance(said, dict) and said.get("plain") is True
