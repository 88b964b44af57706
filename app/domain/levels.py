"""Levels of confidentiality 密级 of documents and customers."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How far a thing may be shown; higher is narrower.

    INTERNAL 内部 (shelf marks, page counts), SENSITIVE 敏感 (personal data), SECRET 秘密 (health, refusals),
    CONFIDENTIAL 机密 (disputes, investigations).
    """

    INTERNAL = 1
    SENSITIVE = 2
    SECRET = 3
    CONFIDENTIAL = 4
