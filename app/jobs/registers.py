"""Printing a register: rows read as the person who asked for it may see them now, the PDF sealed in the store."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.actor import Actor
from app.domain.office_time import CHINA
from app.domain.policy import Action, may_ever
from app.domain.registers import FORMS, RegisterFilter, RegisterKind, day_in_letters
from app.jobs.handlers import Cancelled, Work
from app.models.accounts import Branch
from app.models.machinery import Export
from app.ports import Column, PrintStopped, RegisterSheet
from app.queries.actors import actor_of_account
from app.queries.registers import count_rows, describe_filter, register_rows
from app.services.registers import keep_printed


class NoLongerAllowed(LookupError):
    """Who asked for the register may not print it any more."""


def print_register(work: Work, payload: dict[str, Any]) -> None:
    """Print one ordered register; a second run of a finished one does nothing."""
    export_id = int(payload["export_id"])
    with work.sessions() as session:
        export = session.get_one(Export, export_id)
        if export.blob_digest is not None:
            return
        actor = actor_of_account(session, export.account_id, now=work.clock())
        if actor is None or not may_ever(actor, Action.REGISTER_PRINT):
            raise NoLongerAllowed
        kind, wanted = RegisterKind(export.register), RegisterFilter.from_dict(export.filters)
        total = count_rows(session, actor, kind, wanted)
        sheet = lay_out(work, session, actor, export, kind, wanted)
        rows = register_rows(session, actor, kind, wanted)
        pdf, pages = _print(work, sheet, rows, total)
    blob = work.tools.files.put(io.BytesIO(pdf))
    with work.sessions() as session:
        begin_write(session)
        keep_printed(session, actor, export_id, blob, rows=total, pages=pages, now=work.clock())
        session.commit()


def lay_out(
    work: Work, session: Session, actor: Actor, export: Export, kind: RegisterKind, wanted: RegisterFilter
) -> RegisterSheet:
    """Return the register as a form, with the filter printed on it and the exporter in its watermark."""
    form = FORMS[kind]
    branch = session.get_one(Branch, wanted.branch_id or actor.branch_id)
    local = work.clock().astimezone(CHINA)
    return RegisterSheet(
        title=form.title,
        fonds=f"{branch.fonds_code} {branch.fonds_name}",
        filters=describe_filter(session, kind, wanted),
        columns=[Column(heading, width, align) for heading, width, align in form.columns],
        signatures=form.signatures,
        watermark=f"{actor.full_name} {actor.username} {local:%Y-%m-%d %H:%M} {export.serial}",
        made_by=actor.full_name,
        made_on=day_in_letters(local.date()),
    )


def _print(work: Work, sheet: RegisterSheet, rows: Any, total: int) -> tuple[bytes, int]:
    stopped: list[Cancelled] = []

    def progress(done: int) -> bool:
        try:
            work.beat(done, total)
        except Cancelled as asked:
            stopped.append(asked)
            return False
        return True

    try:
        return work.tools.printer.print_register(sheet, rows, total=total, progress=progress)
    except PrintStopped:
        if stopped:
            raise stopped[0] from None
        raise
