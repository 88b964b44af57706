"""The table of kinds of paper 单证类型, as a house starts with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.paper_types import SEED
from app.models.documents import Category
from app.models.intake import PaperType


def seed_paper_types(session: Session) -> None:
    """Write the kinds of paper where there are none yet; their classes must be there."""
    if session.scalar(select(PaperType.id).limit(1)) is not None:
        return
    classes = {code: key for code, key in session.execute(select(Category.code, Category.id))}
    session.add_all(
        PaperType(
            id=new_id(),
            code=seed.code,
            name=seed.name,
            is_main=seed.main,
            business=seed.business or "",
            category_id=classes[seed.category_code],
            title_pattern=seed.title_pattern,
            position=position,
        )
        for position, seed in enumerate(SEED)
        if seed.category_code in classes
    )
    session.flush()
