"""The institution above a branch 上级机构, which takes the 核查 of its decisions (办法 Art. 20)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models.accounts import Branch


@dataclass(frozen=True, slots=True)
class Superior:
    """The branch above a branch: `name` for screens, `unit` for letters."""

    id: int
    name: str
    unit: str


def superior_of(session: Session, branch_id: int) -> Superior | None:
    """Return the branch above, None for the head office: only decisions of branch offices can be re-examined."""
    below, above = aliased(Branch), aliased(Branch)
    row = session.execute(
        select(above.id, above.name, above.fonds_name)
        .join(below, below.parent_id == above.id)
        .where(below.id == branch_id)
    ).first()
    return Superior(*row) if row is not None else None
