"""What the machine suggests for a paper at the desk: kind, class, customer, policy, claim, title, date; and what does not fit.

Suggestions are rows that say why and how sure; nothing of the paper is changed, a person takes them or not. A customer, policy
or claim is suggested by number wherever it is kept, by name at the paper's own branch only; who may not see it is not offered it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain import suggesting
from app.domain.actor import Actor
from app.domain.extracting import best, extract
from app.domain.finds import Find, FindKind
from app.domain.masking import mask_id_number, mask_name
from app.domain.office_time import CHINA
from app.domain.paper_rules import guess
from app.domain.paper_types import fill_title
from app.domain.policy import Action
from app.domain.sorting import blend
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category
from app.models.intake import IntakeItem, PaperType, Suggestion
from app.models.policies import Policy
from app.ports import TextSorter
from app.queries.visibility import customers_for
from app.services.intake_steps import pages_of
from app.services.matching import Matches, match_paper, mismatches

MISMATCH, OTHER_PERSON = COMPARED = "mismatch", "other_person"
_FIRST_PAGES, _LAST_PAGES = 10, 2
_MOST_KINDS = 3
_MOST_CUSTOMERS = 4
_LONGEST_WORDS = 3
_OWNED = ("customer", "policy", "claim")
_POINTING = frozenset({"paper_type", "category", *_OWNED})
_TELLING = frozenset({MISMATCH, OTHER_PERSON, "amount", "identity"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion as a person sees it.

    `field` is one of `intake_desk.FIELDS`, or mismatch, other_person, amount, identity, which only tell. `value` is text to
    read (dates ISO), `target_id` what it points at. `code` says why, with `details`.
    """

    id: int
    field: str
    value: str
    target_id: int | None
    score: float
    code: str
    details: tuple[str, ...]
    state: str

    @property
    def is_sure(self) -> bool:
        """Say whether it is good enough to stand in the field before anybody looked."""
        return self.field not in _TELLING and self.score >= 0.6


@dataclass(slots=True)
class _Sheet:
    """Gathers rows for one paper."""

    item_id: int
    rows: list[Suggestion] = field(default_factory=list)

    def add(self, name: str, value: str, score: float, code: str, *details: str, target: int | None = None) -> None:
        rank = sum(row.field == name for row in self.rows)
        why = json.dumps([code, *details], ensure_ascii=False)
        self.rows.append(
            Suggestion(
                item_id=self.item_id,
                field=name,
                rank=rank,
                value=value,
                target_id=target,
                score=round(min(score, 0.99), 3),
                why=why,
                state="offered",
            )
        )


def suggest(session: Session, item_id: int, *, model: bytes | None, sorter: TextSorter, now: datetime) -> None:
    """Write what is suggested for a paper, in place of what was offered before; `model` is None before anything was learnt."""
    item = session.get_one(IntakeItem, item_id)
    text = _text_of(session, item_id)
    finds = extract(text, now.astimezone(CHINA).date())
    sheet = _Sheet(item_id)
    kinds = _suggest_kinds(session, sheet, text, model, sorter)
    kind = session.get(PaperType, item.paper_type_id) if item.paper_type_id else kinds[0] if kinds else None
    found = match_paper(session, finds, branch_id=item.branch_id)
    _suggest_people(session, sheet, item, found)
    _suggest_rest(session, sheet, item, kind, finds, found, now=now)
    _add_contradictions(session, sheet, item.customer_id, finds)
    session.execute(delete(Suggestion).where(Suggestion.item_id == item_id, Suggestion.state == "offered"))
    decided = {
        (row.field, row.value) for row in session.scalars(select(Suggestion).where(Suggestion.item_id == item_id))
    }
    session.add_all(row for row in sheet.rows if (row.field, row.value) not in decided)
    item.is_suggested = True
    session.flush()


def offered(session: Session, item_id: int, actor: Actor) -> list[Offer]:
    """Return what is suggested for a paper, best first, without what `actor` may not see."""
    rows = session.scalars(
        select(Suggestion)
        .where(Suggestion.item_id == item_id)
        .order_by(Suggestion.field, Suggestion.rank, Suggestion.id)
    ).all()
    hidden = _hidden(session, rows, actor)
    return [_offer(row) for row in rows if row.target_id is None or row.target_id not in hidden]


def typed_value(offer: Offer) -> Any:
    """Return what stands in the field when an offer is taken: an id, a date, or text."""
    if offer.field.endswith("_id"):
        return offer.target_id
    return datetime.fromisoformat(offer.value).date() if offer.field == "formed_on" else offer.value


def prefill(offers: Iterable[Offer]) -> dict[str, Any]:
    """Return for each field of `intake_desk.FIELDS` the value of its best sure offer."""
    chosen: dict[str, Any] = {}
    for offer in offers:
        if offer.is_sure and offer.state != "refused":
            chosen.setdefault(offer.field, typed_value(offer))
    return chosen


def contradictions(session: Session, item_id: int, customer_id: int | None, *, now: datetime) -> list[Offer]:
    """Return what on a paper contradicts a customer, whoever chose him; nothing is written."""
    if customer_id is None:
        return []
    sheet = _Sheet(item_id)
    _add_contradictions(session, sheet, customer_id, _finds_of(session, item_id, now=now))
    return [_offer(row) for row in sheet.rows]


def is_contradicted(offers: Iterable[Offer]) -> bool:
    """Say whether something among `offers` speaks against the customer, and not only of another person of his contract."""
    return any(offer.field == MISMATCH for offer in offers)


def note_contradictions(session: Session, item: IntakeItem, *, now: datetime) -> None:
    """Write anew what contradicts the customer of a paper, after another one was chosen."""
    sheet = _Sheet(item.id)
    _add_contradictions(session, sheet, item.customer_id, _finds_of(session, item.id, now=now))
    session.execute(delete(Suggestion).where(Suggestion.item_id == item.id, Suggestion.field.in_(COMPARED)))
    session.add_all(sheet.rows)
    session.flush()


def _add_contradictions(session: Session, sheet: _Sheet, customer_id: int | None, finds: Sequence[Find]) -> None:
    for code, details in mismatches(session, customer_id, finds):
        is_hard = code.startswith(MISMATCH)
        sheet.add(MISMATCH if is_hard else OTHER_PERSON, details[0], 0.99 if is_hard else 0.5, code, *details[1:])


def _finds_of(session: Session, item_id: int, *, now: datetime) -> list[Find]:
    return extract(_text_of(session, item_id), now.astimezone(CHINA).date())


def _text_of(session: Session, item_id: int) -> str:
    """Return what is looked through: of a long paper its beginning, and its end, where it is signed."""
    pages = [page.text for page in pages_of(session, item_id) if not page.blank]
    few = len(pages) <= _FIRST_PAGES + _LAST_PAGES
    return "\n".join(pages if few else [*pages[:_FIRST_PAGES], *pages[-_LAST_PAGES:]])


def _suggest_kinds(
    session: Session, sheet: _Sheet, text: str, model: bytes | None, sorter: TextSorter
) -> list[PaperType]:
    types = {kind.code: kind for kind in session.scalars(select(PaperType).where(PaperType.active.is_(True)))}
    learnt = sorter.rank(model, [text])[0] if model and text.strip() else []
    found = [one for one in blend(guess(text), learnt) if one.code in types][:_MOST_KINDS]
    for one in found:
        code = "kind.both" if one.words and one.learnt >= 0.3 else "kind.words" if one.words else "kind.learnt"
        sheet.add(
            "paper_type",
            types[one.code].name,
            one.score,
            code,
            *one.words[:_LONGEST_WORDS],
            target=types[one.code].id,
        )
    if found:
        kind = types[found[0].code]
        name = session.scalar(select(Category.name).where(Category.id == kind.category_id)) or ""
        sheet.add("category", name, found[0].score, "category.of_kind", kind.name, target=kind.category_id)
    return [types[one.code] for one in found]


def _suggest_people(session: Session, sheet: _Sheet, item: IntakeItem, found: Matches) -> None:
    for customer in found.customers[:_MOST_CUSTOMERS]:
        sheet.add("customer", customer.label, customer.score, customer.code, *customer.details, target=customer.id)
    mine = item.customer_id or (found.customers[0].id if found.customers else None)
    for one in found.policies:
        score = one.score if mine is None or one.customer_id == mine else one.score * 0.5
        sheet.add("policy", one.label, score, one.code, target=one.id)
    for one in found.claims:
        score = one.score if mine is None or one.customer_id == mine else one.score * 0.5
        sheet.add("claim", one.label, score, one.code, target=one.id)
    if mine is not None and not found.policies:
        _suggest_only_policy(session, sheet, mine)


def _suggest_only_policy(session: Session, sheet: _Sheet, customer_id: int) -> None:
    policies = session.execute(select(Policy.id, Policy.number).where(Policy.customer_id == customer_id).limit(2)).all()
    if len(policies) == 1:
        sheet.add("policy", policies[0].number, 0.4, "policy.only_one", target=policies[0].id)


def _suggest_rest(
    session: Session,
    sheet: _Sheet,
    item: IntakeItem,
    kind: PaperType | None,
    finds: Sequence[Find],
    found: Matches,
    *,
    now: datetime,
) -> None:
    today = now.astimezone(CHINA).date()
    customer = session.get(Customer, item.customer_id or (found.customers[0].id if found.customers else 0))
    formed = suggesting.formed_on(finds, today)
    if formed:
        sheet.add("formed_on", formed.value, formed.score, formed.why)
    if kind is not None:
        made = suggesting.author(kind.code, finds, _name_on_paper(customer, finds))
        if made:
            sheet.add("author", made.value, made.score, made.why)
        words = suggesting.keywords(kind.name, finds)
        sheet.add("keywords", words.value, words.score, words.why)
        _suggest_title(sheet, kind, customer, finds, formed.value if formed else "")
    for number in best(finds, FindKind.DOCUMENT_NUMBER)[:1]:
        sheet.add("document_number", number.value[:60], number.score * 0.9, "number.labelled", number.label)
    for amount in [find for find in best(finds, FindKind.AMOUNT) if find.label][:3]:
        sheet.add(
            "amount", amount.value, amount.score, "amount.words" if amount.checked else "amount.found", amount.label
        )
    for number in best(finds, FindKind.IDENTITY)[:4]:
        code = "identity.checked" if number.checked else "identity.fails" if number.checked is False else "identity.old"
        sheet.add("identity", mask_id_number(number.value), number.score, code, *(why.value for why in number.why))


def _suggest_title(
    sheet: _Sheet, kind: PaperType, customer: Customer | None, finds: Sequence[Find], formed: str
) -> None:
    if not kind.title_pattern:
        return
    name = _name_on_paper(customer, finds)
    first = {
        kind_: next((find.value for find in best(finds, kind_)), "") for kind_ in (FindKind.POLICY, FindKind.CLAIM)
    }
    is_organisation = customer is not None and customer.kind == "organisation" and name == customer.name
    title = fill_title(
        kind.title_pattern,
        {
            "name": mask_name(name, is_organisation=is_organisation),
            "matter": suggesting.matter(finds),
            "policy": first[FindKind.POLICY],
            "claim": first[FindKind.CLAIM],
            "date": formed.replace("-", ""),
        },
    )
    sheet.add("title", title, 0.8 if customer else 0.6, "title.pattern", kind.name)


def _name_on_paper(customer: Customer | None, finds: Sequence[Find]) -> str:
    """Return the customer's name if it stands there; what is kept of somebody is not told to who only has the paper."""
    names = [find.value for kind in (FindKind.NAME, FindKind.ORGANISATION) for find in best(finds, kind)]
    if customer is not None and customer.name in names:
        return customer.name
    return next((find.value for find in best(finds, FindKind.NAME)), "")


def _hidden(session: Session, rows: Sequence[Suggestion], actor: Actor) -> set[int]:
    """Return the targets that `actor` may not see: customers, and what hangs on them."""
    targets = {name: {row.target_id for row in rows if row.field == name and row.target_id} for name in _OWNED}
    seen = select(Customer.id).where(customers_for(actor, Action.CUSTOMER_VIEW))
    visible = set(session.scalars(seen.where(Customer.id.in_(targets["customer"]))))
    for name, model in (("policy", Policy), ("claim", Claim)):
        owned = select(model.id).join(Customer, Customer.id == model.customer_id)
        visible |= set(
            session.scalars(owned.where(model.id.in_(targets[name]), customers_for(actor, Action.CUSTOMER_VIEW)))
        )
    return set().union(*targets.values()) - visible


def field_of(suggested: str) -> str:
    """Return the field of the desk that a suggestion is for."""
    return f"{suggested}_id" if suggested in _POINTING else suggested


def _offer(row: Suggestion) -> Offer:
    code, *details = json.loads(row.why)
    return Offer(row.id or 0, field_of(row.field), row.value, row.target_id, row.score, code, tuple(details), row.state)
