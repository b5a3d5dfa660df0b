"""Dataclasses that are quick to define: a run defines a hundred of them before it does anything.

The standard library's `dataclass` still sees to fields, defaults and slots; its `replace` and `fields` work as ever.
But it writes each method of a class as a program and compiles that, half a millisecond for a class; here only
`__init__` is written, and the other methods are the same few functions for all classes: a third of the time.
"""

import dataclasses
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  (it is there to be imported from here)
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """Return what makes a class a dataclass; *options* are those of `dataclasses.dataclass`."""
        return lambda cls: _made(cls, **options)


def _made(
    cls: type, *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True, order: bool = False
) -> Any:
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
    fields = dataclasses.fields(made)
    made.__init__ = _init(made, fields, frozen=frozen)
    made.__repr__ = _repr(made, [each.name for each in fields if each.repr])
    values = _values([each.name for each in fields])
    if eq:
        made.__eq__ = _compared(operator.eq, values)
        made.__hash__ = (lambda self: hash(values(self))) if frozen else None
    for compare in (operator.lt, operator.le, operator.gt, operator.ge) if order else ():
        setattr(made, f"__{compare.__name__}__", _compared(compare, values))
    if frozen:
        made.__setattr__, made.__delattr__ = _refuse_to_assign, _refuse_to_delete
        made.__getstate__ = lambda self: values(self)  # noqa: PLW0108  (`values` alone would be no method)
        made.__setstate__ = _setstate
    return made


def _init(cls: type, fields: tuple[dataclasses.Field[Any], ...], *, frozen: bool) -> Callable[..., None]:
    """Return the `__init__` of *cls*, the one method that is written for each class: it has its own parameters."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    parameters, by_name, lines = ["self"], list[str](), list[str]()
    for each in fields:
        name, value = each.name, each.name
        if each.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = each.default_factory
            value = f"_make_{name}() if {name} is _missing else {name}"
            parameter = f"{name}=_missing"
        elif each.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = each.default
            parameter = f"{name}=_default_{name}"
        else:
            parameter = name
        (by_name if each.kw_only else parameters).append(parameter)
        lines.append(f"_set(self, '{name}', {value})" if frozen else f"self.{name} = {value}")
    if by_name:
        parameters += ["*", *by_name]
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n ".join(lines or ["pass"])
    exec(f"def __init__({', '.join(parameters)}):\n {body}", known)  # noqa: S102  (names of fields, and no more)
    written: Callable[..., None] = known["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"  # for who calls it with other arguments
    return written


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads the fields *names* of an object."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _repr(cls: type, names: list[str]) -> Callable[[Any], str]:
    words = f"{cls.__qualname__}({', '.join(f'{name}=%r' for name in names)})"
    values = _values(names)
    return lambda self: words % values(self)


def _compared(compare: Callable[[Any, Any], bool], values: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    def compared(self: object, other: object) -> bool:
        return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

    return compared


def _refuse_to_assign(self: object, name: str, value: object) -> None:
    del self, value
    raise dataclasses.FrozenInstanceError(f"cannot assign to field '{name}'")


def _refuse_to_delete(self: object, name: str) -> None:
    del self
    raise dataclasses.FrozenInstanceError(f"cannot delete field '{name}'")


def _setstate(self: object, state: tuple[object, ...]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):  # type: ignore[arg-type]  # one of ours
        object.__setattr__(self, each.name, value)
