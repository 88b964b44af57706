"""Names that the screens of repair show."""

from __future__ import annotations

from typing import Any

from app.web.damage_labels import DAMAGES, GRADE_TONES, GRADES, REPAIR_STATES, REPAIR_TONES, SOURCES, finding_words
from app.web.labels import LEVELS

LABELS: dict[str, Any] = {
    "damage": DAMAGES,
    "grade": GRADES,
    "grade_tone": GRADE_TONES,
    "state": REPAIR_STATES,
    "tone": REPAIR_TONES,
    "source": SOURCES,
    "level": LEVELS,
    "finding": finding_words,
}
