"""Which templates of a platform's own may look at more than the microservice that they are rendered for."""

import pytest

from generator.stages.render.outlook import looks_around


@pytest.mark.parametrize(
    "text",
    [
        "{{ microservice.name }}",
        "{{ application.namespace }} {{ environment.slug ~ application.labels.tenant }}",
        "{% for tenant in environment.tenants %}{{ tenant.id }}{% endfor %}",
        "{% import '_mine.yaml.j2' as mine %}{{ mine.one(microservice, application.namespace) }}",
        "{{ object.metadata(microservice.object_name, application.namespace, microservice) }}",
    ],
)
def test_what_asks_for_its_own_does_not(text: str) -> None:
    assert not looks_around({"microservice/own.yaml.j2": text})


@pytest.mark.parametrize(
    "text",
    [
        "{{ application.environments | length }}",
        "{% for each in environment.microservices %}{{ each.name }}{% endfor %}",
        "{{ environment['microservices'] | length }}",
        "{{ environment | attr('micro' ~ 'services') }}",
        "{% set all = application %}{{ all.name }}",
        "{{ mine.one(environment) }}",
        "{{ application.kubernetes }}",
        "{{ application.needs_storage_account }}",
        "{{ [environment, 1] }}",
        "{% with application = microservice %}{{ application.name }}{% endwith %}",
        "{% include 'environment/tenants.yaml.j2' %}",
        "{% include ['microservice/one.yaml.j2'] %}",
        "{% import microservice.name as mine %}",
        "{% from 'application/_mine.yaml.j2' import one %}",
        "{% if %}",
    ],
)
def test_whatever_else_it_does_with_them_may(text: str) -> None:
    assert looks_around({"microservice/own.yaml.j2": text})
    assert looks_around({"_mine.yaml.j2": text})
    assert not looks_around({"environment/own.yaml.j2": text})
    assert looks_around({"environment/own.yaml.j2": text}, anywhere=True)
