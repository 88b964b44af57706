"""Trying and taking tables that people filled in."""

from __future__ import annotations

from typing import Any

from app.db import begin_write
from app.domain.actor import Actor
from app.domain.office_time import office_day
from app.domain.tables import MOST_ROWS, Fault, TableKind, WrongTable, match_headings, read_row
from app.jobs.handlers import Work
from app.models.intake import TableImport
from app.ports import BlobDamaged, BlobMissing, UnreadableTable
from app.queries.actors import actor_of_account
from app.services import table_imports as services
from app.services.table_imports import ReadRow

AT_ONCE = 25  # rows tried in one transaction that is rolled back: others wait for it


class TooManyRows(Exception):
    """The table is longer than what is taken at once."""


def try_table(work: Work, payload: dict[str, Any]) -> None:
    """Try every row and write down what is wrong; nothing else stays."""
    import_id = int(payload["import_id"])
    kind, actor, rows, faults = _read(work, import_id)
    total = len(rows)
    if not any(fault.row == 1 for fault in faults):
        wrong = {fault.row for fault in faults}
        for first in range(0, total, AT_ONCE):
            batch = [row for row in rows[first : first + AT_ONCE] if row.number not in wrong]
            faults += _tried(work, actor, kind, batch)
            work.beat(min(first + AT_ONCE, total), total)
    with work.sessions() as session:
        begin_write(session)
        services.note_trial(session, import_id, total, sorted(faults, key=lambda fault: fault.row))
        session.commit()


def take_table(work: Work, payload: dict[str, Any]) -> None:
    """Take every row in one transaction, or none; a second run of a taken one does nothing."""
    import_id, now = int(payload["import_id"]), work.clock()
    _kind, actor, rows, faults = _read(work, import_id)
    if not faults:
        with work.sessions() as session:
            begin_write(session)
            faults = services.take_all(session, actor, import_id, rows, now=now, today=office_day(now))
            if not faults:
                session.commit()
                return
            session.rollback()
    with work.sessions() as session:
        begin_write(session)
        services.note_refusal(session, import_id, len(rows), faults)
        session.commit()


def _read(work: Work, import_id: int) -> tuple[TableKind, Actor, list[ReadRow], list[Fault]]:
    """Return what the table says and what is wrong with it as a table; raises `LookupError` without its orderer."""
    with work.sessions() as session:
        found = session.get_one(TableImport, import_id)
        kind, digest, name = TableKind(found.kind), found.blob_digest, found.file_name
        actor = actor_of_account(session, found.account_id, now=work.clock())
    if actor is None:
        raise LookupError("the account is gone")
    try:
        rows, faults = _rows(work, kind, digest, name)
    except UnreadableTable as error:
        return kind, actor, [], [Fault(1, "", f"import.{error.reason}")]
    except (BlobDamaged, BlobMissing):
        return kind, actor, [], [Fault(1, "", "import.damaged")]
    except WrongTable as error:
        return kind, actor, [], list(error.faults)
    except TooManyRows:
        return kind, actor, [], [Fault(1, "", "import.too_many_rows")]
    return kind, actor, rows, faults + services.doubled(kind, rows)


def _rows(work: Work, kind: TableKind, digest: str, name: str) -> tuple[list[ReadRow], list[Fault]]:
    lines = work.tools.tables.read(work.tools.files.read(digest), name=name)
    places = match_headings(kind, next(iter(lines), ()))
    rows: list[ReadRow] = []
    faults: list[Fault] = []
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MOST_ROWS:
            raise TooManyRows
        typed, wrong = read_row(kind, places, cells, number)
        rows.append(ReadRow(number, typed))
        faults += wrong
    return rows, faults


def _tried(work: Work, actor: Actor, kind: TableKind, rows: list[ReadRow]) -> list[Fault]:
    now = work.clock()
    with work.sessions() as session:
        begin_write(session)
        faults = services.try_rows(session, actor, kind, rows, now=now, today=office_day(now))
        session.rollback()
    return faults
