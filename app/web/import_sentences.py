"""What the codes of tables that are imported say to who reads the screen."""

from __future__ import annotations

from typing import Any

SENTENCES: dict[str, Any] = {}
