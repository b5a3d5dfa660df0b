"""The entry point, and the one place where an exception becomes words and an exit status."""

import os
import sys
from collections.abc import Sequence

import click

from generator import __version__
from generator.cli.group import Entry, LazyGroup
from generator.cli.status import Status

PROGRAM = "platformc"
COMPLETE = "_PLATFORMC_COMPLETE"
"""The environment variable through which a shell asks for completions."""

COMMANDS = {
    "validate": Entry("generator.cli.validate", "Say everything that is wrong with the document."),
    "compile": Entry("generator.cli.compile", "Write the manifests of every environment."),
    "join": Entry("generator.cli.join", "Join what several machines compiled."),
    "check": Entry("generator.cli.check", "Say whether the output is up to date."),
    "render": Entry("generator.cli.render", "Print the manifests of one environment."),
    "promote": Entry("generator.cli.promote", "Make one environment run what another one runs."),
    "adopt": Entry("generator.cli.adopt", "Take edits of the output into the document."),
    "conform": Entry("generator.cli.conform", "Ask kubeconform about the output as well."),
    "secrets": Entry("generator.cli.secrets.group", "Seal, change and look after secret values."),
    "sops-config": Entry("generator.cli.sops_config", "Print what sops seals with, and for whom."),
    "hook": Entry("generator.cli.hook", "Validate, check or compile if a commit asks for it."),
    "schema": Entry("generator.cli.schema", "Print the JSON Schema of the document."),
    "completion": Entry("generator.cli.completion", "Print what makes a shell complete commands."),
}

_HELP = """Compile one platform document into Kubernetes manifests.

PLATFORM is the document, 'platform.yaml' unless -f names another. The output is
plain YAML to commit and to apply; nothing here talks to a cluster or needs a key.
"""

_EPILOG = """\b
Start here:
  platformc schema > platform.schema.json   what a document may say
  platformc validate                        what is wrong with yours
  platformc compile                         write its manifests
  platformc check                           in CI: is the output up to date?

\b
Exit status: 0 clean, 1 findings or output out of date, 2 usage,
3 a failure of the machine or of platformc, 130 interrupted.
"""


cli = LazyGroup(
    name=PROGRAM,
    entries=COMMANDS,
    words=_HELP,
    epilog=_EPILOG,
)
click.version_option(__version__, "--version", prog_name=PROGRAM, message="%(prog)s %(version)s")(cli)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that *arguments* name, those of the process by default, and return the exit status."""
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _told(error)
    except (KeyboardInterrupt, EOFError, click.Abort):
        return _last_words("interrupted", Status.INTERRUPTED)
    except BrokenPipeError:
        _stop_talking()
        return Status.UNHEARD
    except Exception as error:  # noqa: BLE001  (the last resort: a line instead of a traceback)
        return _failed(error)


def _run(arguments: Sequence[str]) -> int:
    # Not `cli.main`, which turns a reader who left into status 1: that is the status of findings.
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETE, instruction)
    try:
        with cli.make_context(PROGRAM, list(arguments)) as context:
            status: int = cli.invoke(context)
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()
    return status


def _told(error: click.ClickException) -> int:
    """Say what is wrong with how platformc was called, or what kept it from working, in a line or two."""
    words = error.format_message()
    words = f"{PROGRAM}: {words[:1].lower()}{words[1:].removesuffix('.')}"
    context = getattr(error, "ctx", None)
    if context is not None:
        words += f"\nsee: {context.command_path} --help"
    return _last_words(words, error.exit_code)


def _failed(error: Exception) -> int:
    if os.environ.get("PLATFORMC_DEBUG") == "1":
        raise error
    if isinstance(error, OSError) and error.strerror:
        place = f"'{error.filename}': " if error.filename is not None else ""
        return _last_words(f"{PROGRAM}: {place}{error.strerror.lower()}", Status.FAILED)
    # Neither message nor traceback: both could quote what a person wrote.
    words = f"{PROGRAM}: internal error ({type(error).__name__}); PLATFORMC_DEBUG=1 shows where"
    return _last_words(words, Status.FAILED)


def _last_words(words: str, status: int) -> int:
    try:
        click.echo(words, err=True)
    except OSError:  # nobody listens
        _stop_talking()
    return status


def _stop_talking() -> None:
    """Keep the interpreter from flushing into a pipe that nobody reads, and from saying so."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
