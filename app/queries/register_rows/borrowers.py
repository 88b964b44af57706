"""Who borrowed, as paper that leaves the house names him: colleagues by name, people from outside masked."""

from __future__ import annotations

import json

from app.domain.masking import IdMask, mask_id_number, mask_name, mask_phone
from app.models.borrowing import LoanRequest
from app.queries.register_rows.words import PAPERS, PLAIN_PAPERS, PURPOSES, say


def borrower_name(request: LoanRequest, colleague: str) -> str:
    """Return the name of who uses the papers."""
    return mask_name(request.external_name) if request.external_kind else colleague


def borrower_unit(request: LoanRequest, branch: str) -> str:
    """Return his branch or the house he comes from."""
    return request.external_unit if request.external_kind else branch


def borrower_phone(request: LoanRequest) -> str:
    """Return the number that somebody from outside left."""
    return mask_phone(request.external_phone) if request.external_kind else ""


def borrower_papers(request: LoanRequest) -> str:
    """Return the papers that somebody from outside showed: what tells of a person is masked."""
    try:
        papers = json.loads(request.external_papers or "{}")
    except json.JSONDecodeError:
        return ""
    if not isinstance(papers, dict):
        return ""
    return "；".join(_paper(str(kind), str(text)) for kind, text in papers.items() if text)


def _paper(kind: str, text: str) -> str:
    shown = text if kind in PLAIN_PAPERS else mask_id_number(text, IdMask.EXPORT)
    return f"{say(PAPERS, kind)} {shown}".strip()


def purpose_word(request: LoanRequest) -> str:
    """Return what the papers are used for."""
    return say(PURPOSES, request.purpose)
