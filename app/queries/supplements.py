"""Letters 一次性补件通知书 of a policy or claim, and how one is laid out for the printer; printed forms are Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.registers import day_in_letters
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.completeness import SupplementNotice
from app.models.customers import Customer
from app.models.policies import Policy
from app.ports import Letter, LetterPart
from app.queries.completeness import Thing, find_thing

TITLE = "一次性补件通知书"
FORMS = {"original": "原件", "copy": "复印件", "either": "原件或者复印件"}
BASES = {
    "claim": "依据《中华人民共和国保险法》第二十二条第二款，按照合同的约定，现将需要补充提供的证明和资料一次性通知您。",
    "application": "依据《人身保险业务基本服务规定》第十条，现将投保资料中需要补正的内容一次性告知您。",
    "servicing": "依据《人身保险业务基本服务规定》第十九条，现将保全申请资料中需要补正的内容一次性告知您。",
}
BUSINESSES = {
    "application": "投保",
    "servicing": "保全",
    "claim": "理赔",
    "service": "客户服务",
    "other": "其他业务",
}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A letter as the page of its policy or claim names it."""

    id: int
    number: str
    papers: int
    due_on: date
    made_by: str
    made_at: datetime
    told_on: date | None
    told_how: str
    again_reason: str


def notices_of(session: Session, thing: Thing, business: str) -> Sequence[NoticeRow]:
    """Return the letters that were written for a business of a policy or claim, newest first."""
    claim = SupplementNotice.claim_id
    rows = session.execute(
        select(SupplementNotice, Account.full_name)
        .outerjoin(Account, Account.id == SupplementNotice.made_by)
        .where(
            SupplementNotice.policy_id == thing.policy_id,
            claim == thing.claim_id if thing.claim_id is not None else claim.is_(None),
            SupplementNotice.business == business,
        )
        .order_by(SupplementNotice.made_at.desc(), SupplementNotice.id.desc())
    )
    return [
        NoticeRow(
            id=row.id,
            number=row.number,
            papers=len(row.papers),
            due_on=row.due_on,
            made_by=name or "",
            made_at=row.made_at,
            told_on=row.told_on,
            told_how=row.told_how,
            again_reason=row.again_reason,
        )
        for row, name in rows
    ]


def read_notice(session: Session, actor: Actor, notice_id: int) -> SupplementNotice:
    """Return a letter of a policy or claim that `actor` may see; raises `NotFound`."""
    row = session.get(SupplementNotice, notice_id)
    if row is None:
        raise NotFound
    find_thing(session, actor, Action.MISSING_VIEW, policy_id=row.policy_id, claim_id=row.claim_id)
    return row


def letter_of(session: Session, notice: SupplementNotice) -> Letter:
    """Return a letter laid out; it goes to the customer himself, so his name stands in full."""
    branch, customer, policy, claim, clerk = session.execute(
        select(Branch.fonds_name, Customer.name, Policy.number, Claim.number, Account.full_name)
        .select_from(SupplementNotice)
        .join(Branch, Branch.id == SupplementNotice.branch_id)
        .join(Customer, Customer.id == SupplementNotice.customer_id)
        .outerjoin(Policy, Policy.id == SupplementNotice.policy_id)
        .outerjoin(Claim, Claim.id == SupplementNotice.claim_id)
        .outerjoin(Account, Account.id == SupplementNotice.made_by)
        .where(SupplementNotice.id == notice.id)
    ).one()
    facts = [("客户", customer), ("保单号", policy or ""), ("赔案号", claim or "")]
    facts.append(("办理业务", BUSINESSES.get(notice.business, "")))
    return Letter(
        unit=branch,
        title=TITLE,
        number=notice.number,
        addressee=customer,
        opening=(BASES.get(notice.business, "现将办理业务需要补充提供的资料一次性通知您。"),),
        facts=[(name, value) for name, value in facts if value],
        parts=_parts(notice),
        dated=day_in_letters(office_day(notice.made_at)),
        contact=f"联系人：{clerk or '客户服务部门'}　　查询编号：{notice.number}",
        receipt=(("通知编号", notice.number), ("送达文书", f"{TITLE}（{notice.number}）"), ("受送达人", customer)),
    )


def _parts(notice: SupplementNotice) -> Sequence[LetterPart]:
    papers = [_paper(at, *row) for at, row in enumerate(notice.papers, 1)]
    until = day_in_letters(notice.due_on)
    parts = [
        LetterPart("需要补充的资料", papers),
        LetterPart("补交期限和方式", (f"请于{until}前，持本通知书交到受理机构，也可以交给您的服务人员代为提交。",)),
        LetterPart(
            "说明", ("以上为本次业务尚缺的全部资料。资料补齐前的期间，不计入办理时限；不能提供的，请说明原因。",)
        ),
    ]
    if notice.again_reason:
        parts.append(LetterPart("再次通知的原因", (notice.again_reason,)))
    return parts


def _paper(at: int, name: str, form: str, copies: int, hint: str = "") -> str:
    return f"{at}. {name}（{FORMS.get(form, '')}，{copies}份）{'：' + hint if hint else ''}"
