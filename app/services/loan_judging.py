"""Telling before anything is asked what will hold: the rule for each item, who decides, what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import WrongState
from app.domain.loan_rules import EXTERNAL, Case, Rule, Terms, Way, closest, terms_of
from app.domain.loans import OPEN_STATES, LoanState
from app.domain.policy import POLICY, Action
from app.domain.whereabouts import Whereabouts
from app.models.borrowing import BorrowerBlock, LoanItem, LoanRequest
from app.queries.carts import CartRow
from app.services.carts import require_filed
from app.services.loan_rules import rules_in_force

AWAY = frozenset({Whereabouts.LOAN, Whereabouts.REPAIR, Whereabouts.TRANSFER})


@dataclass(frozen=True, slots=True)
class Overdue:
    """A paper that somebody should have brought back."""

    number: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a borrower stands: what is overdue, whether he is blocked, and how many things he has in hand or asked for."""

    overdue: tuple[Overdue, ...]
    block_reason: str
    block_until: date | None
    blocked: bool
    in_hand: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What holds for one item of the cart; `blocks` are codes of what stands in the way."""

    row: CartRow
    terms: Terms | None
    blocks: tuple[str, ...]
    offers_scan: bool  # the paper is away, its pages can be read

    @property
    def is_free(self) -> bool:
        """True when nothing stands in the way."""
        return not self.blocks


def judge(
    session: Session, actor: Actor, rows: Sequence[CartRow], way: str, *, external: bool, today: date
) -> list[Judgement]:
    """Return what holds for each row when it is asked for in `way`."""
    rules, standing = rules_in_force(session, today), standing_of(session, actor, today)
    return [_judge(actor, row, rules, None if external else standing, way, today) for row in rows]


def standing_of(session: Session, actor: Actor, today: date) -> Standing:
    """Return how the actor stands as a borrower; what he received for people from outside does not count."""
    rows = session.execute(
        select(
            LoanRequest.number,
            LoanItem.request_id,
            LoanItem.asked_as,
            LoanItem.asked_as_id,
            LoanItem.document_id,
            LoanItem.state,
            LoanItem.takes_paper,
            LoanItem.due_on,
        )
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .where(
            LoanRequest.borrower_id == actor.account_id,
            LoanRequest.state.in_(("asked", "open")),
            LoanRequest.external_kind == "",
            LoanItem.state.in_(sorted(OPEN_STATES)),
        )
        .order_by(LoanItem.due_on)
    ).all()
    late = [
        Overdue(row.number, row.due_on)
        for row in rows
        if row.takes_paper and row.state == LoanState.OUT and row.due_on is not None and row.due_on < today
    ]
    block = _block_of(session, actor.account_id, today)
    return Standing(
        overdue=tuple(late),
        block_reason=block.reason if block else "",
        block_until=block.until if block else None,
        blocked=block is not None,
        in_hand=len({(row.request_id, row.asked_as, row.asked_as_id or row.document_id) for row in rows}),
    )


def role_of(actor: Actor) -> str:
    """Return the role that the matrix knows the actor by: the highest that he holds."""
    held = actor.roles
    return next((role.value for role in (Role.MANAGER, Role.ARCHIVIST, Role.CLERK) if role in held), "")


def is_elsewhere(actor: Actor, branch_id: int) -> bool:
    """Say whether papers are kept by a branch that is neither the actor's nor below his 跨机构."""
    return not any(
        branch_id == held.branch_id or branch_id in held.below
        for held in actor.held
        if held.role in POLICY[Action.LOAN_ASK]
    )


def _block_of(session: Session, account_id: int, today: date) -> BorrowerBlock | None:
    return session.scalars(
        select(BorrowerBlock)
        .where(
            BorrowerBlock.account_id == account_id,
            BorrowerBlock.lifted_at.is_(None),
            or_(BorrowerBlock.until.is_(None), BorrowerBlock.until >= today),
        )
        .order_by(BorrowerBlock.until.desc().nulls_first())
        .limit(1)
    ).first()


def _judge(
    actor: Actor, row: CartRow, rules: Sequence[Rule], standing: Standing | None, way: str, today: date
) -> Judgement:
    role = role_of(actor) if standing is not None else EXTERNAL
    rule = closest(rules, Case(role, row.category, row.level, way, today))
    terms = terms_of(rule, way, elsewhere=is_elsewhere(actor, row.branch_id)) if rule and rule.allowed else None
    blocks = [*_of_item(row, way, own=standing is not None), *_of_rule(rule, standing, today)]
    takes_paper = way != Way.ELECTRONIC
    offers = takes_paper and row.has_scan and row.whereabouts in AWAY | {Whereabouts.MISSING, Whereabouts.NONE}
    return Judgement(row, terms, tuple(blocks), offers)


def _of_item(row: CartRow, way: str, *, own: bool) -> list[str]:
    takes_paper = way != Way.ELECTRONIC
    try:
        require_filed(row.state)
    except WrongState as refused:
        return [refused.code]
    checks = (
        (row.may_ask, "loan.not_reached"),
        (not takes_paper or row.whereabouts != Whereabouts.NONE, "loan.no_paper"),
        (not takes_paper or row.whereabouts != Whereabouts.MISSING, "loan.paper_missing"),
        (takes_paper or row.has_scan, "loan.no_scan"),
        (not own or not (row.asked_paper if takes_paper else row.asked_electronic), "loan.asked_already"),
    )
    return [code for holds, code in checks if not holds]


def _of_rule(rule: Rule | None, standing: Standing | None, today: date) -> list[str]:
    if rule is None or not rule.allowed:
        return ["loan.not_allowed"]
    if standing is None:
        return []
    found = ["loan.blocked"] if standing.blocked else []
    limit = rule.block_overdue_days
    if limit and any((today - each.due_on).days >= limit for each in standing.overdue):
        found.append("loan.overdue")
    return found
