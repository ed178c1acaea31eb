"""Large cases are kept as recipes, `{"generate": name, "args": […]}`; a worker makes their texts.

An upper app registers the functions: each returns the input and the expected output, the same for
the same arguments at all times, since results are compared and shown by them later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson

Generator = Callable[..., tuple[str, str]]

MAX_INPUT_BYTES = 256 * 1024
_generators: dict[str, Generator] = {}


class BadRecipe(ValueError):
    """No such function, or arguments that it does not take."""


def register(generators: Mapping[str, Generator]) -> None:
    _generators.update(generators)


def names() -> frozenset[str]:
    return frozenset(_generators)


def generate(name: str, args: list[Any] | dict[str, Any]) -> tuple[str, str]:
    """(input, expected output); raises BadRecipe."""
    return _generated(name, orjson.dumps(args).decode())


@lru_cache(maxsize=64)
def _generated(name: str, args: str) -> tuple[str, str]:
    function = _generators.get(name)
    if function is None:
        raise BadRecipe(f"there is no generator {name}")
    given = orjson.loads(args)
    try:
        made = function(**given) if isinstance(given, dict) else function(*given)
    except (TypeError, ValueError) as error:
        raise BadRecipe(f"{name}: {error}") from error
    if len(made[0].encode()) > MAX_INPUT_BYTES:
        raise BadRecipe(f"{name}: the input is larger than {MAX_INPUT_BYTES // 1024} KiB")
    return made
