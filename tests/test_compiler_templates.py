"""Templates of the platform's own: they replace built-in ones or add objects, and cannot leave the sandbox."""

from collections.abc import Mapping

import pytest
import yaml

from tests.compiled import Compiled, compile_text, findings_of, shop
from tests.hostile_values import HOSTILE

WEBSITE = '- { name: Website, head: { image: "nginx:1.27.3" } }'
CONFIG_MAP = """\
{{#- An object more. -#}}
apiVersion: v1
kind: ConfigMap
{{{{ object.metadata(microservice.object_name ~ "-more", application.namespace, microservice) }}}}
data:
  value: {expression}
"""
VALUE_LINE = 6


def files(templates: Mapping[str, str]) -> dict[str, bytes]:
    return {f"templates/{name}": text.encode() for name, text in templates.items()}


def with_templates(templates: Mapping[str, str], microservice: str = WEBSITE) -> Compiled:
    return compile_text(shop(microservice, platform="templates: templates"), files(templates))


def refused(templates: Mapping[str, str]) -> list[str]:
    """What is wrong with templates, as `FILE:LINE CODE`."""
    found = findings_of(shop(WEBSITE, platform="templates: templates"), files(templates))
    return [f"{each.at.file}:{each.at.line} {each.code}" for each in found]


def value(expression: str) -> object:
    compiled = with_templates({"microservice/more.yaml.j2": CONFIG_MAP.format(expression=expression)})
    return compiled.one("ConfigMap", "dev-website-more")["data"]["value"]


def test_a_template_of_another_name_adds_an_object_with_the_platform_s_labels() -> None:
    compiled = with_templates({"microservice/more.yaml.j2": CONFIG_MAP.format(expression="{{ environment.name }}")})

    added = compiled.one("ConfigMap", "dev-website-more")
    assert added["data"] == {"value": "Dev"}
    assert added["metadata"]["labels"] == compiled.one("Deployment", "dev-website")["metadata"]["labels"]
    assert compiled.names("dev/website.yaml") == [
        "Service/dev-website",
        "Deployment/dev-website",
        "ConfigMap/dev-website-more",
    ]


def test_a_template_of_the_same_name_replaces_the_built_in_one() -> None:
    text = """\
apiVersion: v1
kind: Service
{{ object.metadata(microservice.object_name, application.namespace, microservice) }}
spec:
  type: NodePort
  selector: {{ microservice.labels }}
  ports:
    - { name: http, port: 8080, targetPort: http }
"""
    compiled = with_templates({"microservice/service.yaml.j2": text})

    assert compiled.one("Service", "dev-website")["spec"] == {
        "type": "NodePort",
        "selector": {"tenant": "acme", "application": "shop", "environment": "Dev", "microservice": "Website"},
        "ports": [{"name": "http", "port": 8080, "targetPort": "http"}],
    }
    assert len(compiled.names("dev/website.yaml")) == 2


def test_a_template_may_print_several_objects_or_none() -> None:
    first = CONFIG_MAP.format(expression='"a"')
    second = first.partition("\n")[2].replace("-more", "-third")
    none = "{% if microservice.runtime %}\nkind: Nothing\n{% endif %}\n"

    compiled = with_templates({"microservice/more.yaml.j2": f"{first}---\n{second}", "microservice/none.yaml.j2": none})

    assert compiled.names("dev/website.yaml")[2:] == ["ConfigMap/dev-website-more", "ConfigMap/dev-website-third"]


def test_a_template_that_prints_only_a_comment_adds_nothing() -> None:
    assert with_templates({"microservice/note.yaml.j2": "# nothing today\n"}).names("dev/website.yaml") == [
        "Service/dev-website",
        "Deployment/dev-website",
    ]


@pytest.mark.parametrize("scope", ["application", "environment"])
def test_applications_and_environments_have_templates_too(scope: str) -> None:
    text = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{ name: more, namespace: {{{{ application.namespace }}}} }}
data: {{ subject: {{{{ {scope}.name }}}} }}
"""
    compiled = with_templates({f"{scope}/more.yaml.j2": text})

    assert compiled.one("ConfigMap", "more")["data"] == {
        "subject": {"application": "shop", "environment": "Dev"}[scope]
    }


@pytest.mark.parametrize("text", [each for each in HOSTILE if len(each) < 100], ids=repr)
def test_whatever_a_template_prints_is_a_literal(text: str) -> None:
    microservice = '- { name: Website, head: { image: "nginx:1.27.3" }, files: [{ name: a, source: a, plain: true }] }'
    template = CONFIG_MAP.format(expression='{{ microservice.files[0].content.decode("utf-8") }}')

    compiled = compile_text(
        shop(microservice, platform="templates: templates"),
        files({"microservice/more.yaml.j2": template}) | {"a": text.encode()},
    )

    assert compiled.one("ConfigMap", "dev-website-more")["data"] == {"value": text}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('{{ "a" ~ "-" ~ microservice.slug }}', "a-website"),
        ("{{ microservice.name | upper }}", "WEBSITE"),
        ('{{ ["b", "a"] | sort | join(", ") }}', "a, b"),
        ('{{ "a: b" }}', "a: b"),
        ('{{ "{{ 7*7 }}" }}', "{{ 7*7 }}"),
        ('{% autoescape false %}{{ "a: b" }}{% endautoescape %}', "a: b"),
        ("{{ microservice.head.ports[0].number | string }}", "80"),
    ],
)
def test_expressions_compose_and_are_quoted_afterwards(expression: str, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        '{{ "".__class__ }}',
        "{{ ''.__class__.__mro__ }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ microservice.__class__.__init__.__globals__ }}",
        "{{ microservice.__dataclass_fields__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ microservice.labels.update({}) }}",
        "{{ [].append(1) }}",
        "{% for each in range(1000000000) %}{{ each }}{% endfor %}",
        "{{ 'a' * 10000000000 }}",
        "{{ [0] * 10000000000 }}",
        "{{ 10 ** 10000000 }}",
        "{{ now() }}",
        "{{ lipsum() }}",
        "{{ nowhere }}",
        "{{ microservice.nowhere }}",
        "{{ 1 / 0 }}",
        "{{ microservice }}",
        "{{ range }}",
        "{% include '/etc/passwd' %}",
        "{% include '../platform.yaml' %}",
        "{% import 'os' as os %}",
        "{{ 'a: b' | safe }}",
        "{{ [1, 2] | random }}",
        "{% if %}",
        "{% do 1 %}",
    ],
)
def test_what_a_template_may_not_do_is_found_at_its_line(expression: str) -> None:
    assert refused({"microservice/more.yaml.j2": CONFIG_MAP.format(expression=expression)}) == [
        f"templates/microservice/more.yaml.j2:{VALUE_LINE} template-error"
    ]


def test_a_finding_never_shows_the_data_of_the_platform() -> None:
    value = "for-nobody-s-eyes"
    microservice = f'- {{ name: Website, head: {{ image: "nginx:1.27.3" }}, env: {{ A: {value} }} }}'
    template = CONFIG_MAP.format(expression="{{ microservice.variables.plain[0][1] + 1 }}")

    (finding,) = findings_of(
        shop(microservice, platform="templates: templates"), files({"microservice/more.yaml.j2": template})
    )

    assert finding.code == "template-error"
    assert value not in f"{finding} {finding.hint}"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a: [b\n", {"yaml-syntax"}),
        ("{% raw %}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: no }{% endraw %}\n", {"ambiguous-scalar"}),
        ("a: b\na: c\n", {"duplicate-key"}),
        ("- a\n", {"not-a-mapping"}),
        ("a: b\n", {"missing-field"}),
        ("apiVersion: v1\nkind: ConfigMap\n", {"missing-field"}),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: 1 }\n", {"wrong-type"}),
        ("apiVersion: v1\nkind: Nothing\nmetadata: { name: a }\n", {"unknown-kind"}),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n--- # next\na: b\n", {"template-error"}),
    ],
)
def test_what_a_template_prints_is_checked_like_everything_else(text: str, codes: set[str]) -> None:
    found = findings_of(shop(WEBSITE, platform="templates: templates"), files({"microservice/more.yaml.j2": text}))

    assert {each.code for each in found} == codes


def test_a_template_that_belongs_to_nothing_is_found() -> None:
    assert refused({"microservices/more.yaml.j2": "a: b\n"}) == [
        "templates/microservices/more.yaml.j2:1 template-error"
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{% macro metadata(name, namespace, subject) %}\nmetadata: [\n{% endmacro %}\n", {"yaml-syntax"}),
        ("{# no macros #}\n", {"template-error"}),
        ("{{ 1 / 0 }}\n", {"template-error"}),
        ("{% macro %}\n", {"template-error"}),
    ],
)
def test_macros_of_the_platform_s_own_are_trusted_no_more_than_its_templates(text: str, codes: set[str]) -> None:
    found = findings_of(shop(WEBSITE, platform="templates: templates"), files({"_object.yaml.j2": text}))

    assert {each.code for each in found} == codes


def test_a_template_reads_another_of_the_platform_s_own() -> None:
    compiled = with_templates(
        {
            "_colours.yaml.j2": "{% macro colour(name) %}{{ name ~ ': blue' }}{% endmacro %}\n",
            "microservice/more.yaml.j2": '{% import "_colours.yaml.j2" as colours %}\n'
            + CONFIG_MAP.format(expression="{{ colours.colour('sky') }}"),
        }
    )

    assert compiled.one("ConfigMap", "dev-website-more")["data"] == {"value": "sky: blue"}


def test_one_loop_over_data_prints_what_yaml_reads() -> None:
    text = CONFIG_MAP.format(expression='"x"') + (
        "{% for name, text in microservice.variables.plain %}\n  {{ name }}: {{ text | block(4) }}\n{% endfor %}\n"
    )
    microservice = '- { name: Website, head: { image: "nginx:1.27.3" }, env: { A: "a: b", B: "1\\n2\\n" } }'

    compiled = with_templates({"microservice/more.yaml.j2": text}, microservice)

    assert compiled.one("ConfigMap", "dev-website-more")["data"] == {"value": "x", "A": "a: b", "B": "1\n2\n"}
    assert yaml.safe_load(compiled.file("dev/website.yaml").split("---\n")[-1])["kind"] == "ConfigMap"


COUNTING = """\
{% import "microservice/_count.j2" as counting %}
{% set count = counting.count %}
{% set count.reached = count.reached + 1 %}
apiVersion: v1
kind: ConfigMap
{{ object.metadata(microservice.object_name ~ "-count", application.namespace, microservice) }}
data:
  reached: {{ count.reached | string }}
"""


def test_a_template_cannot_hand_anything_on_to_the_next_unit() -> None:
    compiled = compile_text(
        shop(
            '- { name: Website, head: { image: "nginx:1.27.3" } }\n- { name: Shop, head: { image: "nginx:1.27.3" } }',
            platform="templates: templates",
        ),
        files(
            {
                "microservice/_count.j2": "{% set count = namespace(reached=0) %}",
                "microservice/count.yaml.j2": COUNTING,
            }
        ),
    )

    counted = [compiled.one("ConfigMap", f"dev-{name}-count")["data"]["reached"] for name in ("website", "shop")]
    assert counted == ["1", "1"]
