"""Filing a case by itself 归档: its dossier and its papers become items of the customer's archive with their numbers.

The portal does it, so there is no right to ask for; the trail says that nobody did. A second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import FileKind
from app.domain.cases import FILED_AFTER, CaseKind, CaseState, CaseStep
from app.domain.documents import Description
from app.domain.errors import Invalid, WrongState
from app.domain.normal import clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.cases import Case, CaseFile
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Blob, Category, Document
from app.models.policies import Party, Policy
from app.ports import StoredBlob
from app.queries.visibility import customers_for
from app.services import jobs
from app.services.case_steps import load_case, note_change, take_step
from app.services.documents import ReceivedFile, file_by_itself, take_in

CATEGORY = "42"  # 投诉记录
LOWEST_LEVEL = 3
PAPERS = {
    FileKind.EVIDENCE.value: "证据材料",
    FileKind.AUTHORITY.value: "授权委托书",
    FileKind.KINSHIP.value: "继承关系证明",
    FileKind.NOTICE.value: "告知凭证",
    FileKind.EXPERT.value: "鉴定检测评估报告",
    FileKind.DECISION.value: "处理决定告知书",
    FileKind.OTHER.value: "其他材料",
}


def file_soon(session: Session, actor: Actor | None, case: Case, *, now: datetime) -> None:
    """Have a case that has ended file itself; one without a customer waits until it is linked to one."""
    if CaseState(case.state) in FILED_AFTER and case.customer_id is not None:
        key = f"file_case:{case.id}"
        jobs.enqueue(session, "file_case", {"case_id": case.id}, now=now, actor=actor, unique_key=key, priority=4)


def ask_filing(session: Session, actor: Actor, case_id: int, *, version: int, now: datetime) -> None:
    """Have a case filed that has ended and is not filed yet, as one that was withdrawn.

    Raises `WrongState` for one that is still open, or that nobody has linked to a customer.
    """
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    if case.version != version:
        raise WrongState("case.changed")
    if CaseState(case.state) not in FILED_AFTER:
        raise WrongState(f"case.{case.state}_file")
    if case.customer_id is None:
        raise WrongState("outcome.no_customer")
    file_soon(session, actor, case, now=now)


def link_customer(session: Session, actor: Actor, case_id: int, number: str, *, version: int, now: datetime) -> None:
    """Say whose archive a case belongs to; one that has ended files itself then.

    Raises `Invalid` for a number of no customer that the actor may see, `WrongState` for a case that has one.
    """
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    if case.version != version:
        raise WrongState("case.changed")
    if case.customer_id is not None:
        raise WrongState("outcome.has_customer")
    wanted = clean_text(number).upper()
    seen = select(Customer.id).where(Customer.number == wanted, customers_for(actor, Action.CUSTOMER_VIEW))
    customer_id = session.scalar(seen) if wanted else None
    if customer_id is None:
        raise Invalid.field("customer_number", "outcome.customer_unknown")
    case.customer_id = customer_id
    note_change(session, actor, case, "case_customer_linked", now=now)
    file_soon(session, actor, case, now=now)


def is_to_file(session: Session, case_id: int) -> bool:
    """Say whether a case waits for its dossier."""
    case = session.get_one(Case, case_id, populate_existing=True)
    return CaseState(case.state) in FILED_AFTER and case.customer_id is not None


def keep_filed(
    session: Session, case_id: int, dossier: StoredBlob, *, pages: int, now: datetime, today: date
) -> str | None:
    """File the dossier and the papers of a case and return the dossier's archive number, None when it is filed already."""
    case = session.get_one(Case, case_id, with_for_update=True, populate_existing=True)
    if not is_to_file(session, case_id) or case.customer_id is None:
        return None
    customer = session.get_one(Customer, case.customer_id)
    file = ReceivedFile(dossier, f"{case.number}.pdf", "application/pdf", pages)
    number = _file_item(session, case, customer, f"{_noun(case)}{case.number}处理卷", file, now=now, today=today)
    for place, (paper, blob) in enumerate(_papers(session, case.id), 1):
        stored = StoredBlob(blob.digest, blob.sha256, blob.size)
        # What nobody could count is one page at least: an item without pages is not complete.
        file = ReceivedFile(stored, paper.name, paper.media_type, max(1, paper.pages))
        title = f"{_noun(case)}{case.number}{PAPERS.get(paper.kind, PAPERS['other'])}（附件{place}）"
        _file_item(session, case, customer, title, file, now=now, today=today)
    case.filed_at = now
    take_step(session, None, case, CaseStep.FILE, now=now, note=number)
    return number


def _file_item(
    session: Session, case: Case, customer: Customer, title: str, file: ReceivedFile, *, now: datetime, today: date
) -> str:
    description = _describe(session, case, customer, title, file, today)
    document: Document = take_in(session, None, customer, description, file, case_id=case.id, now=now)
    return file_by_itself(session, document, now=now, today=today)


def _describe(
    session: Session, case: Case, customer: Customer, title: str, file: ReceivedFile, today: date
) -> Description:
    category = session.scalars(select(Category).where(Category.code == CATEGORY)).one()
    ended = case.closed_at or case.updated_at
    return Description(
        category_id=category.id,
        title=title,
        author=session.get_one(Branch, case.branch_id).fonds_name,
        document_number=case.number,
        formed_on=min(office_day(ended), today),
        level=max(LOWEST_LEVEL, case.level, customer.level, category.default_level),
        period=category.default_period,
        carrier="electronic",
        page_count=file.pages,
        policy_id=_own_policy(session, case, customer.id),
        claim_id=_own_claim(session, case, customer.id),
    )


def _own_policy(session: Session, case: Case, customer_id: int) -> int | None:
    """Return the case's policy when it is this customer's, as holder or as a party of it."""
    part = select(Party.policy_id).where(Party.customer_id == customer_id, Party.policy_id == case.policy_id)
    own = select(Policy.id).where(Policy.id == case.policy_id, Policy.customer_id == customer_id)
    return session.scalar(own) or session.scalar(part.limit(1))


def _own_claim(session: Session, case: Case, customer_id: int) -> int | None:
    return session.scalar(select(Claim.id).where(Claim.id == case.claim_id, Claim.customer_id == customer_id))


def _papers(session: Session, case_id: int) -> Sequence[tuple[CaseFile, Blob]]:
    rows = session.execute(
        select(CaseFile, Blob)
        .join(Blob, Blob.digest == CaseFile.blob_digest)
        .where(CaseFile.case_id == case_id, CaseFile.removed_at.is_(None))
        .order_by(CaseFile.added_at, CaseFile.id)
    )
    return [(paper, blob) for paper, blob in rows]


def _noun(case: Case) -> str:
    return "核查" if case.kind == CaseKind.REVIEW else "投诉"
