"""The compiled Secret: rendered metadata, and the sealed blocks of its source as they are."""

from generator.model.sealed import SealedSource


def carry(header: str, source: SealedSource) -> str:
    """Return the YAML of a Secret: *header*, then `stringData` and `sops` of *source*, byte for byte.

    *header* holds apiVersion, kind, metadata and type, and ends in a newline.

    Raises:
        ValueError: When *source* has findings, or *header* is not whole lines.
    """
    if source.findings or not source.string_data_text:
        raise ValueError(f"not a sound sealed file: {source.name}")
    if not header.endswith("\n"):
        raise ValueError(f"the header of {source.name} does not end in a newline")
    return header + source.string_data_text + source.sops_text
