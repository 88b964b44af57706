"""The policy as a table for people: docs/policy.md is this, and a test keeps them the same."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.actor import Role
from app.domain.policy import EVERYWHERE, POLICY, STEP_UP, WITHOUT_ROLE, Action, Reach

TITLE = """# Who may do what

Printed from `app/domain/policy.py` by `flask policy print > docs/policy.md`; routes, services, queries, search and
exports all read that one table.

A cell says up to which level of confidentiality (1 内部, 2 敏感, 3 秘密, 4 机密) a role reaches things that are
**o**wn (the customer's serving agent, the borrower of a loan), of its **b**ranch, of a branch be**l**ow, of any
**x** other branch. `all` is everything, a dash nothing. States in brackets limit further. † asks for a fresh code
first; ‡ needs no role at all.
"""


def policy_as_markdown() -> str:
    """Return the whole policy as a Markdown page."""
    head = ["action", *(role.value for role in Role)]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_line(action))} |" for action in Action]
    return "\n".join([TITLE, *lines, ""])


def _line(action: Action) -> Iterator[str]:
    marks = ("†" if action in STEP_UP else "") + ("‡" if action in WITHOUT_ROLE else "")
    yield f"`{action.value}`{marks}"
    for role in Role:
        yield describe(POLICY[action].get(role))


def describe(reach: Reach | None) -> str:
    """Return a reach in the shorthand of the table."""
    if reach is None:
        return "—"
    if reach == EVERYWHERE:
        return "all"
    letters = (("o", reach.own), ("b", reach.branch), ("l", reach.below), ("x", reach.other))
    text = " ".join(f"{letter}{level}" for letter, level in letters if level)
    return f"{text} ({', '.join(sorted(reach.states))})" if reach.states is not None else text
