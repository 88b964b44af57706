"""Where a reading child begins: the models are loaded and used once, then pages are answered with their lines as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module


def main() -> None:
    """Read pages until nobody asks."""
    import_module("warm.serve").serve(_load)


def _load() -> Callable[[bytes], bytes]:
    from .engine import Engine, Unreadable

    engine = Engine()
    engine.warm_up()

    def answer(page: bytes) -> bytes:
        try:
            return json.dumps({"lines": engine.read(page)}, ensure_ascii=False).encode()
        except Unreadable as error:
            return json.dumps({"failed": str(error)}).encode()
        except MemoryError:
            return b'{"failed": "too_costly"}'

    return answer
