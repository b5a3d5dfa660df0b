import subprocess
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TypeAlias

import pytest
import yaml

from generator.cli.render import yaml_stream

Platformc: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def test_an_environment_is_one_stream_with_the_namespace_first(platformc: Platformc) -> None:
    ended = platformc("render", "-e", "Prod")

    objects = list(yaml.safe_load_all(ended.stdout))
    names = {each["metadata"]["name"] for each in objects if each["kind"] == "Deployment"}
    assert ended.returncode == 0
    assert objects[0]["kind"] == "Namespace"
    assert None not in objects
    assert names == {"prod-catalog", "prod-pricing"}


def test_one_microservice_is_its_objects_alone(platformc: Platformc) -> None:
    ended = platformc("render", "-e", "Dev", "Catalog")

    objects = list(yaml.safe_load_all(ended.stdout))
    assert {each["metadata"]["name"] for each in objects if each["kind"] == "Deployment"} == {"dev-catalog"}
    assert "Namespace" not in {each["kind"] for each in objects}


def test_an_environment_must_be_named(platformc: Platformc) -> None:
    ended = platformc("render")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "missing option '-e' / '--environment'" in ended.stderr


def test_an_error_prints_no_manifests(platformc: Platformc) -> None:
    ended = platformc("render", "-e", "Staging")

    assert (ended.returncode, ended.stdout) == (2, "")


def test_shared_objects_stand_before_what_depends_on_them() -> None:
    paths = (
        "deploy/shop/dev/catalog.yaml",
        "deploy/shop/dev/catalog.secret.yaml",
        "deploy/shop/dev/environment.yaml",
        "deploy/shop/application.yaml",
        "deploy/shop/registry.secret.yaml",
    )
    stream = yaml_stream({PurePosixPath(path): f"# {path}\n".encode() for path in paths})

    assert stream.decode() == (
        "# deploy/shop/application.yaml\n---\n"
        "# deploy/shop/registry.secret.yaml\n---\n"
        "# deploy/shop/dev/environment.yaml\n---\n"
        "# deploy/shop/dev/catalog.secret.yaml\n---\n"
        "# deploy/shop/dev/catalog.yaml\n"
    )


@pytest.mark.usefixtures("sealed_project")
def test_sealed_secrets_are_left_out_with_a_note(platformc: Platformc) -> None:
    ended = platformc("render", "-e", "Dev")

    assert ended.returncode == 0
    assert "Secret" not in {each["kind"] for each in yaml.safe_load_all(ended.stdout)}
    assert ended.stderr == "left out 1 file of sealed Secrets; '--sealed' prints them as well\n"


@pytest.mark.usefixtures("sealed_project")
def test_sealed_secrets_are_printed_for_who_asks(platformc: Platformc) -> None:
    ended = platformc("render", "-e", "Dev", "--sealed", "Catalog")

    (secret,) = (each for each in yaml.safe_load_all(ended.stdout) if each["kind"] == "Secret")
    assert secret["stringData"]["DB_PASSWORD"].startswith("ENC[")
    assert "mac" in secret["sops"]
    assert ended.stderr == ""
