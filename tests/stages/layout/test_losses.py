"""What kustomize would lose is said of everything at once."""

from tests.compiled import findings_of, shop

KUSTOMIZE = "output: { layout: kustomize }"


def test_every_variable_of_every_microservice_and_each_of_its_characters_is_named() -> None:
    microservices = """
        - { name: Catalog, head: { image: "nginx:1.27.3" }, env: { A: "\\L\\N\\L", B: "\\N" } }
        - { name: Pricing, head: { image: "nginx:1.27.3" }, env: { A: "\\x80" } }
    """

    found = findings_of(shop(microservices, platform=KUSTOMIZE))

    assert {each.code for each in found} == {"lost-by-kustomize"}
    assert [each.message.partition("' of ")[0] for each in found] == [
        "kustomize cannot carry the characters U+2028 and U+0085 in 'data.A",
        "kustomize cannot carry the character U+0085 in 'data.B",
        "kustomize cannot carry the character U+0080 in 'data.A",
    ]
