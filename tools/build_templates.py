"""A hook of the build: writes the built-in templates into the wheel as Python, so that no run needs Jinja for them."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WrittenTemplates(BuildHookInterface[Any]):
    """Adds the module that `generator.stages.render.precompiled` looks for."""

    _folder = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the module, but not for an editable install, whose templates change."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        try:
            from generator.stages.render.precompiled import MODULE, module_of
        finally:
            sys.path.remove(str(root))
        folder = root / "templates"
        templates = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.j2")}
        self._folder = tempfile.mkdtemp(prefix="platformc-")
        module = Path(self._folder) / "templates.py"
        module.write_text(module_of(templates), encoding="utf-8")
        build_data["force_include"][str(module)] = MODULE.replace(".", "/") + ".py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind but what was built."""
        del version, build_data, artifact_path
        if self._folder:
            shutil.rmtree(self._folder)
