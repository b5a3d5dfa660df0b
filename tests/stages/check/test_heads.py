"""Heads and their variables: advice, ports and labels."""

import pytest

from generator.stages.check.images import tag_of
from tests.compiled import compile_text, errors_of, shop


def catalog(head: str, more: str = "") -> str:
    return f"- name: Catalog\n  head: {{ image: nginx:1.27.3, {head} }}\n{more}"


def warnings(text: str) -> list[str]:
    return [f"{each.at.line} {each.code}" for each in compile_text(text).compilation.warnings]


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("nginx", "latest"),
        ("localhost:5000/nginx", "latest"),
        ("localhost:5000/nginx:1.2.3", "1.2.3"),
        ("nginx@sha256:" + "a" * 64, None),
        ("nginx:1.2.3@sha256:" + "a" * 64, None),
    ],
)
def test_the_tag_of_an_image_is_behind_its_last_part(image: str, tag: str | None) -> None:
    assert tag_of(image) == tag


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("1.2.3", []),
        ("v1.2.3-rc.1", []),
        ("latest", ["11 image-tag-latest"]),
        ("1.2", ["11 image-tag-not-semantic"]),
        ("01.2.3", ["11 image-tag-not-semantic"]),
    ],
)
def test_a_tag_that_moves_is_warned_of(tag: str, found: list[str]) -> None:
    assert warnings(shop(f"- name: Catalog\n  head: {{ image: 'nginx:{tag}' }}")) == found


@pytest.mark.parametrize("label", ["tenant", "environment", "microservice", "platformc.dev/runtime", "dolittle.io/a"])
def test_the_platform_s_own_labels_cannot_be_set(label: str) -> None:
    assert errors_of(shop(catalog(f"labels: {{ {label}: x }}"))) == ["11 reserved-label"]


def test_two_of_one_pod_cannot_listen_on_one_port() -> None:
    assert errors_of(shop(catalog("port: 8080, ports: { grpc: 8080 }"))) == ["11 port-taken"]


@pytest.mark.parametrize(
    "autoscaling",
    ["{ minReplicas: 3, maxReplicas: 2, cpu: 70 }", "{ maxReplicas: 2 }"],
)
def test_autoscaling_needs_a_range_and_a_metric(autoscaling: str) -> None:
    assert errors_of(shop(catalog(f"autoscaling: {autoscaling}"))) == ["11 autoscaling-range"]


def test_a_head_for_baseline_is_refused_where_restricted_is_enforced() -> None:
    assert errors_of(shop(catalog("security: baseline"), application="security: restricted")) == ["12 security-level"]


def test_a_variable_without_a_value_is_warned_of() -> None:
    assert warnings(shop(catalog("port: 80", "  env:\n    DEBUG:"))) == ["13 empty-variable"]


def test_nothing_takes_a_default_away_without_a_warning() -> None:
    said = shop(catalog("port: 80", "  env: { DEBUG: null }"), application="defaults: { env: { DEBUG: a } }")

    assert warnings(said) == []
