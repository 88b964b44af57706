"""What the codes of checklists and what is owed say to who reads the screen."""

from __future__ import annotations

from typing import Any

SENTENCES: dict[str, Any] = {}
