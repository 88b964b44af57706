"""The letters of a case 告知书 and its register sheet 登记表, laid out for the printer.

A letter goes to the complainant himself: his name stands in full, his identity number masked (办法 Art. 19, 22). A letter
is there only when the case has come far enough for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_words import CHANNELS, OUTCOMES
from app.domain.cases import CaseKind
from app.domain.errors import NotFound
from app.domain.identity_facts import IdKind
from app.domain.masking import IdMask, mask_identity
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.registers import day_in_letters
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseNotification, CaseStatement
from app.models.clocks import ClockEvent
from app.models.policies import Policy
from app.ports import Letter, LetterPart
from app.queries.case_outcome import letters_of
from app.queries.visibility import cases_for

LAW = "《银行业保险业消费投诉处理管理办法》"
TITLES = {
    "accepted": "消费投诉受理告知书",
    "extension": "消费投诉延期处理告知书",
    "decision": "消费投诉处理决定告知书",
    "declined": "消费投诉不予办理告知书",
}
REVIEW_TITLES = {"accepted": "消费投诉核查受理告知书", "decision": "消费投诉核查决定告知书"}
SUFFIXES = {"accepted": "受", "extension": "延", "decision": "决", "declined": "拒"}
DECLINED_BECAUSE = {
    "not_entitled": f"该投诉不是由投诉人本人、法定代理人或者受托人提出。依据{LAW}第十八条第四款，不予办理。",
    "not_a_complaint": f"该事项不属于{LAW}第二条规定的消费投诉，不予办理。",
    "not_ours": f"该事项不属于本单位的产品或者服务引起的消费争议。依据{LAW}第十一条，不予办理。",
}


def letter_of(
    session: Session, actor: Actor, case_id: int, kind: str, *, now: datetime, told_on: date | None = None
) -> Letter:
    """Return a letter of a case that `actor` may see; raises `NotFound`, also while the state does not allow it.

    `told_on` dates a letter that is being told of just now.
    """
    seen = select(Case.id).where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    if kind not in TITLES or session.scalar(seen) is None:
        raise NotFound
    return _lay_out(session, case_id, kind, now=now, told_on=told_on)


def letter_for_dossier(session: Session, case_id: int, *, now: datetime) -> Letter | None:
    """Return the letter that ended a case, for its dossier; None for one that ended without."""
    case = session.get_one(Case, case_id)
    kind = next((kind for kind in ("decision", "declined") if kind in letters_of(session, case)), None)
    return _lay_out(session, case_id, kind, now=now) if kind is not None else None


def _lay_out(session: Session, case_id: int, kind: str, *, now: datetime, told_on: date | None = None) -> Letter:
    case, said, branch = session.execute(
        select(Case, CaseStatement, Branch)
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .join(Branch, Branch.id == Case.branch_id)
        .where(Case.id == case_id)
    ).one()
    if kind not in letters_of(session, case):
        raise NotFound
    title = (REVIEW_TITLES if case.kind == CaseKind.REVIEW else TITLES).get(kind, TITLES[kind])
    dated = told_on or _dated(session, case, kind) or office_day(now)
    number = f"{case.number}-{SUFFIXES[kind]}"
    return Letter(
        unit=branch.fonds_name,
        title=title,
        number=number,
        addressee=said.name,
        opening=_opening(session, case, kind),
        facts=_facts(session, case, said),
        parts=_parts(session, case, said, kind),
        dated=day_in_letters(dated),
        contact=_contact(session, case),
        receipt=_receipt(title, number, case, said),
    )


def _dated(session: Session, case: Case, kind: str) -> date | None:
    """Return the day on which a letter was told of, so that a copy printed later bears the same date."""
    told = select(CaseNotification.told_at).where(CaseNotification.case_id == case.id, CaseNotification.about == kind)
    moment = session.scalar(told.order_by(CaseNotification.told_at.desc()).limit(1))
    if moment is None and kind == "decision":
        moment = case.decided_at
    return office_day(moment) if moment is not None else None


def _opening(session: Session, case: Case, kind: str) -> Sequence[str]:
    day, way = day_in_letters(office_day(case.received_at)), CHANNELS.get(case.channel, "其他")
    noun = "核查申请" if case.kind == CaseKind.REVIEW else "消费投诉"
    came = f"本单位于{day}收到您以{way}方式提出的{noun}（编号{case.number}）。"
    if kind == "accepted":
        return (f"{came}经审查，符合受理条件，现予受理。",)
    if kind == "extension":
        return (f"{came}因情况特殊复杂，无法在原定期限内作出处理决定，经批准延长处理期限。现将有关事项告知如下：",)
    if kind == "declined":
        return (f"{came}经审查，决定不予办理。现将有关事项告知如下：",)
    if case.kind == CaseKind.REVIEW:
        parent = session.scalar(select(Case.number).where(Case.id == case.parent_id))
        return (
            f"{came}本单位依据{LAW}第二十条，对投诉{parent}处理决定的处理过程、处理时限和处理结果进行了核查。现将核查决定告知如下：",
        )
    return (f"{came}本单位依据{LAW}进行了核实和处理。现将处理决定告知如下：",)


def _facts(session: Session, case: Case, said: CaseStatement) -> Sequence[tuple[str, str]]:
    accused = session.scalar(select(Branch.name).where(Branch.id == case.accused_branch_id))
    policy = session.scalar(select(Policy.number).where(Policy.id == case.policy_id))
    rows = [
        ("投诉人", said.name),
        ("证件号码", _identity(said)),
        ("受托人", said.agent_name),
        ("被投诉机构", accused or ""),
        ("涉及保单号", policy or ""),
    ]
    return [(name, value) for name, value in rows if value]


def _parts(session: Session, case: Case, said: CaseStatement, kind: str) -> Sequence[LetterPart]:
    if kind == "accepted":
        return _accepted(session, case)
    if kind == "extension":
        return _extended(session, case)
    if kind == "declined":
        return _declined(session, case, said)
    return (
        LetterPart("投诉请求", paragraphs(said.request)),
        LetterPart("核实情况", paragraphs(said.finding)),
        LetterPart("处理决定", (f"对您的请求：{OUTCOMES.get(case.outcome, '')}。", *paragraphs(said.decision))),
        LetterPart("依据和理由", paragraphs(said.decision_basis)),
        LetterPart("救济途径", paragraphs(said.remedies)),
    )


def _accepted(session: Session, case: Case) -> Sequence[LetterPart]:
    due = day_in_letters(case.due_on) if case.due_on else "法定期限内"
    if case.kind == CaseKind.REVIEW:
        text = f"本单位将自收到核查申请之日起三十日内作出核查决定并告知您，最迟为{due}（第二十条）。"
        return (LetterPart("办理期限", (text,)),)
    periods = (
        "事实清楚、争议情况简单的，自收到投诉之日起十五日内作出处理决定并告知您；情况复杂的，延长至三十日；"
        "情况特别复杂或者有其他特殊原因的，经批准可以再延长三十日，并另行告知（第十八条）。"
    )
    return (
        LetterPart("办理期限", (f"{periods}目前最迟为{due}。",)),
        LetterPart(
            "您的权利",
            ("您可以在处理决定作出前撤回投诉，也可以申请或者同意通过调解解决；您提出新的事实和理由的，期限重新计算。",),
        ),
    )


def _extended(session: Session, case: Case) -> Sequence[LetterPart]:
    due = day_in_letters(case.due_on) if case.due_on else ""
    approved = session.execute(
        select(ClockEvent.moment, ClockEvent.by)
        .where(
            ClockEvent.holder_kind == "case",
            ClockEvent.holder_id == case.id,
            ClockEvent.kind == "extension_approved",
            ClockEvent.struck_at.is_(None),
        )
        .order_by(ClockEvent.moment.desc())
        .limit(1)
    ).first()
    when = day_in_letters(office_day(approved.moment)) if approved else ""
    return (
        LetterPart("延长的期限", (f"处理期限延长三十日，自告知您之日起生效。{_until(case, due)}",)),
        LetterPart("依据和批准", (f"依据{LAW}第十八条第一款，本次延期已于{when}经批准。",)),
    )


def _until(case: Case, due: str) -> str:
    return f"延长后最迟于{due}作出处理决定并告知您。" if case.is_extended and due else ""


def _declined(session: Session, case: Case, said: CaseStatement) -> Sequence[LetterPart]:
    row = session.execute(
        select(ClockEvent.exception, ClockEvent.reason)
        .where(
            ClockEvent.holder_kind == "case",
            ClockEvent.holder_id == case.id,
            ClockEvent.kind == "declined",
            ClockEvent.struck_at.is_(None),
        )
        .order_by(ClockEvent.moment.desc())
        .limit(1)
    ).first()
    exception, reason = (row.exception, row.reason) if row else ("", "")
    because = DECLINED_BECAUSE.get(exception, "")
    return (
        LetterPart("投诉请求", paragraphs(said.request)),
        LetterPart("不予办理的理由和依据", (*paragraphs(reason), *((because,) if because else ()))),
        LetterPart("其他途径", ("您可以补充材料后重新提出，也可以依法通过调解、仲裁、诉讼等途径解决。",)),
    )


def _contact(session: Session, case: Case) -> str:
    name = session.scalar(select(Account.full_name).where(Account.id == case.handler_id))
    return f"联系人：{name or '客户服务部门'}　　查询编号：{case.number}"


def _receipt(title: str, number: str, case: Case, said: CaseStatement) -> Sequence[tuple[str, str]]:
    return (("案件编号", case.number), ("送达文书", f"{title}（{number}）"), ("受送达人", said.name))


def _identity(said: CaseStatement) -> str:
    kind = IdKind(said.id_kind) if said.id_kind in set(IdKind) else IdKind.OTHER
    return mask_identity(kind, said.id_number, IdMask.EXPORT)


def paragraphs(text: str) -> Sequence[str]:
    """Return the paragraphs of a text, without empty lines."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
