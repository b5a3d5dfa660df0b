"""The group of commands, which imports a command when it is called and not before."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from generator.cli.status import Status

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Entry(NamedTuple):
    """Where a command is: *module* has it as `command`; *short* is its line in the list of commands."""

    module: str
    short: str


@click.pass_context
def _start(context: click.Context) -> int:
    """Print how to start, when no command is named."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return Status.CLEAN


class LazyGroup(click.Group):
    """A group whose commands stand in a table, so that one costs no import of another.

    Without a command it prints how to start.
    """

    def __init__(self, *, name: str, entries: Mapping[str, Entry], words: str, epilog: str) -> None:
        super().__init__(
            name,
            context_settings=CONTEXT,
            help=words,
            epilog=epilog,
            callback=_start,
            invoke_without_command=True,
        )
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table: the order in which a newcomer needs them."""
        del ctx
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command *cmd_name*."""
        del ctx
        if cmd_name not in self.entries:
            return None
        command = import_module(self.entries[cmd_name].module).command
        assert isinstance(command, click.Command)  # noqa: S101  (narrows what import_module cannot type)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that *args* begin with, or name the nearest one."""
        if args and args[0] not in self.entries and not args[0].startswith("-"):
            from generator.model.diagnostics import did_you_mean

            hint = did_you_mean(args[0], self.entries)
            raise click.UsageError(f"no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Return what may complete *incomplete*: commands, from the table, and options."""
        from click.shell_completion import CompletionItem

        fitting = (name for name in self.entries if name.startswith(incomplete))
        commands = [CompletionItem(name, help=self.entries[name].short) for name in fitting]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.short) for name, entry in self.entries.items()])
