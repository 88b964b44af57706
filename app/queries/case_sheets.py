"""投诉登记表: all that the register knows of one case (DOMAIN 2.3), its course and its tellings, laid out for the printer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.case_words import CHANNELS, COMPLAINANTS, LINES, OUTCOMES, SALES_CHANNELS, STATES, TOLD_BY
from app.domain.cases import CaseKind
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from app.domain.money import format_cents
from app.domain.office_time import CHINA, office_day
from app.domain.registers import day_in_letters
from app.models.accounts import Account, Branch
from app.models.cases import (
    Case,
    CaseApproval,
    CaseCause,
    CaseFile,
    CaseNotification,
    CaseRemedy,
    CaseStatement,
    CaseStepRow,
)
from app.models.claims import Claim
from app.models.clocks import ClockEvent
from app.models.documents import Document
from app.models.policies import Policy
from app.models.surveys import SurveyAnswer, SurveyInvitation
from app.ports import CaseSheet, SheetTable

PAPERS = {"authority": "授权委托书", "kinship": "继承关系证明", "identity": "身份证明"}
ABOUTS = {
    "accepted": "受理",
    "declined": "不予办理",
    "pause": "中止事项",
    "extension": "延期",
    "decision": "处理决定",
    "other": "其他",
}
STEPS = {
    "accept": "受理",
    "decline": "决定不予办理",
    "transfer": "移送其他机构",
    "classify": "认定情况复杂",
    "pause": "中止计时",
    "resume": "恢复计时",
    "ask_extension": "申请延期",
    "approve_extension": "批准延期",
    "refuse_extension": "不批准延期",
    "notice_extension": "告知延期",
    "agree_notice": "约定告知日",
    "merge_in": "并入一件投诉",
    "new_facts": "新的事实和理由",
    "propose": "提出处理意见",
    "return": "退回修改",
    "decide": "作出处理决定",
    "notify": "告知投诉人",
    "deliver": "送达",
    "ask_review": "申请核查",
    "withdraw": "撤回",
    "merge": "并入他案",
    "close": "办结",
    "file": "归档",
}
DISPUTES = {"contract": "保险合同纠纷", "violation": "涉嫌违法违规"}
MEDIATED = {None: "未调解", True: "调解成功", False: "调解未成"}
Field = tuple[str, str]


def sheet_of(session: Session, case_id: int, *, masked: bool, now: datetime) -> CaseSheet:
    """Return the sheet of a case; `masked` for screens and desks, in full for the archive. The caller has checked the right."""
    case, said, branch = session.execute(
        select(Case, CaseStatement, Branch)
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .join(Branch, Branch.id == Case.branch_id)
        .where(Case.id == case_id)
    ).one()
    people = _People(session)
    return CaseSheet(
        unit=branch.fonds_name,
        title="核查登记表" if case.kind == CaseKind.REVIEW else "投诉登记表",
        number=case.number,
        rows=[
            *_registered(session, case),
            *_complainant(case, said, masked=masked),
            *_matter(session, case),
            *_said(session, case, said),
            *_handled(session, case, said, people),
        ],
        tables=[
            _approvals(session, case, people),
            _tellings(session, case, people, masked=masked),
            _remedies(session, case, people),
            _course(session, case, people),
        ],
        made_on=day_in_letters(office_day(now)),
    )


class _People:
    """Names of accounts, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[int | None, str] = {None: ""}

    def name(self, account_id: int | None) -> str:
        """Return the name of an account, empty for nobody."""
        if account_id not in self._names:
            found = self._session.scalar(select(Account.full_name).where(Account.id == account_id))
            self._names[account_id] = found or ""
        return self._names[account_id]


def _registered(session: Session, case: Case) -> Iterable[Sequence[Field]]:
    channel = CHANNELS.get(case.channel, case.channel)
    if case.forward_number:
        channel += f"（转办单号 {case.forward_number}）"
    yield ("编号", case.number), ("状态", STATES.get(case.state, case.state))
    yield ("接收渠道", channel), ("收到时间", _moment(case.received_at))
    parent = session.scalar(select(Case.number).where(Case.id == case.parent_id))
    if parent:
        yield (("所核查的投诉", parent),)
    if case.place:
        yield (("接待地点", case.place),)


def _complainant(case: Case, said: CaseStatement, *, masked: bool) -> Iterable[Sequence[Field]]:
    kind = IdKind(said.id_kind) if said.id_kind in set(IdKind) else IdKind.OTHER
    name: Callable[[str], str] = mask_name if masked else str
    phone: Callable[[str], str] = mask_phone if masked else str
    identity = mask_identity(kind, said.id_number) if masked else said.id_number
    agent = "，".join(part for part in (name(said.agent_name), phone(said.agent_phone)) if part)
    papers = "；".join(f"{PAPERS.get(kind, kind)} {text}" for kind, text in json.loads(said.papers or "{}").items())
    representatives = "、".join(name(each) for each in said.representatives.splitlines() if each)
    yield ("投诉人类型", COMPLAINANTS.get(said.complainant_kind, "")), ("姓名/单位", name(said.name))
    yield ("证件", identity), ("联系方式", phone(said.phone))
    yield (
        ("地址", mask_address(said.address) if masked else said.address),
        ("法定代表人", name(said.legal_representative)),
    )
    yield ("代理人", agent), ("代理、继承证明", papers)
    yield ("人数", str(case.persons)), ("代表人", representatives)


def _matter(session: Session, case: Case) -> Iterable[Sequence[Field]]:
    accused = session.scalar(select(Branch.name).where(Branch.id == case.accused_branch_id)) or ""
    policy = session.scalar(select(Policy.number).where(Policy.id == case.policy_id)) or ""
    claim = session.scalar(select(Claim.number).where(Claim.id == case.claim_id)) or ""
    person = f"{case.accused_name} {case.accused_number}".strip()
    yield ("被投诉机构", accused), ("被投诉人员及工号", person)
    yield ("保单号", policy), ("赔案号", claim)
    yield ("险种", LINES.get(case.line, case.line)), ("销售渠道", SALES_CHANNELS.get(case.sales_channel, ""))
    yield ("合作机构", case.partner), ("涉及金额（元）", format_cents(case.amount) if case.amount is not None else "")
    yield ("业务环节", _cause(session, case.stage_id)), ("原因", _cause(session, case.cause_id))
    yield ("纠纷类别", DISPUTES.get(case.dispute, "")), ("是否重大", _yes(case.is_major))
    yield ("是否重复", _yes(case.is_repeat)), ("是否群体", _yes(case.is_group))
    yield ("是否涉嫌违法违规", _yes(case.is_violation)), ("情况复杂、延期", _longer(case))


def _said(session: Session, case: Case, said: CaseStatement) -> Iterable[Sequence[Field]]:
    files = session.scalars(
        select(CaseFile.name)
        .where(CaseFile.case_id == case.id, CaseFile.removed_at.is_(None))
        .order_by(CaseFile.added_at, CaseFile.id)
    )
    yield (("投诉请求", said.request),)
    yield (("主要事实", said.facts),)
    yield (("依据", said.grounds),)
    yield (("附件", "\n".join(files)),)


def _handled(session: Session, case: Case, said: CaseStatement, people: _People) -> Iterable[Sequence[Field]]:
    declared = f"（{_day(case.declared_at)} 声明无利害关系）" if case.declared_at else ""
    mediation = MEDIATED[case.is_mediated] + (f"：{said.mediation}" if said.mediation else "")
    decision = "：".join(part for part in (OUTCOMES.get(case.outcome, ""), said.decision) if part)
    reviews = "、".join(session.scalars(select(Case.number).where(Case.parent_id == case.id).order_by(Case.number)))
    yield ("受理人", people.name(case.registered_by)), ("主办人", f"{people.name(case.handler_id)}{declared}")
    yield (("核实情况", said.finding),)
    yield (("处理意见", said.opinion),)
    yield (("调解情况", mediation),)
    yield (("处理决定", decision if case.decided_at else ""),)
    yield (("依据和理由", said.decision_basis if case.decided_at else ""),)
    yield (("救济途径", said.remedies if case.decided_at else ""),)
    yield ("决定日期", _day(case.decided_at)), ("告知日期", _day(case.notified_at))
    yield ("满意度", _satisfaction(session, case)), ("是否申请核查", f"是（{reviews}）" if reviews else "否")
    yield (("溯源原因", said.root_cause),)
    yield (("责任追究", said.accountability),)
    yield ("办结日期", _day(case.closed_at)), ("办理天数", str(case.days_taken) if case.days_taken is not None else "")
    yield ("归档日期", _day(case.filed_at)), ("档号", _archive_numbers(session, case) or "归档时编定")


def _approvals(session: Session, case: Case, people: _People) -> SheetTable:
    rows = session.execute(
        select(CaseApproval, Branch.name)
        .join(Branch, Branch.id == CaseApproval.branch_id)
        .where(CaseApproval.case_id == case.id)
        .order_by(CaseApproval.asked_at, CaseApproval.id)
    )
    lines = [
        (
            "延期" if row.about == "extension" else "处理决定",
            f"{people.name(row.asked_by)}\n{_moment(row.asked_at)}",
            f"{branch} {people.name(row.decided_by)}\n{_moment(row.decided_at)}".strip(),
            "：".join(part for part in (_verdict(row), row.answer or row.reason) if part),
        )
        for row, branch in rows
    ]
    return SheetTable("审批", ("事项", "提出", "审批", "意见"), (14, 20, 20, 46), lines)


def _tellings(session: Session, case: Case, people: _People, *, masked: bool) -> SheetTable:
    rows = session.scalars(
        select(CaseNotification)
        .where(CaseNotification.case_id == case.id)
        .order_by(CaseNotification.told_at, CaseNotification.id)
    )
    lines = [
        (
            ABOUTS.get(row.about, row.about),
            f"{_moment(row.told_at)}\n{TOLD_BY.get(row.channel, row.channel)}",
            f"{mask_name(row.receiver) if masked else row.receiver}\n经办 {people.name(row.told_by)}",
            "；".join(
                part
                for part in (row.proof, f"{day_in_letters(row.delivered_on)}送达" if row.delivered_on else "", row.note)
                if part
            ),
        )
        for row in rows
    ]
    return SheetTable("告知记录", ("事项", "时间、方式", "告知对象", "凭证、说明"), (14, 20, 20, 46), lines)


def _remedies(session: Session, case: Case, people: _People) -> SheetTable:
    rows = session.scalars(
        select(CaseRemedy).where(CaseRemedy.case_id == case.id).order_by(CaseRemedy.created_at, CaseRemedy.id)
    )
    lines = [
        (
            people.name(row.owner_id),
            row.due_on.isoformat(),
            f"{row.done_on or ''}\n复核 {people.name(row.checked_by)}" if row.checked_by else str(row.done_on or ""),
            "\n".join(part for part in (row.measure, row.result) if part),
        )
        for row in rows
    ]
    return SheetTable("整改措施", ("责任人", "期限", "完成、复核", "措施、结果"), (14, 20, 20, 46), lines)


def _course(session: Session, case: Case, people: _People) -> SheetTable:
    rows = session.execute(
        select(CaseStepRow, ClockEvent)
        .outerjoin(ClockEvent, ClockEvent.id == CaseStepRow.event_id)
        .where(CaseStepRow.case_id == case.id)
        .order_by(CaseStepRow.ordinal)
    )
    lines = [
        (
            STEPS.get(step.step, step.step),
            _moment(event.moment if event else step.at),
            people.name(step.account_id) or "系统",
            "；".join(part for part in (step.note, event.proof if event else "", _struck(event)) if part),
        )
        for step, event in rows
    ]
    return SheetTable("办理过程", ("步骤", "时间", "经办人", "说明"), (14, 20, 20, 46), lines)


def _struck(event: ClockEvent | None) -> str:
    return f"（误记，已划去：{event.struck_reason}）" if event is not None and event.struck_at else ""


def _satisfaction(session: Session, case: Case) -> str:
    """Return the mean of the latest survey about the case, empty for none."""
    answered = (
        select(SurveyAnswer.score)
        .join(SurveyInvitation, SurveyInvitation.id == SurveyAnswer.invitation_id)
        .where(SurveyInvitation.case_id == case.id, SurveyAnswer.score.is_not(None))
        .order_by(SurveyAnswer.id.desc())
    )
    score = session.scalar(answered.limit(1))
    return f"{score / 100:.1f}" if score is not None else ""


def _archive_numbers(session: Session, case: Case) -> str:
    """Return the number of the filed dossier, empty before it is filed: its own copy is printed before."""
    numbers = select(Document.archive_number).where(Document.case_id == case.id, Document.archive_number.is_not(None))
    return session.scalar(numbers.order_by(Document.archive_number).limit(1)) or ""


def _verdict(row: CaseApproval) -> str:
    if row.approved is None:
        return "待审批"
    if row.decided_by is None:
        return "未审批，已失效"
    return "同意" if row.approved else "不同意"


def _longer(case: Case) -> str:
    return (
        "、".join(word for word, holds in (("情况复杂", case.is_complex), ("已延期", case.is_extended)) if holds)
        or "否"
    )


def _cause(session: Session, cause_id: int | None) -> str:
    return session.scalar(select(CaseCause.name).where(CaseCause.id == cause_id)) or ""


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return (office_day(moment) if isinstance(moment, datetime) else moment).isoformat()


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment is not None else ""
