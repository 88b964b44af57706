"""What a decision of a complaint must say, and what must be found before one is closed (办法 Art. 9, 19, 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.case_terms import Outcome
from app.domain.cases import CaseKind
from app.domain.errors import Invalid
from app.domain.normal import clean_note

LONGEST_TEXT = 4000
REVIEW_DAYS = 30  # Art. 20: natural days from the day on which the decision arrives
REVIEW, MEDIATION, ARBITRATION, LAWSUIT = "核查", "调解", "仲裁", "诉讼"
OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    CaseKind.COMPLAINT.value: (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.SETTLED),
    CaseKind.REVIEW.value: (Outcome.UPHELD, Outcome.CHANGED),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out 核实情况, what the handler thinks 处理意见, how mediation went 调解情况."""

    finding: str = ""
    opinion: str = ""
    mediation: str = ""
    is_mediated: bool | None = None  # None not tried, True settled, False failed


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision as it is put before the manager, with everything that its letter must say (Art. 19)."""

    decision: str
    decision_basis: str
    remedies: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RootCause:
    """Where a complaint came from 溯源, who answers for it 责任追究, and its place in the tree of causes."""

    root_cause: str
    accountability: str = ""
    stage_id: int | None = None
    cause_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedRemedy:
    """A remedial action 整改措施 with who does it until when."""

    measure: str
    owner_id: int | None
    due_on: date | None


def check_findings(typed: Findings) -> Findings:
    """Return findings normalised; raises `Invalid` for mediation that is told of without its outcome."""
    checked = replace(
        typed,
        finding=clean_note(typed.finding),
        opinion=clean_note(typed.opinion),
        mediation=clean_note(typed.mediation),
    )
    problems = _too_long(checked, ("finding", "opinion", "mediation"))
    if checked.is_mediated is not None and not checked.mediation:
        problems["mediation"] = ["outcome.mediation_missing"]
    _refuse(problems)
    return checked


def check_proposal(typed: Proposal, kind: str, *, finding: str, superior: str) -> Proposal:
    """Return a proposal normalised; raises `Invalid` with everything that the letter would lack.

    `superior` is the institution that takes the 核查, empty where there is none.
    """
    checked = replace(
        typed,
        decision=clean_note(typed.decision),
        decision_basis=clean_note(typed.decision_basis),
        remedies=clean_note(typed.remedies),
    )
    problems = _too_long(checked, ("decision", "decision_basis", "remedies"))
    if not finding.strip():
        problems["finding"] = ["outcome.finding_missing"]
    for name in ("decision", "decision_basis"):
        if not getattr(checked, name):
            problems[name] = [f"outcome.{name}_missing"]
    if checked.outcome not in OUTCOMES[kind]:
        problems["outcome"] = ["outcome.outcome_missing"]
    ways = ways_of_remedy(kind, superior)
    if not all(way in checked.remedies for way in ways) or superior_named(kind, superior) not in checked.remedies:
        problems["remedies"] = [
            "outcome.remedies_incomplete" if REVIEW in ways else "outcome.remedies_incomplete_three"
        ]
    _refuse(problems)
    return checked


def ways_of_remedy(kind: str, superior: str) -> tuple[str, ...]:
    """Return the ways that a letter must name; only decisions of branch offices can be re-examined, and once."""
    three = (MEDIATION, ARBITRATION, LAWSUIT)
    return (REVIEW, *three) if superior_named(kind, superior) else three


def superior_named(kind: str, superior: str) -> str:
    """Return the institution that the letter must name for the 核查, empty when there is none."""
    return superior if kind == CaseKind.COMPLAINT else ""


def remedies_text(kind: str, superior: str, days: int = REVIEW_DAYS) -> str:
    """Return the remedies as a letter starts with: the 核查 with its institution and days, mediation, arbitration, law."""
    ways = [
        "向银行保险纠纷调解组织申请调解；",
        "依据双方达成的仲裁协议，向仲裁机构申请仲裁；",
        "依法向有管辖权的人民法院提起诉讼。",
    ]
    if superior_named(kind, superior):
        ways.insert(0, f"自收到本处理决定之日起{days}日内，以书面形式向{superior}申请核查；")
    numbered = "\n".join(f"{number}．{text}" for number, text in enumerate(ways, 1))
    return f"如对本处理决定有异议，可以通过以下途径解决：\n{numbered}"


def check_root_cause(typed: RootCause) -> RootCause:
    """Return the root cause normalised; raises `Invalid` when it is not told, or has no place in the tree."""
    checked = replace(typed, root_cause=clean_note(typed.root_cause), accountability=clean_note(typed.accountability))
    problems = _too_long(checked, ("root_cause", "accountability"))
    if not checked.root_cause:
        problems["root_cause"] = ["outcome.root_cause_missing"]
    if checked.stage_id is None:
        problems["stage_id"] = ["outcome.stage_missing"]
    _refuse(problems)
    return checked


def check_remedy(typed: PlannedRemedy, today: date) -> PlannedRemedy:
    """Return a remedial action normalised; raises `Invalid` without measure, owner, or a day that is still to come."""
    checked = replace(typed, measure=clean_note(typed.measure))
    problems = _too_long(checked, ("measure",))
    if not checked.measure:
        problems["measure"] = ["outcome.measure_missing"]
    if checked.owner_id is None:
        problems["owner_id"] = ["outcome.owner_missing"]
    if checked.due_on is None:
        problems["due_on"] = ["outcome.due_missing"]
    elif checked.due_on < today:
        problems["due_on"] = ["outcome.due_past"]
    _refuse(problems)
    return checked


def _too_long(typed: object, names: Sequence[str]) -> dict[str, list[str]]:
    return {name: ["outcome.too_long"] for name in names if len(getattr(typed, name)) > LONGEST_TEXT}


def _refuse(problems: dict[str, list[str]]) -> None:
    if problems:
        raise Invalid(problems)
