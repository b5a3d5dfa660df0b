"""Regular expressions that are compiled when they are first used.

The modules that a short run imports define over a hundred, and it uses a few: compiling all would be a tenth of it.
"""

import re
from typing import Any, AnyStr


class _Lazy:
    """Stands for a pattern: whatever is asked of it, the pattern is asked, once."""

    def __init__(self, expression: Any, flags: int) -> None:
        self._said = (expression, flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._said), name)
        setattr(self, name, found)
        return found


def lazy_pattern(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns, as far as its methods are called.

    Raises:
        re.error: When it is first used, where *expression* is none; a module's own are all used by its tests.
    """
    lazy: Any = _Lazy(expression, flags)
    pattern: re.Pattern[AnyStr] = lazy
    return pattern
