"""The real command line in forks of a process that has imported it all: what costs a start is paid once.

A program, which reads an order a line from standard input, JSON, and answers each with a line:

    {"folder", "arguments", "variables", "patience", "signal", "sabotage"} -> {"status", "seconds", "said"}

After *patience* seconds the command gets the signal; None waits until it ends. The status of a killed one is negative.
*sabotage* names what happens to the folder `deploy/shop/dev`, or to the command itself (`killed`, `interrupted`), just
before one of its steps on the disk, and the number of that step; the command says `(sabotage)` when it came to that.
"""

import importlib
import json
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import generator
from generator.cli.main import main

SMALL = """\
apiVersion: platformc.dev/v1
kind: Platform
customer: { name: acme }
applications:
  - name: shop
    environments:
      - name: Dev
        storage: { backup: false }
        tenants: [{ id: 445f8ea8-1a6f-40d7-b2fc-796dba92dc44, hosts: [dev.shop.example.com] }]
    microservices:
      - { name: Catalog, head: { image: "nginx:1.27.3" }, runtime: { version: 9.3.3 }, expose: { path: / } }
"""


def serve() -> None:
    """Answer every order."""
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    warm_up()
    print("ready", flush=True)  # noqa: T201  (its answer)
    for line in sys.stdin:
        print(json.dumps(ended(json.loads(line))), flush=True)  # noqa: T201  (its answer)


def warm_up() -> None:
    """Compile once, for what a process keeps for its next compilation: schemas, templates."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("platform.yaml").write_text(SMALL, encoding="utf-8")
        assert main(["compile", "--quiet", "--no-cache"]) == 0
        os.chdir("/")


def ended(order: dict[str, Any]) -> dict[str, Any]:
    """Run the command of *order* in a process of its own, and return how that ended."""
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if not child:
        run(order, writing)
    os.close(writing)
    patience = order["patience"]
    if patience is not None:
        time.sleep(max(0.0, began + patience - time.perf_counter()))
        os.kill(child, order["signal"])  # it is there until it is waited for
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - began
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds, "said": said.decode(errors="replace")}


def run(order: dict[str, Any], said: int) -> NoReturn:
    """Be the command of *order*, which says everything to *said*."""
    status = 70
    try:
        os.chdir(order["folder"])
        os.environ.update(order["variables"])
        for stream in (1, 2):
            os.dup2(said, stream)
        sys.argv = ["platformc", *order["arguments"]]
        if order["sabotage"] is not None:
            sys.addaudithook(saboteur(*order["sabotage"]))
        status = main()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def saboteur(what: str, step: int) -> Callable[[str, tuple[Any, ...]], None]:
    """Return a hook that does *what* just before step number *step* at a file of the output."""
    steps = iter(range(1, step + 1))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        at_work = event in {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.scandir"}
        if at_work and is_output(arguments[0]) and next(steps, 0) == step:
            os.write(1, b"(sabotage)")
            SABOTAGE[what](Path("deploy/shop/dev"))

    return watch


def is_output(path: object) -> bool:
    """Say whether *path* is below the output folder, or a name in a folder that is open."""
    return isinstance(path, str) and ("/deploy" in path or "/" not in path)


def to_a_link(folder: Path) -> None:
    """Move *folder* away, and leave a link to somebody else's files of the same names."""
    folder.rename("../moved")
    folder.symlink_to("../../../elsewhere")


def killed(_: Path) -> None:
    """Be killed here and now, wherever a machine's clock would have put it."""
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted(_: Path) -> None:
    """Be told to stop, as Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


def to_a_file(folder: Path) -> None:
    """Replace *folder* by a file."""
    shutil.rmtree(folder)
    folder.write_bytes(b"mine")


SABOTAGE: dict[str, Callable[[Path], None]] = {
    "gone": shutil.rmtree,
    "a file": to_a_file,
    "a link": to_a_link,
    "killed": killed,
    "interrupted": interrupted,
}

if __name__ == "__main__":
    sys.path[:] = [each for each in sys.path if Path(each) != Path(__file__).parent]
    serve()
