"""Tools of others, found on PATH."""


class MissingTool(Exception):  # noqa: N818  (what is missing is no error of this program)
    """A tool that a command needs is not on PATH.

    Attributes:
        name: What it is called.
        install: The command that installs it.
    """

    def __init__(self, name: str, install: str) -> None:
        self.name = name
        self.install = install
        super().__init__(f"'{name}' is not on PATH; install it: {install}")


class ToolError(Exception):
    """A tool stopped without doing its work.

    Attributes:
        name: What it is called.
    """

    def __init__(self, name: str, words: str) -> None:
        self.name = name
        super().__init__(f"{name}: {words}")


def find_tool(name: str, install: str) -> str:
    """Return where the tool *name* is.

    Raises:
        MissingTool: When it is not on PATH; *install* is the command that would install it.
    """
    import shutil

    found = shutil.which(name)
    if found is None:
        raise MissingTool(name, install)
    return found
