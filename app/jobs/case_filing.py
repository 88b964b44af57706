"""Filing a case that has ended: its register sheet and its letter as one dossier, sealed in the store and filed."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.office_time import office_day
from app.jobs.handlers import Work
from app.ports import CaseSheet, Letter
from app.queries.case_letters import letter_for_dossier
from app.queries.case_sheets import sheet_of
from app.services.case_filing import is_to_file, keep_filed


def file_case(work: Work, payload: dict[str, Any]) -> None:
    """File one case; a second run of a filed one, or one that has no customer yet, does nothing."""
    case_id = int(payload["case_id"])
    with work.sessions() as session:
        if not is_to_file(session, case_id):
            return
        sheet, letter = lay_out(session, case_id, now=work.clock())
    work.beat(0, 2)
    pdf, pages = print_dossier(work, sheet, letter)
    work.beat(1, 2)
    blob = work.tools.files.put(io.BytesIO(pdf))
    with work.sessions() as session:
        begin_write(session)
        keep_filed(session, case_id, blob, pages=pages, now=work.clock(), today=office_day(work.clock()))
        session.commit()


def lay_out(session: Session, case_id: int, *, now: datetime) -> tuple[CaseSheet, Letter | None]:
    """Return the parts of a dossier; a case that was withdrawn has no letter."""
    return sheet_of(session, case_id, masked=False, now=now), letter_for_dossier(session, case_id, now=now)


def print_dossier(work: Work, sheet: CaseSheet, letter: Letter | None) -> tuple[bytes, int]:
    """Return the dossier as one PDF and its number of pages."""
    printer = work.tools.printer
    first, pages = printer.print_case(sheet)
    if letter is None:
        return first, pages
    second, more = printer.print_letter(letter)
    return printer.join_copies([first, second]), pages + more
