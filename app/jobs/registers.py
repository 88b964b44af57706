"""Printing a register: rows read as the person who asked for it may see them now, the PDF sealed in the store."""

from __future__ import annotations

import io
from dataclasses import replace
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
from app.queries.registers import count_rows, describe_filter, register_rows, register_thing, sheet_ends
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
        copies = [
            _print(work, replace(sheet, copy_mark=copy), register_rows(session, actor, kind, wanted), total)
            for copy in FORMS[kind].copies or ("",)
        ]
    pdf, pages = work.tools.printer.join_copies([copy for copy, _ in copies]), sum(count for _, count in copies)
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
    thing = register_thing(session, actor, kind, wanted)
    branch = session.get_one(Branch, thing.branch_id if thing else wanted.branch_id or actor.branch_id)
    ends = sheet_ends(session, actor, kind, wanted)
    local = work.clock().astimezone(CHINA)
    return RegisterSheet(
        title=form.title,
        fonds=f"{branch.fonds_code} {branch.fonds_name}",
        filters=describe_filter(session, actor, kind, wanted),
        columns=[Column(heading, width, align) for heading, width, align in form.columns],
        signatures=form.signatures,
        watermark=f"{actor.full_name} {actor.username} {local:%Y-%m-%d %H:%M} {export.serial}",
        made_by=actor.full_name,
        made_on=day_in_letters(local.date()),
        paper=form.paper,
        head=ends.head,
        foot=ends.foot,
        signed=ends.signed,
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
