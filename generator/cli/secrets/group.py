"""`platformc secrets`: the life of a sealed value."""

from generator.cli.group import Entry, LazyGroup

COMMANDS = {
    "set": Entry("generator.cli.secrets.set", "Seal a value, new or instead of another."),
    "unset": Entry("generator.cli.secrets.unset", "Remove a sealed value."),
    "list": Entry("generator.cli.secrets.list", "Name what is declared and sealed, never a value."),
    "edit": Entry("generator.cli.secrets.edit", "Open a sealed file in your editor, and check it."),
    "status": Entry("generator.cli.secrets.status", "Show how every secret stands, by environment."),
    "rekey": Entry("generator.cli.secrets.rekey", "Seal files to whom the document names now."),
    "verify": Entry("generator.cli.secrets.verify", "Open what your key opens, and look for accidents."),
    "import": Entry("generator.cli.secrets.import_", "Seal what files in the clear hold."),
    "download": Entry("generator.cli.secrets.download", "Hand out values, to who holds a key."),
    "guard": Entry("generator.cli.secrets.guard", "Keep what looks like a secret out of git."),
    "merge": Entry("generator.cli.secrets.merge", "Merge two versions of a sealed file."),
}

_HELP = """Seal, change and look after secret values.

Values are sealed by sops, which must be on the PATH, to the recipients that the
document names. A value is asked for, or comes from standard input or a file; it
is never an argument, for arguments end up in histories and process lists.
"""

_EPILOG = """\b
Examples:
  platformc secrets set shop/Catalog DB_PASSWORD -e Dev
  platformc secrets list
  platformc secrets edit shop/Catalog -e Dev
"""


command = LazyGroup(
    name="secrets",
    entries=COMMANDS,
    words=_HELP,
    epilog=_EPILOG,
)
