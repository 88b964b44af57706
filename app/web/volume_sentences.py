"""What the codes of volumes that are bound say to who reads the screen."""

from __future__ import annotations

from typing import Any

SENTENCES: dict[str, Any] = {}
