"""Filling an instance with invented data: a company, its customers, their papers; and the index over it all."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import build_engine, build_tools
from app.cli.demo.arrivals import bring_in
from app.cli.demo.company import Company, found_company
from app.cli.demo.files import invent_files
from app.cli.demo.happenings import let_things_happen
from app.cli.demo.lending import lend
from app.cli.demo.opinions import give_opinions
from app.cli.demo.papers import Drawn, Paper, Scheme, choose_papers, draw_papers
from app.cli.demo.storeroom import furnish
from app.cli.demo.voices import complain
from app.cli.demo.weather import invent_readings, note_alarms
from app.config import Settings
from app.db import begin_write
from app.domain.archive_numbers import NumberParts, format_archive_number
from app.domain.ids import new_id
from app.domain.page_work import LAYER, WorkState
from app.models.claims import Claim
from app.models.climate import ClimateAlarm, ClimateReading
from app.models.customers import Customer
from app.models.documents import Category, Document, DocumentVersion, NumberEntry, NumberSeries, Page
from app.models.policies import Party, Policy
from app.ports import FileStore, StoredBlob
from app.queries.search_entries import all_entries
from app.services.evidence import keep_blob
from app.services.seeds import seed_rules, seed_texts
from app.services.settings import NUMBER_TEMPLATE, setting

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Scale:
    """How much: customers, items in all, how many of the items get pages, past loans, complaints …"""

    customers: int
    documents: int
    drawn: int
    loans: int
    cases: int
    consultations: int
    opinions: int
    arrivals: int  # papers that have just come in


SCALES = {
    "tiny": Scale(40, 120, 40, 60, 40, 30, 60, 12),
    "small": Scale(300, 1_500, 1_500, 800, 250, 150, 400, 40),
    "branch": Scale(100_000, 100_000, 200, 200_000, 50_000, 20_000, 20_000, 40),
}


def load_demo(
    settings: Settings, *, scale: str, seed: int, now: datetime, say: Callable[[str], None] | None = None
) -> None:
    """Fill a new instance; the accounts go into demo-accounts.json, readable by its owner only."""
    say = say or _say
    size, rng = SCALES[scale], Random(seed)
    tools, engine = build_tools(settings), build_engine(settings)
    with Session(engine, expire_on_commit=False) as session:
        begin_write(session)
        seed_rules(session, now=now)
        company = found_company(session, rng, now=now)
        seed_texts(session, now=now)
        say(f"机构 {len(company.branches)} 个，账号 {len(company.accounts)} 个")
        papers = _write_files(session, rng, company, size, now=now, say=say)
        _number_items(session, rng, company, papers, now=now)
        rooms = _furnish(session, rng, company, papers, now=now)
        _write_items(session, papers)
        readings = list(invent_readings(rng, company, rooms, now=now))
        _insert(session, ClimateReading, readings)
        _insert(session, ClimateAlarm, note_alarms(readings))
        lend(session, rng, company, [paper.row for paper in papers], size.loans, now=now)
        complain(session, rng, company, size.cases, size.consultations, now=now)
        give_opinions(session, rng, company, size.opinions, now=now)
        say(f"投诉 {size.cases:,} 件，咨询 {size.consultations:,} 件，调查 {size.opinions:,} 份")
        say(f"库房 {len(rooms)} 间，借阅 {size.loans:,} 笔")
        session.commit()
        drawn = [paper for paper in papers if paper.row["state"] != "destroyed"][: size.drawn]
        _write_pages(session, tools.files, drawn, now=now, say=say)
        bring_in(session, tools, rng, company, papers, size.arrivals, now=now)
        say(f"整编台收件约 {size.arrivals} 件")
        let_things_happen(session, company, now=now)
        session.commit()
        say("建立索引……")
        count = tools.index.rebuild(all_entries(session))
        say(f"索引 {count} 条")
    engine.dispose()
    _write_accounts(settings, company)


def _write_files(
    session: Session, rng: Random, company: Company, size: Scale, *, now: datetime, say: Callable[[str], None]
) -> list[Paper]:
    """Write customers, policies, parties and claims; return the papers that belong to them."""
    scheme = {
        code: Scheme(category_id, series, level, period)
        for category_id, code, series, level, period in session.execute(
            select(Category.id, Category.code, Category.series, Category.default_level, Category.default_period)
        )
    }
    papers: list[Paper] = []
    written, last_said = 0, 0
    highest: dict[int, int] = {}
    each = -(-size.documents // size.customers)
    for batch in _batches(invent_files(rng, company, size.customers, on=now.date()), BATCH):
        _insert(session, Customer, [file.customer for file in batch])
        _insert(session, Policy, [row for file in batch for row in file.policies])
        _insert(session, Party, [row for file in batch for row in file.parties])
        _insert(session, Claim, [row for file in batch for row in file.claims])
        for file in batch:
            year = int(file.customer["number"][3:7])
            highest[year] = max(highest.get(year, 0), int(file.customer["number"][8:]))
            most = min(
                each if size.customers > BATCH * 10 else rng.randrange(1, 2 * each), size.documents - len(papers)
            )
            papers += choose_papers(rng, file, scheme, most, now=now)
        written += len(batch)
        if written - last_said >= 10_000 or written == size.customers:
            say(f"客户 {written:,} / {size.customers:,}")
            last_said = written
    _insert(session, NumberSeries, [{"name": f"customer|{year}", "last": last} for year, last in highest.items()])
    return papers


def _number_items(session: Session, rng: Random, company: Company, papers: Sequence[Paper], *, now: datetime) -> None:
    """Give filed items their numbers, in the order of their dates, and enter them in the ledger."""
    template = setting(session, NUMBER_TEMPLATE)
    series_of = {key: value for key, value in session.execute(select(Category.id, Category.series))}
    last: dict[str, int] = {}
    entries: list[dict[str, Any]] = []
    for paper in sorted(papers, key=lambda paper: (paper.row["formed_on"], paper.row["id"])):
        row = paper.row
        if row["state"] not in ("filed", "held", "destroyed"):
            continue
        fonds, series = company.fonds[row["branch_id"]], series_of[row["category_id"]]
        block = NumberParts(fonds, series, row["formed_on"].year, row["period"], 1).block
        name = f"archive|{block}"
        last[name] = last.get(name, 0) + 1
        parts = NumberParts(fonds, series, row["formed_on"].year, row["period"], last[name])
        filed_by = rng.choice(company.archivists[row["branch_id"]])
        row.update(archive_number=format_archive_number(template, parts), filed_at=row["updated_at"], filed_by=filed_by)
        entries.append(
            {
                "id": new_id(),
                "series": name,
                "value": last[name],
                "text": row["archive_number"],
                "holder_kind": "document",
                "holder_id": row["id"],
                "taken_by": filed_by,
                "taken_at": now,
            }
        )
    _insert(session, NumberSeries, [{"name": name, "last": value} for name, value in last.items()])
    _insert(session, NumberEntry, entries)


def _furnish(
    session: Session, rng: Random, company: Company, papers: Sequence[Paper], *, now: datetime
) -> dict[int, int]:
    series_of = {key: value for key, value in session.execute(select(Category.id, Category.series))}
    return furnish(session, rng, company, [paper.row for paper in papers], series_of, now=now)


def _write_items(session: Session, papers: Sequence[Paper]) -> None:
    for batch in _batches(iter(papers), BATCH):
        _insert(session, Document, [paper.row for paper in batch])


def _write_pages(
    session: Session, files: FileStore, papers: Sequence[Paper], *, now: datetime, say: Callable[[str], None]
) -> None:
    """Draw papers and keep their bytes; each item is committed on its own, so that memory stays small."""
    workers = min(2, os.cpu_count() or 1) if len(papers) > BATCH // 10 else 1
    for position, drawn in enumerate(draw_papers(papers, workers), start=1):
        _keep(session, files, drawn, now=now)
        if position % 100 == 0 or position == len(papers):
            session.commit()
            say(f"材料 {position:,} / {len(papers):,}")
    session.commit()


def _keep(session: Session, files: FileStore, drawn: Drawn, *, now: datetime) -> None:
    original = _put(session, files, drawn.original, now)
    document, version_id = session.get_one(Document, drawn.document_id), new_id()
    session.add(
        DocumentVersion(
            id=version_id,
            document_id=drawn.document_id,
            ordinal=1,
            blob_digest=original.digest,
            media_type=drawn.media_type,
            file_name=drawn.name,
            size=original.size,
            pages=len(drawn.pages),
            render_state="done",
            uploaded_at=document.created_at,
        )
    )
    document.current_version, document.page_count = 1, len(drawn.pages)
    session.flush()
    for number, (image, thumbnail, width, height, text) in enumerate(drawn.pages, start=1):
        session.add(
            Page(
                version_id=version_id,
                number=number,
                width=width,
                height=height,
                image_digest=_put(session, files, image, now).digest,
                thumbnail_digest=_put(session, files, thumbnail, now).digest,
                text=text,
                # It was written by the demo itself: there is nothing to restore or to read.
                work_state=WorkState.DONE.value,
                reader=LAYER,
                score=1.0,
            )
        )
    session.flush()


def _put(session: Session, files: FileStore, data: bytes, now: datetime) -> StoredBlob:
    blob = files.put(io.BytesIO(data))
    keep_blob(session, blob, now=now)
    return blob


def _insert(session: Session, model: type, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _batches(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(things)
    while batch := list(islice(iterator, size)):
        yield batch


def _write_accounts(settings: Settings, company: Company) -> None:
    path = settings.instance / "demo-accounts.json"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(company.as_json(), file, ensure_ascii=False, indent=1)


def _say(text: str) -> None:
    sys.stdout.write(f"演示数据：{text}\n")
    sys.stdout.flush()
