"""盘点清册 of one stock-taking: every item by where the books have it, then what no book knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.registers import RegisterFilter
from app.models.customers import Customer
from app.models.documents import Document
from app.models.rounds import Stocktake, StocktakeLine
from app.queries.register_rows.reading import Row, keyed, names_of, papers_reached
from app.queries.register_rows.words import CORRECTIONS, RESULTS, say


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(StocktakeLine.id)
        .join(Stocktake, Stocktake.id == StocktakeLine.stocktake_id)
        .outerjoin(Document, Document.id == StocktakeLine.document_id)
        .outerjoin(Customer, Customer.id == Document.customer_id)
        .where(Stocktake.id == wanted.thing_id, papers_reached(actor, Stocktake.branch_id))
        .order_by(
            Document.id.is_(None),
            StocktakeLine.book_place,
            Document.archive_number,
            StocktakeLine.scanned,
            StocktakeLine.id,
        )
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(StocktakeLine, Stocktake, Document)
        .join(Stocktake, Stocktake.id == StocktakeLine.stocktake_id)
        .outerjoin(Document, Document.id == StocktakeLine.document_id)
        .where(StocktakeLine.id.in_(keys))
    ).all()
    people = [by for line, stocktake, _ in found for by in (line.found_by, stocktake.started_by, stocktake.approved_by)]
    names = names_of(session, people)
    return {line.id: _row(line, stocktake, document, names) for line, stocktake, document in found}


def _row(line: StocktakeLine, stocktake: Stocktake, document: Document | None, names: Mapping[int | None, str]) -> Row:
    counted_by = line.found_by if line.found_by is not None else stocktake.started_by
    return [
        document.archive_number or "" if document else line.scanned,
        document.title if document else "",
        line.book_place,
        line.found_place,
        _pages(line.book_pages),
        _pages(line.found_pages),
        say(RESULTS, line.result),
        " ".join(part for part in (say(CORRECTIONS, line.correction), line.remark) if part),
        names.get(counted_by, ""),
        names.get(stocktake.approved_by, ""),
    ]


def _pages(pages: int | None) -> str:
    return "" if pages is None else str(pages)


READER = keyed(_keys, _read)
