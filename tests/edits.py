"""Ways to edit a project, each at random."""

import json
import os
import re
from collections.abc import Callable, Iterator

from tests.edited_project import OWN_TEMPLATE, SEALED, Bench, environment, microservice
from tests.edits_around import edits_around


def edits() -> Iterator[Callable[[Bench], None]]:  # noqa: C901, PLR0915  (a list)
    """Yield the ways to change a project; each works on one at random."""

    def variable(bench: Bench) -> None:
        bench.microservice()["env"]["LOG_LEVEL"] = f"level-{bench.fresh()}"
        bench.save()

    def new_variable(bench: Bench) -> None:
        bench.microservice()["env"][f"NEW_{bench.fresh()}"] = "x"
        bench.save()

    def reference(bench: Bench) -> None:
        bench.microservice()["env"][f"TO_{bench.fresh()}"] = {"address": bench.microservice()["name"]}
        bench.save()

    def dangling_reference(bench: Bench) -> None:
        bench.microservice()["env"]["TO_NOBODY"] = {"address": "Nobody"}
        bench.save()

    def image(bench: Bench) -> None:
        bench.microservice()["head"]["image"] = f"nginx:1.28.{bench.fresh()}"
        bench.save()

    def image_without_tag(bench: Bench) -> None:
        bench.microservice()["head"]["image"] = "nginx"
        bench.save()

    def replicas(bench: Bench) -> None:
        bench.microservice()["head"]["replicas"] = bench.random.randint(1, 5)
        bench.save()

    def port(bench: Bench) -> None:
        bench.microservice()["head"]["port"] = bench.random.randint(8000, 8010)
        bench.save()

    def node_selector(bench: Bench) -> None:
        bench.microservice()["head"]["nodeSelector"] = {"pool": bench.fresh()}
        bench.save()

    def partition(bench: Bench) -> None:
        for each in bench.application["microservices"]:
            for said in each.get("subscribes", ()):
                said["partition"] = f"partition-{bench.fresh()}"
        bench.save()

    def consent(bench: Bench) -> None:
        for each in bench.application["microservices"]:
            for said in each.get("subscribes", ()):
                said["consent"] = f"11aa22bb-33cc-44dd-85ee-66ff770088{bench.fresh()}"
        bench.save()

    def no_reference(bench: Bench) -> None:
        env = bench.microservice()["env"]
        for name in [name for name, said in env.items() if isinstance(said, dict) and "secret" not in said]:
            del env[name]
        bench.save()

    def path(bench: Bench) -> None:
        bench.microservice()["expose"]["path"] = f"/api/{bench.random.randint(0, 20)}"
        bench.save()

    def path_of_another(bench: Bench) -> None:
        one, other = bench.random.sample(bench.application["microservices"], 2)
        one["expose"]["path"] = other["expose"]["path"]
        bench.save()

    def id_of_another(bench: Bench) -> None:
        for each in bench.random.sample(bench.application["microservices"], 2):
            each["id"] = "11aa22bb-33cc-44dd-85ee-66ff77008811"
        bench.save()

    def runtime(bench: Bench) -> None:
        each = bench.microservice()
        if each.pop("runtime", None) is None:
            each["runtime"] = {"version": "9.3.3"}
        bench.save()

    def override(bench: Bench) -> None:
        stage = bench.microservice().setdefault("environments", {}).setdefault("Prod", {})
        stage["env"] = {"LOG_LEVEL": f"prod-{bench.fresh()}"}
        bench.save()

    def not_deployed(bench: Bench) -> None:
        bench.microservice().setdefault("environments", {})["Dev"] = {"deploy": bench.random.choice([True, False])}
        bench.save()

    def addition(bench: Bench) -> None:
        number = 100 + int(bench.fresh())
        bench.write(f"config/{number}.json", b"{}\n")
        said = microservice(number)
        said["env"].pop("NEXT", None)
        place = bench.random.randint(0, len(bench.application["microservices"]))
        bench.application["microservices"].insert(place, said)
        bench.save()

    def removal(bench: Bench) -> None:
        bench.application["microservices"].remove(bench.microservice())
        bench.save()

    def renaming(bench: Bench) -> None:
        bench.microservice()["name"] = f"Renamed{bench.fresh()}"
        bench.save()

    def order(bench: Bench) -> None:
        bench.random.shuffle(bench.application["microservices"])
        bench.save()

    def order_of_keys(bench: Bench) -> None:
        each = bench.microservice()
        items = list(each.items())
        each.clear()
        each.update(reversed(items))
        bench.save()

    def new_environment(bench: Bench) -> None:
        if len(bench.application["environments"]) > 2:
            bench.application["environments"].pop()
        else:
            bench.application["environments"].append(environment("Staging"))
        bench.save()

    def network(bench: Bench) -> None:
        bench.application["network"] = bench.random.choice(["declared", "open"])
        bench.save()

    def defaults(bench: Bench) -> None:
        bench.application["defaults"] = {"head": {"replicas": bench.random.randint(1, 3)}}
        bench.save()

    def file(bench: Bench) -> None:
        each = bench.microservice()
        bench.write(each["files"][0], f'{{ "a": {bench.fresh()} }}\n'.encode())

    def file_of_the_same_size_and_time(bench: Bench) -> None:
        name = bench.microservice()["files"][0]
        for folder in (bench.warm, bench.cold):
            before = (folder / name).stat()
            content = (folder / name).read_bytes()
            (folder / name).write_bytes(content.replace(b"a", b"b") if b"a" in content else content.replace(b"b", b"a"))
            os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))

    def missing_file(bench: Bench) -> None:
        bench.write(bench.microservice()["files"][0], None)

    def sealed(bench: Bench) -> None:
        text = (bench.warm / SEALED).read_text(encoding="utf-8")
        second = bench.random.randint(10, 59)
        text = re.sub(r'(lastmodified: "20\d\d-..-..T..:..:)..', rf"\g<1>{second}", text)
        bench.write(SEALED, text.encode())

    def sealed_value(bench: Bench) -> None:
        text = (bench.warm / SEALED).read_text(encoding="utf-8")
        turned = re.sub(r"iv:(.)(.)", lambda found: f"iv:{found[2]}{found[1]}", text, count=1)
        bench.write(SEALED, turned.encode())

    def missing_sealed_file(bench: Bench) -> None:
        bench.write(SEALED, None)

    def stray_sealed_file(bench: Bench) -> None:
        bench.write("secrets/shop/prod/nobody.yaml", b"x: 1\n")

    def no_stray_sealed_file(bench: Bench) -> None:
        bench.write("secrets/shop/prod/nobody.yaml", None)

    def edited_output(bench: Bench) -> None:
        if names := bench.outputs():
            name = bench.random.choice(names)
            bench.write(name, (bench.warm / name).read_bytes() + b"# by hand\n")

    def deleted_output(bench: Bench) -> None:
        if names := bench.outputs():
            bench.write(bench.random.choice(names), None)

    def foreign_output(bench: Bench) -> None:
        bench.write(f"deploy/shop/dev/{bench.random.choice(['note.md', 'service3.yaml'])}", b"# mine\n")

    def template(bench: Bench) -> None:
        bench.document["templates"] = "templates"
        text = OWN_TEMPLATE.replace("NUMBER", bench.fresh())
        bench.write("templates/application/own.yaml.j2", text.encode())
        bench.save()

    def no_template(bench: Bench) -> None:
        bench.document.pop("templates", None)
        bench.save()

    def included(bench: Bench) -> None:
        part = bench.microservice()
        bench.application["microservices"].remove(part)
        part["files"] = [f"../{name}" if name.startswith("config") else name for name in part["files"]]
        name = bench.fresh()
        bench.write(f"parts/{name}.yaml", json.dumps(part).encode())
        bench.application["microservices"].append({"include": f"parts/{name}.yaml"})
        bench.save()
        bench.application["microservices"][-1] = part
        part["files"] = [each.removeprefix("../") for each in part["files"]]

    def included_in_place(bench: Bench) -> None:
        place = bench.random.randrange(len(bench.application["microservices"]))
        name = bench.fresh()
        kept = bench.application["microservices"][place]
        bench.write(f"parts/{name}.yaml", json.dumps(kept).encode())
        bench.application["microservices"][place] = {"include": f"parts/{name}.yaml"}
        bench.save()
        bench.application["microservices"][place] = kept

    def twice(bench: Bench) -> None:
        place = bench.random.randrange(len(bench.application["microservices"]))
        bench.application["microservices"].insert(place, bench.application["microservices"][place])
        bench.save()

    def comment(bench: Bench) -> None:
        bench.notes[bench.microservice()["name"]] = f"note {bench.fresh()}"
        bench.save()

    def nothing(_bench: Bench) -> None:
        pass

    yield from [each for name, each in list(locals().items()) if callable(each) and name != "edits"]


EDITS = [*edits(), *edits_around()]
_USUAL = {"variable", "image", "replicas", "override", "file", "file_of_the_same_size_and_time", "nothing"}
_USUAL |= {"sealed", "sealed_value"}
WEIGHTS = [4 if edit.__name__ in _USUAL else 1 for edit in EDITS]
EVERY_EDIT = {edit.__name__: edit for edit in EDITS}
