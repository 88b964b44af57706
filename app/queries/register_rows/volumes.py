"""案卷目录: the volumes in the order of their numbers; 卷内文件目录: the items of one volume in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.masking import mask_author
from app.domain.policy import Action
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Volume
from app.queries.register_rows.reading import RegisterReader, Row, SheetEnds, catalogue_day, keyed, names_of
from app.queries.register_rows.words import CARRIERS, LEVELS, period_word
from app.queries.visibility import documents_for, volumes_for


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    conditions = [volumes_for(actor, Action.REGISTER_PRINT, by_index=True)]
    if wanted.branch_id is not None:
        conditions.append(Volume.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Volume.year == wanted.year)
    if wanted.period:
        conditions.append(Volume.period == wanted.period)
    return select(Volume.id).where(*conditions).order_by(Volume.number)


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    rows = session.execute(
        select(Volume, func.min(Document.formed_on), func.max(Document.formed_on))
        .outerjoin(Document, Document.volume_id == Volume.id)
        .where(Volume.id.in_(keys))
        .group_by(Volume.id)
    )
    return {volume.id: _row(volume, first, last) for volume, first, last in rows}


def _row(volume: Volume, first: date | None, last: date | None) -> Row:
    days = [day_in_catalogue(day) for day in dict.fromkeys((first, last)) if day]
    return [
        volume.number,
        volume.title,
        "-".join(days),
        str(volume.page_count),
        period_word(volume.period),
        volume.remark or ("" if volume.state == "closed" else "未立卷"),
    ]


def _count_items(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
    return session.scalar(select(func.count()).select_from(_of_volume(actor, wanted).subquery())) or 0


def _items(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
    order = (Document.volume_position.is_(None), Document.volume_position, Document.archive_number, Document.id)
    found = session.execute(_of_volume(actor, wanted).order_by(*order)).all()
    for place, (document, name, kind) in enumerate(found, start=1):
        yield _item(document, name, kind, place, is_last=place == len(found))


def _of_volume(actor: Actor, wanted: RegisterFilter) -> Select[Document, str, str]:
    return (
        select(Document, Customer.name, Customer.kind)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Volume, Volume.id == Document.volume_id)
        .where(
            Document.volume_id == wanted.thing_id,
            volumes_for(actor, Action.REGISTER_PRINT),
            documents_for(actor, Action.REGISTER_PRINT),
        )
    )


def _item(document: Document, name: str, kind: str, place: int, *, is_last: bool) -> Row:
    return [
        str(document.volume_position or place),
        document.document_number,
        mask_author(document.author, name, is_organisation=kind == "organisation"),
        document.title,
        day_in_catalogue(document.formed_on),
        LEVELS[document.level],
        _page(document, is_last=is_last),
        _remark(document),
    ]


def _page(document: Document, *, is_last: bool) -> str:
    """Return the page on which an item begins; the last item has where it begins and ends (GB/T 9705)."""
    if document.first_page is None:
        return ""
    return f"{document.first_page}-{document.last_page}" if is_last else str(document.first_page)


def _remark(document: Document) -> str:
    if not document.is_original:
        return "复制件"
    return "" if document.carrier == "dual" else CARRIERS[document.carrier]


def _ends(session: Session, actor: Actor, wanted: RegisterFilter) -> SheetEnds:
    volume = session.scalar(
        select(Volume).where(Volume.id == wanted.thing_id, volumes_for(actor, Action.REGISTER_PRINT))
    )
    if volume is None:
        return SheetEnds()
    inside = select(func.count()).select_from(Document).where(Document.volume_id == volume.id)
    items = session.scalar(inside) or 0
    unseen = items - _count_items(session, actor, wanted)
    names = names_of(session, [volume.closed_by, volume.checked_by])
    foot = [f"共 {items} 件，{volume.page_count} 页。"]
    if unseen:
        foot.append(f"另有 {unseen} 件超出制表人的权限，未列入。")
    return SheetEnds(
        head=[f"案卷题名：{volume.title}"],
        foot=foot,
        signed=[names[volume.closed_by], names[volume.checked_by], catalogue_day(volume.closed_at)],
    )


READER = keyed(_keys, _read)
ITEMS_READER = RegisterReader(_count_items, _items, _ends)
