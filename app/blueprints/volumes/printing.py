"""What is printed of a volume: its cover, 备考表, filing stamps, labels; the directories are registers 台账."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, current_app, request

from app.blueprints.volumes.screen import screen, the_volume
from app.domain import printed_words
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.scan_codes import label_code
from app.domain.volumes import condition_note
from app.ports import Label, Tools
from app.queries.register_rows.words import period_word
from app.queries.volume_sheets import cover_of, note_sheet_of, stamps_of
from app.queries.volumes import condition_of
from app.web.access import requires
from app.web.clock import today
from app.web.transactions import reading

A_SHEET = 24


@screen.get("/volumes/<id:volume_id>/cover.pdf")
@requires(Action.REGISTER_PRINT)
def print_cover(volume_id: int) -> Response:
    """Send 案卷封面."""
    sheet = cover_of(reading(), the_volume(volume_id), today=today())
    return _pdf(lambda: _tools().printer.print_case(sheet)[0], "cover")


@screen.get("/volumes/<id:volume_id>/note-sheet.pdf")
@requires(Action.REGISTER_PRINT)
def print_note_sheet(volume_id: int) -> Response:
    """Send 卷内备考表; before the volume is closed with what is proposed for it."""
    volume = the_volume(volume_id)
    sheet = note_sheet_of(volume, condition_note(condition_of(reading(), volume)), today=today())
    return _pdf(lambda: _tools().printer.print_case(sheet)[0], "note-sheet")


@screen.get("/volumes/<id:volume_id>/stamps.pdf")
@requires(Action.REGISTER_PRINT)
def print_stamps(volume_id: int) -> Response:
    """Send the filing stamps 归档章 of its items on sheets of labels; `skip` leaves places free."""
    stamps = stamps_of(reading(), the_volume(volume_id))
    if not stamps:
        raise NotFound
    return _pdf(lambda: _tools().printer.print_stamps(stamps, skip=_skip()), "stamps")


@screen.get("/volumes/<id:volume_id>/label.pdf")
@requires(Action.REGISTER_PRINT)
def print_label(volume_id: int) -> Response:
    """Send the label of the volume: its number and never its title, which tells of the customer."""
    volume = the_volume(volume_id)
    facts = f"{printed_words.VOLUME} {volume.year} {period_word(volume.period)}"
    label = Label(label_code("volume", volume.id), volume.number, [facts, volume.branch_name])
    return _pdf(lambda: _tools().printer.print_labels([label], skip=_skip()), "label-volume")


def _skip() -> int:
    return min(max(0, request.args.get("skip", 0, type=int)), A_SHEET - 1)


def _pdf(draw: Callable[[], bytes], name: str) -> Response:
    """Return the sheet to look at and print; nothing is drawn for who asks for the headers only."""
    response = Response(draw() if request.method == "GET" else b"", mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _tools() -> Tools:
    tools: Tools = current_app.extensions["tools"]
    return tools
