"""A real kube-apiserver: built once into a cache, run in a folder of its own for as long as it is needed."""

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.cluster import Cluster

SOURCE = Path(__file__).parent / "apiserver"
START_SECONDS = 120


def build(cache: Path) -> Path:
    """Return the server's executable, building it below *cache* where its sources are new.

    Raises:
        SystemExit: When Go is missing or the build fails.
    """
    sources = [(SOURCE / name).read_bytes() for name in ("main.go", "go.mod", "go.sum")]
    program = cache / f"apiserver-{hashlib.sha256(b''.join(sources)).hexdigest()[:12]}" / "apiserver"
    if program.exists():
        return program
    if shutil.which("go") is None:
        raise SystemExit("acceptance: 'go' is not on PATH; it builds the API server")
    print("building kube-apiserver; the first time takes minutes", file=sys.stderr, flush=True)
    program.parent.mkdir(parents=True, exist_ok=True)
    unfinished = program.with_suffix(".unfinished")
    command = ("go", "build", "-ldflags", _version_flags(), "-o", str(unfinished.resolve()), ".")
    if subprocess.run(command, cwd=SOURCE, check=False).returncode:
        raise SystemExit("acceptance: the API server does not build")
    return unfinished.replace(program)


def _version_flags() -> str:
    """Return the linker's flags that give the server its version, which `go build` alone leaves at 0.0."""
    required = re.search(r"k8s\.io/kubernetes v((\d+)\.(\d+)\.\d+)", (SOURCE / "go.mod").read_text())
    if required is None:
        raise SystemExit("acceptance: go.mod does not require k8s.io/kubernetes")
    values = {"gitVersion": f"v{required[1]}", "gitMajor": required[2], "gitMinor": required[3]}
    return " ".join(f"-X k8s.io/component-base/version.{name}={value}" for name, value in values.items())


@contextlib.contextmanager
def running(program: Path) -> Iterator[Cluster]:
    """Run *program* on a free port until the block ends; its data and its log go with it."""
    with tempfile.TemporaryDirectory(prefix="apiserver-") as name, contextlib.ExitStack() as stack:
        folder, port = Path(name), _free_port()
        log = stack.enter_context((folder / "log").open("wb"))
        process = subprocess.Popen((program, str(folder), str(port)), stdout=log, stderr=log, cwd=folder)
        stack.callback(_stop, process)
        _wait_for_certificate(process, folder)
        cluster = Cluster(port, folder / "certificates" / "apiserver.crt", (folder / "token").read_text())
        stack.callback(cluster.close)
        _wait_until_ready(process, cluster, folder)
        yield cluster


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for_certificate(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    certificate = folder / "certificates" / "apiserver.crt"
    while not (certificate.exists() and certificate.stat().st_size):
        _give_up_when_late(process, folder, deadline)


def _wait_until_ready(process: subprocess.Popen[bytes], cluster: Cluster, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not cluster.ready():
        _give_up_when_late(process, folder, deadline)


def _give_up_when_late(process: subprocess.Popen[bytes], folder: Path, deadline: float) -> None:
    if process.poll() is not None or time.monotonic() > deadline:
        tail = (folder / "log").read_text(errors="replace")[-2000:]
        raise SystemExit(f"acceptance: the API server did not start{os.linesep}{tail}")
    time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
