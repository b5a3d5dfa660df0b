"""Ways to edit what stands around microservices, or concerns many of them, each at random."""

from collections.abc import Callable, Iterator

from tests.edited_project import (
    ABOUT,
    ANOTHER,
    NARROW_TEMPLATE,
    RECIPIENT,
    WIDE_TEMPLATE,
    Bench,
    environment,
    microservice,
)


def edits_around() -> Iterator[Callable[[Bench], None]]:  # noqa: C901, PLR0915  (a list)
    """Yield the ways to change a project; each works on one part at random."""

    def tenant(bench: Bench) -> None:
        tenants = bench.environment()["tenants"]
        if len(tenants) > 1:
            tenants.pop()
        else:
            number = int(bench.fresh())
            tenants.append({"id": f"{number:08}-1a6f-40d7-b2fc-796dba92dc44", "hosts": [f"host{number}.example.com"]})
        bench.save()

    def host(bench: Bench) -> None:
        bench.environment()["tenants"][0]["hosts"] = [f"host{bench.fresh()}.example.com"]
        bench.save()

    def renamed_environment(bench: Bench) -> None:
        each = bench.application["environments"][0]
        each["name"] = "Development" if each["name"] == "Dev" else "Dev"
        for one in bench.application["microservices"]:
            one.pop("environments", None)
        bench.save()

    def order_of_environments(bench: Bench) -> None:
        bench.application["environments"].reverse()
        bench.save()

    def recipients(bench: Bench) -> None:
        bench.environment()["recipients"]["age"] = bench.random.choice([[RECIPIENT], [ANOTHER], [RECIPIENT, ANOTHER]])
        bench.save()

    def kubernetes(bench: Bench) -> None:
        bench.environment()["kubernetes"] = bench.random.choice(["1.33", "1.34"])
        bench.save()

    def second_application(bench: Bench) -> None:
        if len(bench.document["applications"]) > 1:
            bench.document["applications"].pop(0)
        else:
            one = {**microservice(3), "files": [], "name": "Alone"}
            stage = environment("Dev") | {"tenants": []}
            other = {"name": "depot", "environments": [stage], "microservices": [one]}
            one.pop("expose")
            bench.document["applications"].insert(0, other)
        bench.save()

    def warning(bench: Bench) -> None:
        bench.microservice()["head"]["image"] = f"nginx:edge{bench.fresh()}"
        bench.save()

    def warning_in_an_object(bench: Bench) -> None:
        text = (bench.warm / "worker.yaml").read_text(encoding="utf-8")
        ports = "          ports: [{ containerPort: 80 }, { containerPort: 80, name: two }]\n"
        bench.write("worker.yaml", (text.replace(ports, "") if ports in text else text + ports).encode())

    def patch(bench: Bench) -> None:
        merge = {"metadata": {"annotations": {"example.com/number": bench.fresh()}}}
        bench.microservice()["patches"] = [{"target": "Deployment", "merge": merge}]
        bench.save()

    def patch_of_environment(bench: Bench) -> None:
        merge = {"metadata": {"annotations": {"example.com/number": bench.fresh()}}}
        bench.environment()["patches"] = [{"target": "StatefulSet", "merge": merge}]
        bench.save()

    def manifest_about_another(bench: Bench) -> None:
        name = bench.microservice()["name"]
        bench.write("about.yaml", ABOUT.replace("NAME", name.lower()).encode())
        bench.application["environments"][0]["manifests"] = ["about.yaml"]
        bench.save()

    def template_of_microservices(bench: Bench) -> None:
        bench.document["templates"] = "templates"
        text = NARROW_TEMPLATE.replace("NUMBER", bench.random.choice("123"))
        bench.write("templates/microservice/own.yaml.j2", text.encode())
        bench.save()

    def template_that_looks_around(bench: Bench) -> None:
        bench.document["templates"] = "templates"
        bench.write("templates/microservice/own.yaml.j2", WIDE_TEMPLATE.encode())
        bench.save()

    def layout(bench: Bench) -> None:
        bench.document["output"] = {"layout": bench.random.choice(["plain", "kustomize"])}
        bench.save()

    def gitops(bench: Bench) -> None:
        output = bench.document.setdefault("output", {})
        if output.pop("gitops", None) is None:
            output["gitops"] = {"engine": "argocd", "repository": {"url": "https://example.com/platform.git"}}
        bench.save()

    yield from [each for name, each in list(locals().items()) if callable(each)]
