"""Values in the clear, written so that `platformc secrets import` reads the same again."""

import json
from collections.abc import Mapping

from generator.model.names import namespace
from generator.model.secret_home import Home
from generator.model.yaml_text import emit
from generator.stages.exchange.dotenv import write_dotenv

FORMATS = ("dotenv", "json", "yaml")


def exported(form: str, values: Mapping[str, str], home: Home) -> str:
    """Return *values*, which are sealed at *home*, as one of `FORMATS`; keys in order.

    Raises:
        ValueError: For a value that no dotenv file can hold; its words are the key.
    """
    ordered = dict(sorted(values.items()))
    if form == "json":
        return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"
    if form == "yaml":
        metadata = {"name": home.secret, "namespace": namespace(home.application_id)}
        return emit(
            {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": home.type, "stringData": ordered}
        )
    return write_dotenv(ordered.items())
