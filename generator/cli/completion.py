"""`platformc completion`: what makes a shell complete the commands and their options."""

import click

from generator.cli.status import Status
from generator.cli.stream import printed

_EPILOG = """\b
Examples:
  eval "$(platformc completion bash)"             in ~/.bashrc
  eval "$(platformc completion zsh)"              in ~/.zshrc
  platformc completion fish > ~/.config/fish/completions/platformc.fish
"""


@click.command("completion", epilog=_EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print a script that makes SHELL complete commands and options."""
    from click.shell_completion import get_completion_class

    from generator.cli.main import COMPLETE, PROGRAM, cli

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"there are no completions for {shell}")
    printed(completion(cli, {}, PROGRAM, COMPLETE).source() + "\n")
    return Status.CLEAN
