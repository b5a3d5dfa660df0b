"""What templates of the platform's own cannot do is said at its place: nothing goes on without end."""

import pytest

from tests.test_compiler_templates import refused, value


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler() }}",
        "{% set turn = cycler() %}",
        "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "{{ " + "[" * 3000 + " }}",
        "{{ " + "-" * 5000 + "1 }}",
        "{{ 1" + "+1" * 5000 + " }}",
        "{{ " + "9" * 5000 + " }}",
        'a: {{ "a" | center(100000000) }}',
        'a: {{ "%100000000d" % 1 }}',
        'a: {{ "%*d" | format(100000000, 1) }}',
        'a: {{ "a".ljust(100000000) }}',
        'a: {{ "{:>100000000}".format(1) }}',
        'a: {{ "a\\nb" | indent(100000000) }}',
    ],
)
@pytest.mark.parametrize("scope", ["application", "microservice"])
def test_whatever_a_template_cannot_do_is_said_at_its_place(scope: str, text: str) -> None:
    found = refused({f"{scope}/t.yaml.j2": text})

    assert [each.rpartition(" ")[2] for each in found] == ["template-error"]
    assert found[0].startswith(f"templates/{scope}/t.yaml.j2:")


def test_what_lays_out_texts_of_a_sensible_width_works() -> None:
    assert value('{{ "%05d" | format(42) }}') == "00042"
    assert value('{{ "%s-%d" % ("a", 12345678) }}') == "a-12345678"
    assert value('{{ "{:>4}".format("a*b: 12345678") }}') == "a*b: 12345678"
    assert value('{{ "00000350-33cc".upper().ljust(14, ".") }}') == "00000350-33CC."
    assert value('{{ "a" | center(5) }}') == "  a  "
