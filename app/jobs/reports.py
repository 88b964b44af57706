"""Making a report: figures read as the person who asked for it may see them now, laid out for paper or as a workbook."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.actor import Actor
from app.domain.office_time import CHINA, office_day
from app.domain.policy import Action, may_ever
from app.domain.registers import REPORT_TITLE, day_in_letters
from app.jobs.handlers import Work
from app.jobs.registers import NoLongerAllowed
from app.models.machinery import Export
from app.ports import FigureTable, ReportSheet
from app.queries.actors import actor_of_account
from app.queries.casework_report import NOTES, Report, head_of, read_report, tables_of
from app.services.registers import keep_printed
from app.services.reports import WORKBOOK, ReportOrder


def print_report(work: Work, payload: dict[str, Any]) -> None:
    """Make one ordered report; a second run of a finished one does nothing."""
    export_id = int(payload["export_id"])
    with work.sessions() as session:
        export = session.get_one(Export, export_id)
        if export.blob_digest is not None:
            return
        actor = actor_of_account(session, export.account_id, now=work.clock())
        if actor is None or not may_ever(actor, Action.CASE_FIGURES):
            raise NoLongerAllowed
        tables, made, pages = _make(work, session, actor, export)
    blob = work.tools.files.put(io.BytesIO(made))
    rows = sum(len(table.rows) for table in tables)
    with work.sessions() as session:
        begin_write(session)
        keep_printed(session, actor, export_id, blob, rows=rows, pages=pages, now=work.clock())
        session.commit()


def _make(work: Work, session: Session, actor: Actor, export: Export) -> tuple[list[FigureTable], bytes, int]:
    order = ReportOrder.from_dict(export.filters)
    report = read_report(session, actor, order.period, order.branch_id, today=office_day(work.clock()))
    tables = tables_of(report)
    if export.register == WORKBOOK:
        head = FigureTable("概况", ("指标", "数值"), [list(row) for row in head_of(report)])
        notes = FigureTable("说明", ("说明",), [[note] for note in NOTES])
        return tables, work.tools.workbooks.write(REPORT_TITLE, [head, *tables, notes]), 0
    return tables, work.tools.printer.print_report(_sheet(work, actor, export, report, tables)), 0


def _sheet(work: Work, actor: Actor, export: Export, report: Report, tables: list[FigureTable]) -> ReportSheet:
    local = work.clock().astimezone(CHINA)
    return ReportSheet(
        title=REPORT_TITLE,
        subtitle=f"{report.period.name}　{report.branch or '权限内全部机构'}",
        head=head_of(report),
        sections=tables,
        notes=NOTES,
        watermark=f"{actor.full_name} {actor.username} {local:%Y-%m-%d %H:%M} {export.serial}",
        made_by=actor.full_name,
        made_on=day_in_letters(local.date()),
    )
