"""What a new installation starts with: the classification, the table of periods and the first branch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.categories import SEED
from app.domain.ids import new_id
from app.models.documents import Category, RetentionPeriod

PERIODS = (
    ("Y", "永久", None, "DA/T 13-2022；DA/T 42-2009 7.7"),
    ("D30", "30年", 30, "国家档案局令第10号；DA/T 42-2009 7.7"),
    ("D20", "20年", 20, "本机构自定"),
    ("D10", "10年", 10, "保险法第八十七条；反洗钱法第三十四条"),
    ("D5", "5年", 5, "保险法第八十七条；金融机构产品适当性管理办法第十七条"),
)


def seed_catalogue(session: Session, *, now: datetime) -> None:
    """Write the seed of classification and periods where there is none yet."""
    if session.scalar(select(RetentionPeriod.code).limit(1)) is not None:
        return
    session.add_all(
        RetentionPeriod(code=code, label=label, years=years, basis=basis, effective_from=now.date())
        for code, label, years, basis in PERIODS
    )
    ids: dict[str, int] = {}
    for position, seed in enumerate(SEED):
        ids[seed.code] = new_id()
        session.add(
            Category(
                id=ids[seed.code],
                parent_id=ids[seed.parent] if seed.parent else None,
                code=seed.code,
                name=seed.name,
                series=seed.series,
                default_level=int(seed.level),
                default_period=seed.period,
                basis=seed.basis,
                position=position,
            )
        )
        session.flush()
