"""Reads for agents' screens 代理人: their own customers and what they sent in of them, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import LineState
from app.domain.errors import NotFound
from app.domain.identity_facts import IdKind
from app.domain.ids import decode_id, encode_id
from app.domain.intake import ItemState
from app.domain.masking import mask_identity, mask_mobile, mask_name
from app.domain.policy import Action
from app.domain.submissions import CHANGEABLE, KEPT, SubmissionState, needs_retake, read_reasons
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.intake import IntakeFile, IntakeItem, IntakePage, PaperType, Submission
from app.models.policies import Policy
from app.queries.completeness import Checklist, ChecklistLine, checklist
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import claims_for, customers_for, policies_for, submissions_of

LATELY = timedelta(days=90)
MOST_LINES, PAGE_SIZE = 30, 20
OTHER = "free"  # the line for anything else
WANTED = frozenset({LineState.MISSING, LineState.OWED, LineState.WAIVER})
UNSEEN = frozenset({LineState.NOT_NEEDED, LineState.WAIVED})
TAKEN = frozenset({ItemState.CATALOGUED, ItemState.REWORK, ItemState.PASSED})
BY_NAME = Sort(Customer.name_sort, Customer.id)


@dataclass(frozen=True, slots=True)
class OwnCustomer:
    """A customer of the agent, masked."""

    id: int
    number: str
    name: str
    id_number: str
    mobile: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a submission for a customer may be about: (id, number, words) of his policies and open claims."""

    customer: OwnCustomer
    policies: Sequence[tuple[int, str, str]]
    claims: Sequence[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A page that came back: of which paper, which page, why."""

    paper: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A submission in the lists of the start page."""

    id: int
    number: str
    customer_name: str
    business: str
    about: str
    state: str
    at: datetime
    pages: int
    refused: Sequence[RefusedPage]


@dataclass(frozen=True, slots=True)
class StartPage:
    """What waits for the agent first, then his drafts, what he handed in and what was accepted lately."""

    returned: Sequence[SubmissionRow]
    drafts: Sequence[SubmissionRow]
    submitted: Sequence[SubmissionRow]
    accepted: Sequence[SubmissionRow]


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page of a submission; `flaw` is what retaking would mend, `refusal` why it came back."""

    id: int
    number: int
    flaw: str
    kept: bool
    turned: int
    refusal: str
    may_replace: bool
    may_remove: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of the checklist with what was photographed for it; `key` is the paper's code."""

    key: str
    name: str
    hint: str
    condition: str
    is_wanted: bool
    state: str  # there | ask | optional | wanted, before anything is photographed
    item_state: str  # empty before the first page
    pages: Sequence[SentPage]
    waiting: int  # files whose pages are still drawn
    unreadable: int  # files that no machine can draw; they are kept as they are
    may_add: bool
    reason: str

    @property
    def is_started(self) -> bool:
        """Say whether anything was sent for it."""
        return bool(self.pages or self.waiting or self.unreadable)

    @property
    def refused(self) -> int:
        """Return how many of its pages came back and were not sent again."""
        return sum(bool(page.refusal) for page in self.pages)


@dataclass(frozen=True, slots=True)
class SubmissionDetail:
    """A submission as its page shows it."""

    id: int
    number: str
    customer_id: int
    customer_name: str
    business: str
    about: str
    state: str
    created_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    version: int
    lines: Sequence[PaperLine]

    @property
    def is_open(self) -> bool:
        """Say whether the agent may still work on it."""
        return SubmissionState(self.state) in CHANGEABLE

    @property
    def missing(self) -> Sequence[PaperLine]:
        """Return what is wanted and has no page yet."""
        return [line for line in self.lines if line.is_wanted and not line.is_started]

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return sum(len(line.pages) for line in self.lines)

    @property
    def refused(self) -> int:
        """Return how many pages wait to be sent again."""
        return sum(line.refused for line in self.lines)


@dataclass(frozen=True, slots=True)
class PageImage:
    """Where the image of a page lies, and how far it is turned to be read."""

    image_digest: str
    thumbnail_digest: str
    turned: int


def list_own_customers(
    session: Session, actor: Actor, text: str = "", *, cursor: Cursor | None = None
) -> PageOf[OwnCustomer]:
    """Return a page of the agent's own customers by name; `text` is the beginning of a name or a whole number."""
    found = [customers_for(actor, Action.SUBMISSION_MAKE, by_index=True), Customer.state == "active"]
    if text:
        found.append(or_(Customer.name.startswith(text, autoescape=True), Customer.number == text.upper()))
    return read_page(
        session,
        select(Customer, Customer.name_sort, Customer.id).where(*found),
        BY_NAME,
        cursor,
        size=PAGE_SIZE,
        total=count_up_to(session, select(Customer.id).where(*found)),
        make=lambda row: _own(row[0]),
        most=MOST_COUNTED,
    )


def read_choices(session: Session, actor: Actor, customer_id: int) -> Choices:
    """Return what can be sent in for one of the agent's customers; raises `NotFound` for anybody else's."""
    customer = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.SUBMISSION_MAKE))
    )
    if customer is None:
        raise NotFound
    policies = session.execute(
        select(Policy.id, Policy.number, Policy.product)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.customer_id == customer_id, policies_for(actor, Action.SUBMISSION_MAKE))
        .order_by(Policy.number.desc())
        .limit(MOST_LINES)
    )
    claims = session.execute(
        select(Claim.id, Claim.number, Claim.kind)
        .join(Customer, Customer.id == Claim.customer_id)
        .where(Claim.customer_id == customer_id, claims_for(actor, Action.SUBMISSION_MAKE))
        .order_by(Claim.number.desc())
        .limit(MOST_LINES)
    )
    return Choices(_own(customer), [(i, n, w) for i, n, w in policies], [(i, n, w) for i, n, w in claims])


def read_start(session: Session, actor: Actor, *, now: datetime) -> StartPage:
    """Return what the agent's start page shows; what was accepted, of the last 90 days."""
    pages = (
        select(func.count())
        .select_from(IntakePage)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .where(IntakeItem.submission_id == Submission.id, IntakePage.removed.is_(False))
        .correlate(Submission)
        .scalar_subquery()
    )
    at = func.coalesce(Submission.ended_at, Submission.submitted_at, Submission.created_at)
    rows = session.execute(
        select(Submission, Customer, Policy.number, Claim.number, pages, at.label("at"))
        .join(Customer, Customer.id == Submission.customer_id)
        .outerjoin(Policy, Policy.id == Submission.policy_id)
        .outerjoin(Claim, Claim.id == Submission.claim_id)
        .where(
            submissions_of(actor),
            Submission.state != SubmissionState.WITHDRAWN.value,
            or_(Submission.state != SubmissionState.ACCEPTED.value, Submission.ended_at >= now - LATELY),
        )
        .order_by(at.desc(), Submission.id.desc())
        .limit(4 * MOST_LINES)
    ).all()
    refused = _refused(session, [row[0].id for row in rows if row[0].state == SubmissionState.RETURNED])
    by_state: dict[str, list[SubmissionRow]] = {}
    for submission, customer, policy, claim, count, moment in rows:
        made = SubmissionRow(
            submission.id,
            submission.number,
            _name(customer),
            submission.business,
            claim or policy or "",
            submission.state,
            moment,
            count,
            refused.get(submission.id, ()),
        )
        by_state.setdefault(submission.state, []).append(made)
    return StartPage(*(by_state.get(state, ()) for state in ("returned", "draft", "submitted", "accepted")))


def read_submission(session: Session, actor: Actor, submission_id: int, *, today: date) -> SubmissionDetail:
    """Return one of the agent's own submissions with its checklist; raises `NotFound` for anybody else's."""
    row = session.execute(
        select(Submission, Customer, Policy.number, Claim.number)
        .join(Customer, Customer.id == Submission.customer_id)
        .outerjoin(Policy, Policy.id == Submission.policy_id)
        .outerjoin(Claim, Claim.id == Submission.claim_id)
        .where(Submission.id == submission_id, submissions_of(actor))
    ).first()
    if row is None:
        raise NotFound
    submission, customer, policy, claim = row
    return SubmissionDetail(
        submission.id,
        submission.number,
        customer.id,
        _name(customer),
        submission.business,
        claim or policy or "",
        submission.state,
        submission.created_at,
        submission.submitted_at,
        submission.ended_at,
        submission.version,
        read_lines(session, submission, today=today),
    )


def read_lines(session: Session, submission: Submission, *, today: date) -> Sequence[PaperLine]:
    """Return the papers of a submission: those of its checklist, others that were sent, and the free line."""
    wanted = {line.code: line for line in _checklist(session, submission, today).lines if line.state not in UNSEEN}
    items, pages, files = _sent(session, submission.id)
    reasons = read_reasons(submission.note)
    keys = [*wanted, *(key for key in items if key not in wanted and key != OTHER), OTHER]
    return [_line(submission, key, wanted.get(key), items.get(key), pages, files, reasons) for key in keys]


def read_page_image(session: Session, actor: Actor, page_id: int) -> PageImage:
    """Return where a page of one's own submission lies; raises `NotFound` for anybody else's."""
    row = session.execute(
        select(IntakePage.image_digest, IntakePage.thumbnail_digest, IntakePage.turned)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .join(Submission, Submission.id == IntakeItem.submission_id)
        .where(IntakePage.id == page_id, submissions_of(actor))
    ).first()
    if row is None:
        raise NotFound
    return PageImage(*row)


def paper_of_page(session: Session, actor: Actor, page_id: int) -> tuple[int, str]:
    """Return of which submission and paper a page of one's own is; raises `NotFound`."""
    row = session.execute(
        select(Submission.id, PaperType.code)
        .join(IntakeItem, IntakeItem.submission_id == Submission.id)
        .join(IntakePage, IntakePage.item_id == IntakeItem.id)
        .outerjoin(PaperType, PaperType.id == IntakeItem.paper_type_id)
        .where(IntakePage.id == page_id, submissions_of(actor))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1] or OTHER


def about_of(text: str) -> tuple[str, int | None]:
    """Return what a choice names: `policy` or `claim` with its id, or nothing; a spoilt one is nothing."""
    kind, _, spelled = text.partition("-")
    try:
        return (kind, decode_id(spelled)) if kind in ("policy", "claim") else ("", None)
    except ValueError:
        return "", None


def spell_about(kind: str, thing_id: int) -> str:
    """Return the choice that `about_of` reads."""
    return f"{kind}-{encode_id(thing_id)}"


def _own(customer: Customer) -> OwnCustomer:
    return OwnCustomer(
        customer.id,
        customer.number,
        _name(customer),
        mask_identity(IdKind(customer.id_kind), customer.id_number) if customer.id_number else "",
        mask_mobile(customer.mobile),
    )


def _name(customer: Customer) -> str:
    return mask_name(customer.name, is_organisation=customer.kind == "organisation")


def _refused(session: Session, submission_ids: Sequence[int]) -> dict[int | None, list[RefusedPage]]:
    rows = session.execute(
        select(IntakeItem.submission_id, func.coalesce(PaperType.name, ""), IntakePage.id, IntakePage.refusal)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .outerjoin(PaperType, PaperType.id == IntakeItem.paper_type_id)
        .where(
            IntakeItem.submission_id.in_(submission_ids),
            IntakeItem.state == ItemState.RETURNED.value,
            IntakePage.removed.is_(False),
        )
        .order_by(IntakeItem.position, IntakeItem.id, IntakePage.position, IntakePage.id)
    )
    found: dict[int | None, list[RefusedPage]] = {}
    numbers: dict[tuple[int | None, str], int] = {}
    for submission_id, paper, _, refusal in rows:
        number = numbers[submission_id, paper] = numbers.get((submission_id, paper), 0) + 1
        if refusal:
            found.setdefault(submission_id, []).append(RefusedPage(paper, number, refusal))
    return found


def _checklist(session: Session, submission: Submission, today: date) -> Checklist:
    return checklist(
        session,
        business=submission.business,
        policy_id=submission.policy_id,
        claim_id=submission.claim_id,
        customer_id=submission.customer_id,
        today=today,
    )


Photographed = tuple[IntakePage, datetime]  # with the moment it came
Sent = tuple[dict[str, tuple[IntakeItem, str]], dict[int, list[Photographed]], dict[int, list[str]]]


def _sent(session: Session, submission_id: int) -> Sent:
    """Return the items of a submission by the code of their paper, their pages, and the states of undrawn files."""
    items: dict[str, tuple[IntakeItem, str]] = {}
    for item, code, name in session.execute(
        select(IntakeItem, PaperType.code, PaperType.name)
        .outerjoin(PaperType, PaperType.id == IntakeItem.paper_type_id)
        .where(IntakeItem.submission_id == submission_id)
        .order_by(IntakeItem.position, IntakeItem.id)
    ):
        key = code or OTHER
        while key in items:  # parted at the desk: the same paper twice
            key += "+"
        items[key] = (item, name or "")
    pages: dict[int, list[Photographed]] = {}
    for page, received_at in session.execute(
        select(IntakePage, IntakeFile.received_at)
        .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
        .join(IntakeFile, IntakeFile.id == IntakePage.file_id)
        .where(IntakeItem.submission_id == submission_id, IntakePage.removed.is_(False))
        .order_by(IntakePage.position, IntakePage.id)
    ):
        pages.setdefault(page.item_id, []).append((page, received_at))
    files: dict[int, list[str]] = {}
    for item_id, state in session.execute(
        select(IntakeFile.item_id, IntakeFile.state).where(
            IntakeFile.submission_id == submission_id, IntakeFile.state != "done"
        )
    ):
        files.setdefault(item_id or 0, []).append(state)
    return items, pages, files


def _line(
    submission: Submission,
    key: str,
    wanted: ChecklistLine | None,
    sent: tuple[IntakeItem, str] | None,
    pages: dict[int, list[Photographed]],
    files: dict[int, list[str]],
    reasons: dict[str, str],
) -> PaperLine:
    item, sent_name = sent if sent is not None else (None, "")
    name = wanted.name if wanted is not None else sent_name
    state = item.state if item is not None else ""
    undrawn = files.get(item.id, []) if item is not None else []
    is_open = SubmissionState(submission.state) in CHANGEABLE
    return PaperLine(
        key=key,
        name=name,
        hint=wanted.hint if wanted is not None else "",
        condition=wanted.condition_words if wanted is not None else "",
        is_wanted=wanted is not None and wanted.state in WANTED,
        state=_before(wanted),
        item_state=state,
        pages=[
            _page(page, number, state, is_new=submission.submitted_at is None or at > submission.submitted_at)
            for number, (page, at) in enumerate(pages.get(item.id, ()) if item is not None else (), start=1)
        ],
        waiting=undrawn.count("waiting"),
        unreadable=undrawn.count("manual"),
        may_add=is_open and state in ("", ItemState.DRAFT),
        reason=reasons.get(name, ""),
    )


def _before(wanted: ChecklistLine | None) -> str:
    if wanted is None:
        return "optional"
    return "wanted" if wanted.state in WANTED else wanted.state.value


def _page(page: IntakePage, number: int, state: str, *, is_new: bool) -> SentPage:
    flaws = [code for code, _ in page.flaws]
    is_back = state == ItemState.RETURNED and not is_new and bool(page.refusal)
    is_unsent = state == ItemState.DRAFT or (state == ItemState.RETURNED and is_new)
    return SentPage(
        id=page.id,
        number=number,
        flaw=needs_retake(flaws) if is_unsent else "",
        kept=is_unsent and KEPT in flaws,
        turned=page.turned if is_unsent else 0,
        refusal=page.refusal if is_back else "",
        may_replace=is_unsent or is_back,
        may_remove=is_unsent,
    )
