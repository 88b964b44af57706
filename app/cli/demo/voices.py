"""Complaints and consultations of the demo: three years of past ones, and some in every state of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.cli.demo.grievances import BASIS, CAUSES_FOUND, DECISIONS, FINDINGS, GRIEVANCES, MEASURES, QUESTIONS
from app.domain.case_terms import Channel, SalesChannel
from app.domain.deadlines import SEED_CALENDAR, Event, EventKind, Ground, exceptions_of, judge
from app.domain.deadlines.events import Channel as TellBy
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.models.cases import (
    Case,
    CaseApproval,
    CaseCause,
    CaseNotification,
    CaseRemedy,
    CaseStatement,
    CaseStepRow,
)
from app.models.clocks import Clock, ClockEvent, ClockRuleRow
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import NumberEntry, NumberSeries
from app.models.policies import Policy
from app.queries import consultations
from app.queries.case_blinds import blinds_of
from app.queries.clocks import rule_of
from app.services.clocks import open_clock, refresh

BATCH = 1000
ASKED = 4000  # customers who complain or ask
DAYS = 1090
YOUNG = 30  # days
CHANNELS = (*(Channel.CALL,) * 5, Channel.VISIT, Channel.ONLINE, Channel.HOTLINE, Channel.REGULATOR, Channel.LETTER)
SALES = tuple(SalesChannel)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer who complains, with one of his policies."""

    customer_id: int
    branch_id: int
    name: str
    phone: str
    kind: str
    policy_id: int


@dataclass(slots=True)
class Files:
    """Rows on their way into the tables, and the last number of each series."""

    rows: dict[type, list[Row]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def add(self, model: type, **row: Any) -> Row:
        """Keep a row for `write`."""
        self.rows.setdefault(model, []).append(row)
        return row

    def number(self, series: str, prefix: str, at: datetime, holder: tuple[str, int]) -> str:
        """Return the next number of a series and year, with its line in the ledger."""
        name = f"{series}|{at.year}"
        self.last[name] = self.last.get(name, 0) + 1
        text = f"{prefix}{at.year}-{self.last[name]:06}"
        self.add(
            NumberEntry,
            series=name,
            value=self.last[name],
            text=text,
            holder_kind=holder[0],
            holder_id=holder[1],
            taken_at=at,
        )
        return text

    def write(self, session: Session) -> None:
        """Insert what was gathered, tables that others point to first."""
        order = (Consultation, Case, CaseStatement, ClockEvent, Clock, CaseStepRow, CaseApproval)
        for model in (*order, *(model for model in self.rows if model not in order)):
            rows = self.rows.pop(model, [])
            if rows:
                session.execute(insert(model), rows)


def complain(session: Session, rng: Random, company: Company, cases: int, questions: int, *, now: datetime) -> None:
    """Write complaints in every state and consultations; the engine says where each clock stands."""
    people = _people(session, rng)
    if not people:
        return
    files = Files()
    years = range((now - timedelta(days=DAYS + 1)).year, now.year + 1)
    names = [f"{series}|{year}" for series in ("case", "consultation") for year in years]
    session.execute(insert(NumberSeries), [{"name": name} for name in names])
    writer = _Writer(session, rng, company, files, now)
    for position, received in enumerate(_moments(rng, cases, now), start=1):
        writer.write_case(rng.choice(people), received)
        if position % BATCH == 0:
            files.write(session)
    for position, asked in enumerate(_moments(rng, questions, now), start=1):
        _ask(rng, company, files, rng.choice(people), asked)
        if position % BATCH == 0:
            files.write(session)
    files.write(session)
    _start_other_clocks(session, now=now)
    for name, last in files.last.items():
        session.get_one(NumberSeries, name).last = last
    session.flush()


def _start_other_clocks(session: Session, *, now: datetime) -> None:
    """Give the complaints of the last weeks the clocks that registering gives."""
    young = select(Case).where(Case.received_at > now - timedelta(days=YOUNG))
    for case in session.scalars(young):
        for code in ("complaint_reply_warning", "review_request"):
            open_clock(
                session, "case", case.id, code, branch_id=case.branch_id, day=office_day(case.received_at), now=now
            )
        refresh(session, "case", case.id, now=now)


def _people(session: Session, rng: Random) -> Sequence[Person]:
    rows = session.execute(
        select(Customer.id, Customer.branch_id, Customer.name, Customer.mobile, Customer.kind, Policy.id)
        .join(Policy, Policy.customer_id == Customer.id)
        .where(Customer.level <= 3)
        .order_by(Policy.id.desc())
        .limit(ASKED)
    )
    found = [Person(key, branch, name, mobile or "", kind, policy) for key, branch, name, mobile, kind, policy in rows]
    rng.shuffle(found)
    return found


def _moments(rng: Random, count: int, now: datetime) -> Iterator[datetime]:
    """Yield moments of the last three years, oldest first; the last fiftieth lies in the last three weeks."""
    recent = max(12, count // 50)
    days = [3 + rng.random() * (DAYS - 3) for _ in range(count - recent)] + [rng.random() * 21 for _ in range(recent)]
    for day in sorted(days, reverse=True):
        at = now - timedelta(days=day)
        yield at.replace(minute=rng.randrange(60), second=0, microsecond=0) - timedelta(hours=1)


class _Writer:
    """Writes complaints, each with the course that its age allows."""

    def __init__(self, session: Session, rng: Random, company: Company, files: Files, now: datetime) -> None:
        self.rng, self.company, self.files, self.now = rng, company, files, now
        causes = session.execute(select(CaseCause.code, CaseCause.id))
        self.causes: Mapping[str, int] = {code: key for code, key in causes}
        rules = session.scalars(select(ClockRuleRow).where(ClockRuleRow.code == "complaint"))
        self.rule_row = max(rules, key=lambda row: row.effective_from)
        self.rule = rule_of(self.rule_row)
        self.calendar = exceptions_of(SEED_CALENDAR)

    def write_case(self, person: Person, received: datetime) -> None:
        """Write one complaint as it stands today."""
        rng, branch = self.rng, person.branch_id
        stage, cause, lines, request, facts = rng.choice(GRIEVANCES)
        case_id = new_id()
        handler, head = rng.choice(self.company.clerks[branch]), rng.choice(self.company.managers[branch])
        channel = rng.choice(CHANNELS)
        case = {
            "id": case_id,
            "number": self.files.number("case", "TS", received, ("case", case_id)),
            "kind": "complaint",
            "branch_id": branch,
            "customer_id": person.customer_id,
            "policy_id": person.policy_id,
            "channel": channel.value,
            "forward_number": f"转办{rng.randrange(10_000, 99_999)}"
            if channel in (Channel.HOTLINE, Channel.REGULATOR)
            else "",
            "received_at": received,
            "accused_branch_id": branch,
            "line": rng.choice(lines),
            "sales_channel": rng.choice(SALES).value,
            "amount": rng.randrange(5, 900) * 100_00,
            "stage_id": self.causes[stage],
            "cause_id": self.causes[cause],
            "is_repeat": rng.random() < 0.08,
            "is_group": rng.random() < 0.02,
            "is_violation": stage == "A" and rng.random() < 0.1,
            "is_major": False,
            "handler_id": None,
            "registered_by": handler,
            "registered_at": received,
            "updated_at": received,
        }
        said: Row = {
            "case_id": case_id,
            "complainant_kind": "organisation" if person.kind == "organisation" else "holder",
            "name": person.name,
            "phone": person.phone,
            **blinds_of(person.name, "", person.phone),
            "request": request,
            "facts": facts,
        }
        self.files.rows.setdefault(Case, []).append(case)
        self.files.rows.setdefault(CaseStatement, []).append(said)
        _Course(self, case, said, handler, head).run()


class _Course:
    """What happens in one complaint, step by step, until today."""

    def __init__(self, writer: _Writer, case: Row, said: Row, handler: int, head: int) -> None:
        self.writer, self.case, self.said, self.handler, self.head = writer, case, said, handler, head
        self.state, self.ordinal, self.events = "registered", 0, list[Event]()

    def run(self) -> None:
        """Let happen what has happened by now, and judge the clock."""
        rng, received = self.writer.rng, self.case["received_at"]
        self._event(EventKind.RECEIVED, received)
        fate, age = rng.random(), (self.writer.now - received).days
        if age > 1 or fate < 0.5:
            self._go_on(fate, received + timedelta(hours=rng.randrange(2, 22)))
        # Every row of one insert has the same columns.
        for name in ("is_complex", "outcome", "is_mediated", "decided_at", "notified_at", "closed_at", "declared_at"):
            self.case.setdefault(name, {"is_complex": False, "outcome": ""}.get(name))
        for name in ("finding", "opinion", "decision", "decision_basis", "root_cause"):
            self.said.setdefault(name, "")
        self.case["state"] = self.state
        self._judge()

    def _go_on(self, fate: float, accepted: datetime) -> None:
        rng, now = self.writer.rng, self.writer.now
        accepted = min(accepted, now)
        if fate < 0.05:
            self._step("withdraw", "withdrawn", EventKind.WITHDRAWN, accepted, reason="投诉人来电撤回。")
            return
        self.case.update(handler_id=self.handler, declared_at=accepted)
        self._step("accept", "accepted", EventKind.ACCEPTED, accepted)
        days = rng.randrange(2, 14) if fate < 0.85 else rng.randrange(16, 29) if fate < 0.95 else rng.randrange(18, 40)
        if 0.85 <= fate < 0.95 and accepted + timedelta(days=6) < now:
            self.case["is_complex"] = True
            at = accepted + timedelta(days=5)
            self._step(
                "classify",
                "accepted",
                EventKind.CLASSIFIED_COMPLEX,
                at,
                by="主办人",
                reason="涉及多份合同，需调阅外部资料。",
            )
        if 0.93 <= fate < 0.95 and accepted + timedelta(days=8) < now:
            self._expert(accepted + timedelta(days=7))
        decided = accepted + timedelta(days=days)
        if decided < now:
            self._decide(decided)

    def _expert(self, begun: datetime) -> None:
        """Wait for an appraisal; it ends after four days, unless that is still to come."""
        proof: dict[str, Any] = {"ground": Ground.APPRAISAL, "about": "笔迹", "notice": "电话告知"}
        self._step("pause", "accepted", EventKind.PAUSE_BEGUN, begun, proof="鉴定委托书", **proof)
        ended = begun + timedelta(days=4)
        if ended < self.writer.now:
            self._step("resume", "accepted", EventKind.PAUSE_ENDED, ended, proof="鉴定意见书", **proof)

    def _decide(self, at: datetime) -> None:
        rng = self.writer.rng
        outcome = rng.choices(tuple(DECISIONS), (3, 4, 3, 2))[0]
        self.case.update(outcome=outcome, is_mediated=True if outcome == "settled" else rng.choice((None, None, False)))
        self.said.update(
            finding=rng.choice(FINDINGS), opinion=DECISIONS[outcome], decision=DECISIONS[outcome], decision_basis=BASIS
        )
        self._step("propose", "proposed", None, at)
        if at + timedelta(hours=5) > self.writer.now:
            return
        self.case["decided_at"] = at + timedelta(hours=3)
        self._step("decide", "decided", EventKind.DECIDED, self.case["decided_at"], who=self.head)
        told = at + timedelta(hours=5)
        self.case["notified_at"] = told
        self._step("notify", "notified", EventKind.NOTIFIED, told, channel=TellBy.MESSAGE, proof="短信回执")
        self.writer.files.add(
            CaseNotification,
            case_id=self.case["id"],
            about="decision",
            channel="message",
            told_at=told,
            receiver=self.said["name"],
            proof="短信回执",
            told_by=self.handler,
            recorded_at=told,
        )
        closed = told + timedelta(days=rng.randrange(2, 12))
        self._mend(told, closed)

    def _mend(self, told: datetime, closed: datetime) -> None:
        rng, done = self.writer.rng, closed < self.writer.now
        self.said["root_cause"] = rng.choice(CAUSES_FOUND)
        self.writer.files.add(
            CaseRemedy,
            case_id=self.case["id"],
            measure=rng.choice(MEASURES),
            owner_id=self.handler,
            branch_id=self.case["branch_id"],
            due_on=office_day(told + timedelta(days=14)),
            done_on=office_day(closed) if done else None,
            result="已完成。" if done else "",
            checked_by=self.head if done else None,
            checked_at=closed if done else None,
            created_at=told,
        )
        if done:
            self.case["closed_at"] = closed
            self._step("close", "closed", None, closed, who=self.head)

    def _step(self, step: str, after: str, kind: EventKind | None, at: datetime, *, who: int = 0, **facts: Any) -> None:
        self.ordinal += 1
        self.writer.files.add(
            CaseStepRow,
            case_id=self.case["id"],
            ordinal=self.ordinal,
            step=step,
            state_before=self.state,
            state_after=after,
            event_id=self._event(kind, at, **facts) if kind else None,
            account_id=who or self.handler,
            at=at,
        )
        self.state, self.case["updated_at"] = after, at

    def _event(self, kind: EventKind, at: datetime, **facts: Any) -> int:
        event_id = new_id()
        self.events.append(Event(kind, at, **facts))
        plain = {name: getattr(value, "value", value) for name, value in facts.items()}
        self.writer.files.add(
            ClockEvent,
            id=event_id,
            holder_kind="case",
            holder_id=self.case["id"],
            kind=kind.value,
            moment=at,
            account_id=self.handler,
            recorded_at=at,
            **{name: plain.get(name, "") for name in ("ground", "about", "by", "reason", "proof", "notice", "channel")},
        )
        return event_id

    def _judge(self) -> None:
        writer, case = self.writer, self.case
        standing = judge(writer.rule, self.events, writer.now, writer.calendar)
        case.update(
            clock_state=standing.state.value,
            due_on=standing.due_on,
            days_taken=standing.days_taken,
            days_over=standing.days_over,
        )
        writer.files.add(
            Clock,
            holder_kind="case",
            holder_id=case["id"],
            rule_id=writer.rule_row.id,
            code="complaint",
            branch_id=case["branch_id"],
            state=standing.state.value,
            started_on=office_day(case["received_at"]),
            due_on=standing.due_on,
            ended_on=standing.ended_on,
            days_over=standing.days_over,
            days_taken=standing.days_taken,
            judged_at=writer.now,
        )


def _ask(rng: Random, company: Company, files: Files, person: Person, asked: datetime) -> None:
    topic, about, question, answer = rng.choice(QUESTIONS)
    consultation_id, clerk = new_id(), rng.choice(company.clerks[person.branch_id])
    open_still = rng.random() < 0.03
    files.add(
        Consultation,
        id=consultation_id,
        number=files.number("consultation", "ZX", asked, ("consultation", consultation_id)),
        branch_id=person.branch_id,
        channel=rng.choice(("call", "call", "visit", "online")),
        asked_at=asked,
        customer_id=person.customer_id,
        policy_id=person.policy_id if about == "policy" else None,
        asker=person.name,
        asker_blind=consultations.blind("asker", person.name),
        phone=person.phone,
        phone_blind=consultations.blind("phone", person.phone),
        about=about,
        topic=topic,
        question=question,
        answer=answer,
        result="follow_up" if open_still else "answered",
        follow_up_on=office_day(asked + timedelta(days=3)) if open_still else None,
        follow_up_by=clerk if open_still else None,
        closed_at=None if open_still else asked,
        logged_by=clerk,
        logged_at=asked,
        updated_at=asked,
    )
