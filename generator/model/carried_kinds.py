"""The custom resources of other projects that the distribution carries, so that the document need not bring them."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.json import decode

from generator.model.custom_resources import CustomKind, kinds_of

Listed: TypeAlias = Mapping[str, Mapping[str, str]]
"""The file in `schemas/definitions` of every kind, by apiVersion and kind."""


class CarriedKinds:
    """The CustomResourceDefinitions in `schemas/definitions`, each read when an object of its kind turns up."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Take *read*, which returns the bytes of a file by its path in `schemas/`."""
        self._read = read
        self._listed: Listed | None = None

    @property
    def listed(self) -> Listed:
        """What there is."""
        if self._listed is None:
            self._listed = decode(self._read("definitions/kinds.json"))
        return self._listed

    def find(self, api_version: str, kind: str) -> CustomKind | None:
        """Return a kind with its schema, None where it is not carried."""
        file = self.listed.get(api_version, {}).get(kind)
        if file is None:
            return None
        kinds = kinds_of(decode(self._read(f"definitions/{file}")))
        return next(each for each in kinds if each.api_version == api_version)
