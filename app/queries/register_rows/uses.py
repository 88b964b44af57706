"""档案利用登记表 and 利用效果登记表: a row for each request whose papers were used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.registers import RegisterFilter
from app.models.accounts import Account, Branch
from app.models.borrowing import CertifiedCopy, LoanItem, LoanRequest
from app.models.customers import Customer
from app.models.documents import Document
from app.queries.register_rows.borrowers import (
    borrower_name,
    borrower_papers,
    borrower_phone,
    borrower_unit,
    purpose_word,
)
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, papers_reached, reached, within
from app.queries.register_rows.words import EFFECTS, WAYS, say

TITLES = 3  # of a request are named, the rest counted


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    first_out = (
        select(func.min(LoanItem.out_at))
        .where(LoanItem.request_id == LoanRequest.id)
        .correlate(LoanRequest)
        .scalar_subquery()
    )
    return (
        select(LoanRequest.id)
        .where(
            first_out.is_not(None),
            reached(actor, LoanRequest.branch_id, LoanRequest.level),
            not_(_beyond(actor)),
            *within(wanted, LoanRequest.branch_id, first_out),
        )
        .order_by(first_out, LoanRequest.id)
    )


def _beyond(actor: Actor) -> Any:
    """A request with a paper that rose above the actor's level since: its title may not be printed."""
    return exists().where(
        and_(
            LoanItem.request_id == LoanRequest.id,
            Document.id == LoanItem.document_id,
            Customer.id == Document.customer_id,
            not_(papers_reached(actor, LoanRequest.branch_id)),
        )
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(LoanRequest, Account.full_name, Branch.name)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .where(LoanRequest.id.in_(keys))
    ).all()
    papers, copied = _papers(session, keys), _copied(session, keys)
    names = names_of(session, [by for used in papers.values() for _, by, _, _ in used])
    return {
        request.id: _row(request, colleague, branch, papers[request.id], copied.get(request.id, 0), names)
        for request, colleague, branch in found
    }


Used = tuple[datetime | None, int | None, str, str]  # when, by whom handed out, archive number, title


def _papers(session: Session, keys: Sequence[int]) -> defaultdict[int, list[Used]]:
    rows = session.execute(
        select(LoanItem.request_id, LoanItem.out_at, LoanItem.out_by, Document.archive_number, Document.title)
        .join(Document, Document.id == LoanItem.document_id)
        .where(LoanItem.request_id.in_(keys), LoanItem.out_at.is_not(None))
        .order_by(LoanItem.out_at, LoanItem.id)
    )
    papers: defaultdict[int, list[Used]] = defaultdict(list)
    for request_id, at, by, number, title in rows:
        papers[request_id].append((at, by, number or "", title))
    return papers


def _copied(session: Session, keys: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(LoanItem.request_id, func.sum(CertifiedCopy.page_count))
        .join(CertifiedCopy, CertifiedCopy.item_id == LoanItem.id)
        .where(LoanItem.request_id.in_(keys))
        .group_by(LoanItem.request_id)
    )
    return {request_id: int(pages) for request_id, pages in rows}


def _row(
    request: LoanRequest,
    colleague: str,
    branch: str,
    used: Sequence[Used],
    copied: int,
    names: Mapping[int | None, str],
) -> Row:
    named = "；".join(f"{number} {title}" for _, _, number, title in used[:TITLES])
    return [
        catalogue_day(used[0][0]),
        borrower_name(request, colleague),
        borrower_unit(request, branch),
        borrower_papers(request),
        purpose_word(request),
        f"{named} 等{len(used)}件" if len(used) > TITLES else named,
        say(WAYS, request.way),
        str(len(used)),
        str(copied) if copied else "",
        names.get(used[0][1], ""),
        say(EFFECTS, request.effect),
        request.number,
    ]


def _effect_keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(LoanRequest.id)
        .where(
            LoanRequest.effect != "",
            LoanRequest.effect_at.is_not(None),
            reached(actor, LoanRequest.branch_id, LoanRequest.level),
            *within(wanted, LoanRequest.branch_id, LoanRequest.effect_at),
        )
        .order_by(LoanRequest.effect_at, LoanRequest.id)
    )


def _read_effects(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(LoanRequest, Account.full_name, Branch.name)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .join(Branch, Branch.id == LoanRequest.borrower_branch_id)
        .where(LoanRequest.id.in_(keys))
    )
    return {
        request.id: [
            borrower_name(request, colleague),
            " ".join(part for part in (borrower_unit(request, branch), borrower_phone(request)) if part),
            "：".join(part for part in (purpose_word(request), request.purpose_note) if part),
            "：".join(part for part in (say(EFFECTS, request.effect), request.effect_note) if part),
            catalogue_day(request.effect_at),
        ]
        for request, colleague, branch in found
    }


READER = keyed(_keys, _read)
EFFECTS_READER = keyed(_effect_keys, _read_effects)
