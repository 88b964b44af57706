"""温湿度登记表 of one room and month: the readings by hand, and where nobody read, the logger's first of that half-day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.registers import RegisterFilter, day_in_catalogue, month_of
from app.models.climate import ClimateReading
from app.models.storage import Place
from app.queries.register_rows.reading import Row, SheetEnds, keyed, names_of, reached
from app.queries.register_rows.words import HALVES, tenths

_PM_LAST = case((ClimateReading.half == "am", 0), else_=1)


def _is_of_the_sheet() -> ColumnElement[bool]:
    other = aliased(ClimateReading)
    same = and_(
        other.place_id == ClimateReading.place_id,
        other.day == ClimateReading.day,
        other.half == ClimateReading.half,
    )
    by_hand = exists().where(same, other.source == "hand")
    earlier = exists().where(same, other.source == "logger", other.measured_at < ClimateReading.measured_at)
    return or_(ClimateReading.source == "hand", and_(~by_hand, ~earlier))


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    first, following = month_of(wanted.month)
    return (
        select(ClimateReading.id)
        .join(Place, Place.id == ClimateReading.place_id)
        .where(
            ClimateReading.place_id == wanted.room_id,
            ClimateReading.day >= first,
            ClimateReading.day < following,
            reached(actor, Place.branch_id),
            _is_of_the_sheet(),
        )
        .order_by(ClimateReading.day, _PM_LAST, ClimateReading.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.scalars(select(ClimateReading).where(ClimateReading.id.in_(keys))).all()
    names = names_of(session, [reading.recorded_by for reading in found])
    return {
        reading.id: [
            day_in_catalogue(reading.day),
            HALVES[reading.half],
            reading.weather,
            tenths(reading.outside_temperature),
            tenths(reading.outside_humidity),
            tenths(reading.temperature),
            tenths(reading.humidity),
            reading.measures,
            tenths(reading.temperature_after),
            tenths(reading.humidity_after),
            "记录仪" if reading.source == "logger" else names.get(reading.recorded_by, ""),
            " ".join(part for part in ("超标" if reading.exceeds else "", reading.remark) if part),
        ]
        for reading in found
    }


def _foot(session: Session, actor: Actor, wanted: RegisterFilter) -> SheetEnds:
    """Return highest, lowest and mean of the sheet's own rows, and how often limits were broken."""
    sheet = ClimateReading.id.in_(_keys(actor, wanted).order_by(None))
    lines: list[str] = []
    for label, column, unit in (("温度", ClimateReading.temperature, "℃"), ("湿度", ClimateReading.humidity, "%RH")):
        figures = select(func.max(column), func.min(column), func.avg(column)).where(sheet)
        highest, lowest, mean = session.execute(figures).one()
        if highest is None:
            return SheetEnds(foot=("本月无记录",))
        lines.append(
            f"{label}（{unit}）：最高 {tenths(highest)}，最低 {tenths(lowest)}，平均 {tenths(round(float(mean)))}"
        )
    broken = session.scalar(select(func.count()).where(sheet, ClimateReading.exceeds != "")) or 0
    return SheetEnds(foot=(*lines, f"超标次数：{broken} 次"))


READER = keyed(_keys, _read, _foot)
