import json

import pytest
from jsonschema import Draft7Validator

from generator.cli.main import main


@pytest.mark.parametrize("part", [[], ["platform"], ["application"], ["environment"], ["microservice"]])
def test_each_part_has_a_schema_on_standard_output(part: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", *part]) == 0

    Draft7Validator.check_schema(json.loads(capsys.readouterr().out))


def test_a_part_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "tenant"]) == 2
    assert "'microservice'" in capsys.readouterr().err
