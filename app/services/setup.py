"""What a new installation starts with: classification, table of periods, limits of climate, safety points."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.categories import SEED
from app.domain.climate_seeds import LIMITS, POINTS
from app.domain.ids import new_id
from app.models.climate import ClimateLimit, SafetyPoint
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


def seed_climate(session: Session, *, now: datetime) -> None:
    """Write the limits of climate and the points of the safety check, each table where it is empty."""
    if session.scalar(select(ClimateLimit.kind).limit(1)) is None:
        session.add_all(
            ClimateLimit(
                kind=seed.kind,
                label=seed.label,
                basis=seed.basis,
                effective_from=now.date(),
                position=position,
                **asdict(seed.limits),
            )
            for position, seed in enumerate(LIMITS)
        )
    if session.scalar(select(SafetyPoint.code).limit(1)) is None:
        session.add_all(
            SafetyPoint(code=code, label=label, hint=hint, basis=basis, position=position)
            for position, (code, label, hint, basis) in enumerate(POINTS)
        )
    session.flush()
