"""What anyone may do: one declared table, role by action, read by every layer.

A rule says up to which level of confidentiality 密级 a role reaches things that are its own (the customer's serving
agent, the borrower of a loan, the handler of a case), of its branch, of a branch below, or of any other branch; 0 means
not at all. A rule may further be limited to states of the thing. An action that is not in a role's column is forbidden.
Nothing decides on its own elsewhere: routes ask `may_ever`, services `may`, queries, search and exports `scopes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.actor import Actor, HeldRole, Role


class Action(StrEnum):
    """Everything that a policy is declared for."""

    SELF = "account.self"  # one's own sessions, language, password
    HOME = "home.view"
    SEARCH = "search.use"
    CUSTOMER_LIST = "customer.list"
    CUSTOMER_VIEW = "customer.view"
    CUSTOMER_CREATE = "customer.create"
    CUSTOMER_EDIT = "customer.edit"
    CUSTOMER_REVEAL = "customer.reveal"
    POLICY_VIEW = "policy.view"
    POLICY_EDIT = "policy.edit"
    CLAIM_VIEW = "claim.view"
    CLAIM_EDIT = "claim.edit"
    DOCUMENT_VIEW = "document.view"
    DOCUMENT_PAGES = "document.pages"
    DOCUMENT_RECEIVE = "document.receive"
    DOCUMENT_EDIT = "document.edit"
    DOCUMENT_FILE = "document.file"
    DOCUMENT_ORIGINAL = "document.original"
    LOAN_ASK = "loan.ask"
    LOAN_VIEW = "loan.view"
    LOAN_APPROVE = "loan.approve"
    LOAN_DESK = "loan.desk"  # hand out, take back, renew, recall, block
    LOAN_RULES = "loan.rules"
    READING_OPEN = "reading.open"
    COPY_CERTIFY = "copy.certify"
    STORAGE_VIEW = "storage.view"
    STORAGE_EDIT = "storage.edit"  # places, boxes, moves
    STORAGE_RULES = "storage.rules"  # limits of climate, points of safety checks, plans of inspection
    CLIMATE_RECORD = "climate.record"
    ROUND_RUN = "round.run"  # stock-taking and inspection
    ROUND_APPROVE = "round.approve"
    REPAIR_RUN = "repair.run"
    REPAIR_ACCEPT = "repair.accept"
    TRANSFER_RUN = "transfer.run"
    TRANSFER_SIGN = "transfer.sign"
    CONSULTATION_VIEW = "consultation.view"
    CONSULTATION_EDIT = "consultation.edit"
    ANSWER_EDIT = "answer.edit"  # the answers that are kept ready
    CASE_VIEW = "case.view"
    CASE_REGISTER = "case.register"
    CASE_HANDLE = "case.handle"
    CASE_ASSIGN = "case.assign"  # give to somebody, hand over, stand in, bar
    CASE_APPROVE = "case.approve"  # decisions, extensions, what was remedied
    CASE_FIGURES = "case.figures"
    CASE_RULES = "case.rules"  # rules of clocks, calendar, causes, figures of the business
    SURVEY_VIEW = "survey.view"
    SURVEY_EDIT = "survey.edit"
    SURVEY_SEND = "survey.send"  # invite, enter paper and phone answers
    FOLLOW_UP_DO = "follow_up.do"
    INTAKE_VIEW = "intake.view"
    INTAKE_RECEIVE = "intake.receive"
    INTAKE_WORK = "intake.work"  # catalogue at the desk, return to the agent, drop
    INTAKE_CHECK = "intake.check"  # check and accept what others catalogued
    INTAKE_RULES = "intake.rules"  # kinds of papers, checklists, sampling
    TABLE_IMPORT = "table.import"
    SUBMISSION_MAKE = "submission.make"
    MISSING_VIEW = "missing.view"
    MISSING_EDIT = "missing.edit"  # answer conditions, write letters, file without a paper
    MISSING_WAIVE = "missing.waive"
    VOLUME_VIEW = "volume.view"
    VOLUME_BIND = "volume.bind"
    VOLUME_CHECK = "volume.check"
    REGISTER_PRINT = "register.print"
    EXPORT_FETCH = "export.fetch"
    LEDGER_VIEW = "ledger.view"
    CATALOGUE_RULES = "catalogue.rules"  # classification, retention table, number template
    BRANCH_VIEW = "branch.view"
    BRANCH_EDIT = "branch.edit"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_DISABLE = "account.disable"
    GRANT_VIEW = "grant.view"
    GRANT_CHANGE = "grant.change"
    SIGN_IN_RESET = "account.reset"
    SIGN_IN_RESET_CONFIRM = "account.reset_confirm"
    TRAIL_READ = "trail.read"


ALL_STATES = frozenset({"received", "catalogued", "filed", "held", "destroyed"})
KEPT = ALL_STATES - {"destroyed"}
OPEN = frozenset({"received", "catalogued"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Up to which level a role reaches things, by relation; `states` limits further (None: no state matters)."""

    own: int = 0
    branch: int = 0
    below: int = 0
    other: int = 0
    states: frozenset[str] | None = None

    def within(self, states: frozenset[str]) -> Reach:
        """The same reach, for things in `states` only."""
        return Reach(self.own, self.branch, self.below, self.other, states)


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that an action is about."""

    branch_id: int
    level: int = 1
    agent_id: int | None = None  # whose own it is: the customer's agent, the borrower of a loan
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Things an actor reaches: of these branches (None: all), served by this agent (None: any), up to a level."""

    branches: frozenset[int] | None
    agent_id: int | None
    max_level: int
    states: frozenset[str] | None

    def covers(self, target: Target) -> bool:
        """Say whether `target` lies inside."""
        return (
            (self.branches is None or target.branch_id in self.branches)
            and (self.agent_id is None or target.agent_id == self.agent_id)
            and target.level <= self.max_level
            and (self.states is None or target.state is None or target.state in self.states)
        )


EVERYWHERE = Reach(4, 4, 4, 4)
# Only agents have customers of their own, and reach nothing of theirs but what they send in themselves: a branch's people
# reach things by the branch. A loan is its borrower's own.
_KEEPER = Reach(branch=4, below=3)
_HEAD = Reach(branch=4, below=4)
_STAFF = Reach(branch=2, below=2)
_AT_BRANCH = Reach(branch=2)
_OWN_ONLY = Reach(own=2)
_OWN_LOANS = Reach(own=4)
_OWN_CASES = Reach(own=4)
_FAR = Reach(branch=4, below=4, other=3)
_RULES = Reach(branch=4)

_ANYONE: Mapping[Role, Reach] = dict.fromkeys(Role, EVERYWHERE)
_BUSINESS: Mapping[Role, Reach] = dict.fromkeys((Role.CLERK, Role.ARCHIVIST, Role.MANAGER), EVERYWHERE)

POLICY: Mapping[Action, Mapping[Role, Reach]] = {
    Action.SELF: _ANYONE,
    Action.HOME: _ANYONE,
    Action.SEARCH: _BUSINESS,
    Action.CUSTOMER_LIST: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CUSTOMER_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CUSTOMER_CREATE: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.CUSTOMER_EDIT: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.CUSTOMER_REVEAL: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.POLICY_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.POLICY_EDIT: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.CLAIM_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CLAIM_EDIT: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.DOCUMENT_VIEW: {
        Role.CLERK: _STAFF,
        Role.ARCHIVIST: _KEEPER,
        Role.MANAGER: _HEAD,
    },
    Action.DOCUMENT_PAGES: {
        Role.CLERK: _STAFF.within(KEPT),
        Role.ARCHIVIST: _KEEPER.within(KEPT),
        Role.MANAGER: _HEAD.within(KEPT),
    },
    Action.DOCUMENT_RECEIVE: {
        Role.CLERK: _AT_BRANCH.within(OPEN),
        Role.ARCHIVIST: _KEEPER.within(OPEN),
    },
    Action.DOCUMENT_EDIT: {
        Role.CLERK: _AT_BRANCH.within(frozenset({"received"})),
        Role.ARCHIVIST: _KEEPER.within(OPEN),
    },
    Action.DOCUMENT_FILE: {Role.ARCHIVIST: _KEEPER.within(frozenset({"catalogued"}))},
    Action.DOCUMENT_ORIGINAL: {Role.ARCHIVIST: _KEEPER.within(KEPT)},
    # Asking reaches further than seeing: what lies higher or elsewhere is asked for by its number.
    Action.LOAN_ASK: {
        Role.CLERK: Reach(branch=3, below=3, other=2),
        Role.ARCHIVIST: _FAR,
        Role.MANAGER: _FAR,
    },
    Action.LOAN_VIEW: {
        Role.CLERK: _OWN_LOANS,
        Role.ARCHIVIST: Reach(own=4, branch=4, below=3),
        Role.MANAGER: Reach(own=4, branch=4, below=4),
    },
    Action.LOAN_APPROVE: {Role.MANAGER: _HEAD},
    Action.LOAN_DESK: {Role.ARCHIVIST: _KEEPER},
    Action.LOAN_RULES: {Role.ARCHIVIST: _RULES},
    Action.READING_OPEN: dict.fromkeys((Role.CLERK, Role.ARCHIVIST, Role.MANAGER), _OWN_LOANS),
    Action.COPY_CERTIFY: {Role.ARCHIVIST: _KEEPER},
    Action.STORAGE_VIEW: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.STORAGE_EDIT: {Role.ARCHIVIST: _KEEPER},
    Action.STORAGE_RULES: {Role.ARCHIVIST: _RULES},
    Action.CLIMATE_RECORD: {Role.ARCHIVIST: _KEEPER},
    Action.ROUND_RUN: {Role.ARCHIVIST: _KEEPER},
    Action.ROUND_APPROVE: {Role.MANAGER: _HEAD},
    Action.REPAIR_RUN: {Role.ARCHIVIST: _KEEPER},
    Action.REPAIR_ACCEPT: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.TRANSFER_RUN: {Role.ARCHIVIST: _KEEPER},
    Action.TRANSFER_SIGN: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CONSULTATION_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CONSULTATION_EDIT: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.ANSWER_EDIT: {Role.ARCHIVIST: _RULES, Role.MANAGER: _RULES},
    # A complaint is its handler's and its registrar's own; who is barred from one reaches it by no way (`Actor.barred`).
    Action.CASE_VIEW: {
        Role.CLERK: _OWN_CASES,
        Role.ARCHIVIST: Reach(own=4, branch=4, below=3),
        Role.MANAGER: Reach(own=4, branch=4, below=4),
    },
    Action.CASE_REGISTER: {Role.CLERK: _RULES, Role.ARCHIVIST: _RULES, Role.MANAGER: _HEAD},
    Action.CASE_HANDLE: {
        Role.CLERK: _OWN_CASES,
        Role.ARCHIVIST: _OWN_CASES,
        Role.MANAGER: Reach(own=4, branch=4, below=4),
    },
    Action.CASE_ASSIGN: {Role.MANAGER: _HEAD},
    Action.CASE_APPROVE: {Role.MANAGER: _HEAD},
    Action.CASE_FIGURES: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CASE_RULES: {Role.MANAGER: _RULES},
    Action.SURVEY_VIEW: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.SURVEY_EDIT: {Role.MANAGER: _RULES},
    Action.SURVEY_SEND: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _RULES},
    Action.FOLLOW_UP_DO: {
        Role.CLERK: Reach(own=4, branch=2),
        Role.ARCHIVIST: Reach(own=4, branch=4),
        Role.MANAGER: Reach(own=4, branch=4, below=4),
    },
    Action.INTAKE_VIEW: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.INTAKE_RECEIVE: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.INTAKE_WORK: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.INTAKE_CHECK: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.INTAKE_RULES: {Role.ARCHIVIST: _RULES},
    Action.TABLE_IMPORT: {Role.ARCHIVIST: _KEEPER},
    Action.SUBMISSION_MAKE: {Role.AGENT: _OWN_ONLY},
    Action.MISSING_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.MISSING_EDIT: {Role.CLERK: _AT_BRANCH, Role.ARCHIVIST: _KEEPER},
    Action.MISSING_WAIVE: {Role.MANAGER: _HEAD},
    Action.VOLUME_VIEW: {Role.CLERK: _STAFF, Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.VOLUME_BIND: {Role.ARCHIVIST: _KEEPER},
    Action.VOLUME_CHECK: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.REGISTER_PRINT: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.EXPORT_FETCH: {Role.ARCHIVIST: EVERYWHERE, Role.MANAGER: EVERYWHERE},
    Action.LEDGER_VIEW: {Role.ARCHIVIST: _KEEPER, Role.MANAGER: _HEAD},
    Action.CATALOGUE_RULES: {Role.ARCHIVIST: _RULES},
    Action.BRANCH_VIEW: {role: EVERYWHERE for role in Role if role is not Role.AGENT},
    Action.BRANCH_EDIT: {Role.SYSADMIN: EVERYWHERE},
    Action.ACCOUNT_VIEW: {Role.SYSADMIN: EVERYWHERE, Role.SECADMIN: EVERYWHERE, Role.AUDITOR: EVERYWHERE},
    Action.ACCOUNT_CREATE: {Role.SYSADMIN: EVERYWHERE},
    Action.ACCOUNT_DISABLE: {Role.SYSADMIN: EVERYWHERE, Role.SECADMIN: EVERYWHERE},
    Action.GRANT_VIEW: {Role.SECADMIN: EVERYWHERE, Role.AUDITOR: EVERYWHERE},
    Action.GRANT_CHANGE: {Role.SECADMIN: EVERYWHERE},
    Action.SIGN_IN_RESET: {Role.SECADMIN: EVERYWHERE},
    Action.SIGN_IN_RESET_CONFIRM: {Role.SECADMIN: EVERYWHERE, Role.MANAGER: _HEAD},
    Action.TRAIL_READ: {Role.AUDITOR: EVERYWHERE},
}

# Open to everybody who has signed in, roles or not.
WITHOUT_ROLE = frozenset({Action.SELF, Action.HOME})

# A fresh code (step-up) is asked for before these.
STEP_UP = frozenset(
    {
        Action.GRANT_CHANGE,
        Action.SIGN_IN_RESET,
        Action.SIGN_IN_RESET_CONFIRM,
        Action.CATALOGUE_RULES,
        Action.LOAN_RULES,
        Action.STORAGE_RULES,
        Action.CASE_RULES,
        Action.INTAKE_RULES,
        Action.DOCUMENT_ORIGINAL,
    }
)

# Pages of things at this level need a step-up as well.
STEP_UP_LEVEL = 4


def may_ever(actor: Actor, action: Action) -> bool:
    """Say whether `actor` may do `action` to anything at all: the question of a route."""
    return action in WITHOUT_ROLE or any(True for _ in scopes(actor, action))


def may(actor: Actor, action: Action, target: Target) -> bool:
    """Say whether `actor` may do `action` to `target`: the question of a service."""
    return any(scope.covers(target) for scope in scopes(actor, action))


def scopes(actor: Actor, action: Action) -> Iterator[Scope]:
    """Yield what `actor` reaches for `action`; a thing is reached when any scope covers it."""
    for held in actor.held:
        reach = POLICY[action].get(held.role)
        if reach is not None:
            yield from _scopes_of(actor.account_id, held, reach)


def _scopes_of(account_id: int, held: HeldRole, reach: Reach) -> Iterator[Scope]:
    if reach.other == max(reach.own, reach.branch, reach.below, reach.other):
        yield Scope(None, None, reach.other, reach.states)
        return
    if reach.own:
        yield Scope(None, account_id, reach.own, reach.states)
    if reach.branch:
        yield Scope(frozenset({held.branch_id}), None, reach.branch, reach.states)
    if reach.below and held.below:
        yield Scope(held.below, None, reach.below, reach.states)
    if reach.other:
        yield Scope(None, None, reach.other, reach.states)
