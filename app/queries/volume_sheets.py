"""What is printed of one volume: cover 案卷封面, 卷内备考表, filing stamps 归档章. Printed forms stay Chinese (DOMAIN 3.10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.office_time import office_day
from app.domain.registers import day_in_catalogue, day_in_letters
from app.domain.scan_codes import label_code
from app.models.documents import Category, Document
from app.ports import CaseSheet, Stamp
from app.queries.register_rows.words import LEVELS, period_word
from app.queries.volumes import VolumeDetail

_LATER = "____年__月__日"


def cover_of(session: Session, volume: VolumeDetail, *, today: date) -> CaseSheet:
    """Return 案卷封面: 全宗名称, 类目名称, 案卷题名, 起止日期, 页数, 密级, 保管期限, 案卷号."""
    return CaseSheet(
        unit=volume.fonds_name,
        title="案卷封面",
        number=volume.number,
        rows=[
            [("全宗名称", f"{volume.fonds_code} {volume.fonds_name}")],
            [("类目名称", category_name(session, volume.series))],
            [("案卷题名", volume.title)],
            [("起止日期", dates_of(volume)), ("页数", str(volume.page_count))],
            [("密级", LEVELS[volume.level]), ("保管期限", period_word(volume.period))],
            [("件数", str(volume.count)), ("年度", str(volume.year))],
            [("案卷号", volume.number)],
        ],
        tables=[],
        made_on=day_in_letters(today),
    )


def note_sheet_of(volume: VolumeDetail, proposed: str, *, today: date) -> CaseSheet:
    """Return 卷内备考表: 本卷情况说明, 立卷人, 检查人, 立卷时间, 检查时间, 互见号; of an open volume with what is proposed."""
    return CaseSheet(
        unit=volume.fonds_name,
        title="卷内备考表",
        number=volume.number,
        rows=[
            [("案卷题名", volume.title)],
            [("本卷情况说明", volume.condition_note or proposed)],
            [("立卷人", volume.closed_by), ("检查人", volume.checked_by)],
            [("立卷时间", _day(volume.closed_at)), ("检查时间", _day(volume.checked_at))],
            [("互见号", volume.see_also)],
        ],
        tables=[],
        made_on=day_in_letters(today),
    )


def stamps_of(session: Session, volume: VolumeDetail) -> Sequence[Stamp]:
    """Return the stamps of a volume's items that the reader may see, in their order."""
    periods = {
        key: period
        for key, period in session.execute(
            select(Document.id, Document.period).where(Document.id.in_([item.id for item in volume.items]))
        )
    }
    return [
        Stamp(
            fonds=volume.fonds_code,
            year=str(item.formed_on.year if item.formed_on else volume.year),
            item=item.archive_number.rpartition("-")[2],
            unit=volume.branch_name,
            period=period_word(periods[item.id]),
            pages=str(item.page_count),
            code=label_code("document", item.id),
        )
        for item in volume.items
    ]


def category_name(session: Session, series: str) -> str:
    """Return what a series is called: its class, or the classes that share it."""
    rows = session.execute(
        select(Category.name, Category.parent_id).where(Category.series == series).order_by(Category.code)
    ).all()
    whole = [name for name, parent in rows if parent is None]
    return "、".join(whole or [name for name, _ in rows]) or series


def dates_of(volume: VolumeDetail) -> str:
    """Return 起止日期 as catalogues write it: 20260101-20260315."""
    first, last = volume.span
    return day_in_catalogue(first) if first == last else f"{day_in_catalogue(first)}-{day_in_catalogue(last)}"


def _day(moment: datetime | None) -> str:
    return day_in_letters(office_day(moment)) if moment else _LATER
