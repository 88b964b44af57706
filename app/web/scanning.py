"""What was scanned or typed, turned into a thing of ours or into a sentence of what is wrong with it."""

from __future__ import annotations

from flask import current_app, url_for
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import clean_archive_number
from app.domain.errors import Invalid
from app.domain.scan_codes import Scan, looks_foreign, read_scan
from app.queries.whereabouts import Found, find_thing, read_number

# kind → endpoint, name of its id
TARGETS = {
    "box": ("storage.show_box", "box_id"),
    "place": ("storage.show_place", "place_id"),
    "volume": ("volumes.show_volume", "volume_id"),
    "document": ("documents.show_document", "document_id"),
    "customer": ("customers.show_customer", "customer_id"),
    "loan": ("borrowing.show_loan", "request_id"),
}
LONGEST = 120


def resolve(session: Session, actor: Actor, text: str) -> Found:
    """Return the thing that a code stands for; raises `Invalid` of the field `code`: empty, foreign, unknown."""
    scan = read_scan(text[:LONGEST])
    if not scan.text:
        raise Invalid.field("code", "scan.empty")
    found = find_thing(session, actor, scan)
    if found is None and not scan.is_label:
        # Typed by hand: j019-zy.cb.2026.d30-1
        found = find_thing(session, actor, Scan(clean_archive_number(scan.text)))
    if found is None:
        raise Invalid.field("code", "scan.foreign" if looks_foreign(scan.text.lower()) else "scan.unknown")
    return found


def resolve_one_of(session: Session, actor: Actor, text: str, kinds: tuple[str, ...], problem: str) -> Found:
    """Return the thing like `resolve`; raises `Invalid` with `problem` when it is of no kind that is wanted here."""
    found = resolve(session, actor, text)
    if found.kind not in kinds:
        raise Invalid.field("code", problem)
    return found


def number_typed(session: Session, actor: Actor, text: str) -> str:
    """Return the number that a list is to be narrowed to: what was typed, or the number of the label that was scanned."""
    scan = read_scan(text[:LONGEST])
    return (scan.is_label and read_number(session, actor, scan)) or text


def page_of(found: Found) -> str:
    """Return the address of a thing's page; empty where it has none yet."""
    endpoint, name = TARGETS[found.kind]
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, **{name: found.id})  # type: ignore[arg-type]
