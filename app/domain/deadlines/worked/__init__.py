"""Worked cases: what happened, and what the law makes of it, written by hand from the articles.

They are the examples of docs/deadlines.md and the proof of the engine: a test judges each and compares. Change one only
when the law or its reading changes, never to please the code.
"""

from app.domain.deadlines.worked.claims import CLAIM_CASES
from app.domain.deadlines.worked.complaints import COMPLAINT_CASES
from app.domain.deadlines.worked.endings import ENDING_CASES
from app.domain.deadlines.worked.extensions import EXTENSION_CASES
from app.domain.deadlines.worked.pauses import PAUSE_CASES
from app.domain.deadlines.worked.reviews import REVIEW_CASES
from app.domain.deadlines.worked.services import SERVICE_CASES
from app.domain.deadlines.worked.special_claims import SPECIAL_CLAIM_CASES
from app.domain.deadlines.worked.story import Case

GROUPS: tuple[tuple[str, tuple[Case, ...]], ...] = (
    ("投诉：起算与到期", COMPLAINT_CASES),
    ("投诉：中止", PAUSE_CASES),
    ("投诉：复杂与延期", EXTENSION_CASES),
    ("投诉：合并、新事实、撤回、不予办理、告知", ENDING_CASES),
    ("核查", REVIEW_CASES),
    ("理赔", CLAIM_CASES),
    ("人身险与交强险理赔", SPECIAL_CLAIM_CASES),
    ("服务时限与工作日", SERVICE_CASES),
)
CASES = tuple(case for _, cases in GROUPS for case in cases)

__all__ = ["CASES", "GROUPS", "Case"]
