"""Importing tables 数据导入: tried row by row first, then taken whole or not at all.

Trying runs the very services that taking runs, in transactions that are rolled back: what the trial lets through, the taking
lets through, but for what others changed in between; then nothing is taken and the faults are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_particulars import ClaimParticulars
from app.domain.claims import ClaimStatus
from app.domain.customers import Particulars, SamePerson
from app.domain.documents import Description, kept_file_name
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.policy import Action, Target, may
from app.domain.policy_status import PolicyStatus
from app.domain.policy_terms import PolicyTerms
from app.domain.tables import MOST_FAULTS, Fault, TableKind, Typed, heading_of
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category
from app.models.intake import TableImport
from app.models.policies import Policy
from app.ports import StoredBlob
from app.queries.visibility import branches_in, customers_for, policies_for
from app.services import jobs, trail
from app.services.claims import create_claim
from app.services.customers import create_customer
from app.services.documents import receive_document
from app.services.evidence import keep_blob
from app.services.policies import create_policy

KEYS = {TableKind.CUSTOMERS: "id_number", TableKind.POLICIES: "number", TableKind.CLAIMS: "number"}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the table: where it stands, what it says."""

    number: int
    typed: Typed


def order_import(
    session: Session,
    actor: Actor,
    kind: TableKind,
    branch_id: int,
    blob: StoredBlob,
    file_name: str,
    *,
    now: datetime,
) -> int:
    """Keep a table and ask for its trial; return the import's id. Raises `NotAllowed`."""
    if not may(actor, Action.TABLE_IMPORT, Target(branch_id)):
        raise NotAllowed(Action.TABLE_IMPORT)
    keep_blob(session, blob, now=now)
    made = TableImport(
        id=new_id(),
        kind=kind.value,
        branch_id=branch_id,
        account_id=actor.account_id,
        state="waiting",
        file_name=kept_file_name(file_name),
        blob_digest=blob.digest,
        created_at=now,
        version=1,
    )
    session.add(made)
    session.flush()
    _enqueue(session, actor, made, "try_table", now=now)
    trail.record(session, actor, "import_ordered", _subject(made), now=now, after={"kind": kind.value})
    return made.id


def confirm_import(session: Session, actor: Actor, import_id: int, *, version: int, now: datetime) -> None:
    """Ask for a tried table without faults to be taken; raises `NotFound`, `WrongState`."""
    found = load_import(session, actor, import_id)
    if found.state != "checked" or found.version != version:
        raise WrongState("import.not_ready")
    if found.fault_count or not found.good:
        raise WrongState("import.has_faults")
    found.state = "applying"
    found.version += 1
    _enqueue(session, actor, found, "take_table", now=now)


def drop_import(session: Session, actor: Actor, import_id: int, *, now: datetime) -> None:
    """Give a table up that was not taken; raises `NotFound`, `WrongState`."""
    found = load_import(session, actor, import_id)
    if found.state not in ("waiting", "checked", "refused"):
        raise WrongState("import.not_ready")
    found.state = "dropped"
    found.version += 1
    trail.record(session, actor, "import_dropped", _subject(found), now=now)


def load_import(session: Session, actor: Actor, import_id: int) -> TableImport:
    """Return an import of a branch where `actor` imports, locked; raises `NotFound`."""
    reached = branches_in(actor, Action.TABLE_IMPORT, TableImport.branch_id, by_index=False)
    found = session.scalar(select(TableImport).where(TableImport.id == import_id, reached).with_for_update())
    if found is None:
        raise NotFound
    return found


def note_trial(session: Session, import_id: int, rows: int, faults: Sequence[Fault]) -> None:
    """Write down how the trial went; one that was given up meanwhile stays as it is."""
    found = session.get_one(TableImport, import_id, with_for_update=True)
    if found.state != "waiting":
        return
    _note(found, "checked", rows, faults)


def note_refusal(session: Session, import_id: int, rows: int, faults: Sequence[Fault]) -> None:
    """Write down why nothing of a table was taken."""
    found = session.get_one(TableImport, import_id, with_for_update=True)
    _note(found, "refused", rows, faults)


def take_all(
    session: Session, actor: Actor, import_id: int, rows: Sequence[ReadRow], *, now: datetime, today: date
) -> list[Fault]:
    """Take every row; with any fault the caller rolls everything back. One that was taken already changes nothing."""
    found = session.get_one(TableImport, import_id, with_for_update=True)
    if found.state != "applying":
        return []
    faults = try_rows(session, actor, TableKind(found.kind), rows, now=now, today=today)
    if faults:
        return faults
    found.state, found.applied_at = "applied", now
    found.version += 1
    trail.record(session, actor, "import_taken", _subject(found), now=now, after={"rows": len(rows)})
    return []


def try_rows(
    session: Session, actor: Actor, kind: TableKind, rows: Iterable[ReadRow], *, now: datetime, today: date
) -> list[Fault]:
    """Do what each row asks for, each in a savepoint of its own, and return what is wrong."""
    faults: list[Fault] = []
    for row in rows:
        try:
            with session.begin_nested():
                _take_row(session, actor, kind, row.typed, now=now, today=today)
        except Invalid as invalid:
            faults += [
                Fault(row.number, heading_of(kind, name), code)
                for name, codes in invalid.problems.items()
                for code in codes
            ]
        except SamePerson:
            faults.append(Fault(row.number, heading_of(kind, "name"), "import.same_person"))
        except NotAllowed:
            faults.append(Fault(row.number, "", "import.not_allowed"))
    return faults


def doubled(kind: TableKind, rows: Iterable[ReadRow]) -> list[Fault]:
    """Return a fault for each number that stands in the table a second time."""
    name = KEYS.get(kind)
    if name is None:
        return []
    seen: set[Any] = set()
    faults = []
    for row in rows:
        number = row.typed[name]
        if number is not None and number in seen:
            faults.append(Fault(row.number, heading_of(kind, name), "import.twice"))
        seen.add(number)
    return faults


def _take_row(session: Session, actor: Actor, kind: TableKind, typed: Typed, *, now: datetime, today: date) -> None:
    take = {
        TableKind.CUSTOMERS: _take_customer,
        TableKind.POLICIES: _take_policy,
        TableKind.CLAIMS: _take_claim,
        TableKind.CATALOGUE: _take_item,
    }[kind]
    # What a row does not say takes the value that a form begins with.
    take(session, actor, {name: value for name, value in typed.items() if value is not None}, now, today)


def _take_customer(session: Session, actor: Actor, said: dict[str, Any], now: datetime, today: date) -> None:
    branch = session.scalar(select(Branch.id).where(Branch.code == said.pop("branch")))
    if branch is None:
        raise Invalid.field("branch", "import.no_branch")
    agent_id = None
    if "agent" in said:
        agent_id = session.scalar(select(Account.id).where(Account.username == said.pop("agent")))
        if agent_id is None:
            raise Invalid.field("agent", "import.no_agent")
    said["level"] = int(said.get("level", 2))
    typed = Particulars(branch_id=branch, agent_id=agent_id, **said)
    create_customer(session, actor, typed, now=now, today=today)


def _take_policy(session: Session, actor: Actor, said: dict[str, Any], now: datetime, today: date) -> None:
    customer_id = _customer(session, actor, said.pop("customer"))
    status = PolicyStatus(said.pop("status"))
    create_policy(session, actor, customer_id, PolicyTerms(**said), status=status, now=now, today=today)


def _take_claim(session: Session, actor: Actor, said: dict[str, Any], now: datetime, today: date) -> None:
    policy = (
        select(Policy.id)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.number == said.pop("policy"), policies_for(actor, Action.POLICY_VIEW))
    )
    policy_id = session.scalar(policy)
    if policy_id is None:
        raise Invalid.field("policy", "import.no_policy")
    status = ClaimStatus(said.pop("status"))
    create_claim(session, actor, policy_id, ClaimParticulars(**said), status=status, now=now, today=today)


def _take_item(session: Session, actor: Actor, said: dict[str, Any], now: datetime, today: date) -> None:
    customer_id = _customer(session, actor, said.pop("customer"))
    category = session.execute(
        select(Category.id, Category.default_level, Category.default_period).where(
            Category.code == said.pop("category"), Category.active, Category.parent_id.is_not(None)
        )
    ).first()
    if category is None:
        raise Invalid.field("category", "import.no_category")
    for name, model in (("policy", Policy), ("claim", Claim)):
        if name in said:
            said[f"{name}_id"] = _own(session, model, said.pop(name), customer_id, name)
    said["level"] = int(said.get("level", category.default_level))
    said.setdefault("period", category.default_period)
    if "is_original" in said:
        said["is_original"] = bool(said["is_original"])
    typed = Description(category_id=category.id, **said)
    try:
        receive_document(session, actor, customer_id, typed, None, now=now, today=today)
    except NotFound as error:
        raise Invalid.field("customer", "import.no_customer") from error


def _customer(session: Session, actor: Actor, number: str) -> int:
    wanted = select(Customer.id).where(Customer.number == number, customers_for(actor, Action.CUSTOMER_VIEW))
    found = session.scalar(wanted)
    if found is None:
        raise Invalid.field("customer", "import.no_customer")
    return found


def _own(session: Session, model: type[Policy] | type[Claim], number: str, customer_id: int, name: str) -> int:
    found = session.scalar(select(model.id).where(model.number == number, model.customer_id == customer_id))
    if found is None:
        raise Invalid.field(name, f"import.no_{name}")
    return found


def _note(found: TableImport, state: str, rows: int, faults: Sequence[Fault]) -> None:
    found.state, found.rows, found.fault_count = state, rows, len(faults)
    found.good = rows - len({fault.row for fault in faults if fault.row > 1})
    found.faults = [[fault.row, fault.column, fault.code] for fault in faults[:MOST_FAULTS]]
    found.version += 1


def _enqueue(session: Session, actor: Actor, found: TableImport, kind: str, *, now: datetime) -> None:
    key = f"{kind}:{found.id}"
    payload = {"import_id": found.id}
    found.job_id = jobs.enqueue(session, kind, payload, now=now, actor=actor, unique_key=key, priority=3, max_tries=2)


def _subject(found: TableImport) -> trail.Subject:
    return trail.Subject("table_import", found.id, found.kind)
