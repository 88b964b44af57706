"""Labels and spines as PDF: drawn in the request, since a sheet takes less than a second."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response, current_app, request

from app.blueprints.storage.screen import screen
from app.domain import printed_words
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.retention import BadPeriod, Period
from app.domain.scan_codes import label_code
from app.ports import Label, Spine, Tools
from app.queries import boxes as box_queries
from app.queries import places as place_queries
from app.queries.documents import read_document
from app.web.access import requires
from app.web.identity import the_actor
from app.web.transactions import reading

MOST = 72  # labels a request: three sheets
A_SHEET = 24
MOST_SPINES = 60  # more than stand on the widest shelf


@screen.get("/storage/places/<id:place_id>/labels.pdf")
@requires(Action.STORAGE_VIEW)
def print_place_labels(place_id: int) -> Response:
    """Send the label of a place and of everything inside it."""
    place = place_queries.read_place(reading(), the_actor(), place_id)
    found = [(place.id, place.kind, place.full_code, place.name)]
    found += [(node.id, node.kind, node.full_code, node.name) for node in place_queries.tree_below(reading(), place)]
    labels = [
        Label(label_code("place", thing_id), code, [f"{printed_words.PLACES[kind]} {name}".strip(), place.branch_name])
        for thing_id, kind, code, name in found
    ]
    return _labels(labels, "places")


@screen.get("/storage/places/<id:place_id>/box-labels.pdf")
@requires(Action.STORAGE_VIEW)
def print_shelf_labels(place_id: int) -> Response:
    """Send the labels of the boxes that stand on a place."""
    place = place_queries.read_place(reading(), the_actor(), place_id)
    boxes = place_queries.boxes_on(reading(), place_id)
    if not boxes:
        raise NotFound
    return _labels(
        [_box_label(box.id, box.number, box.year, box.period, place.branch_name) for box in boxes],
        "boxes",
    )


@screen.get("/storage/places/<id:place_id>/spines.pdf")
@requires(Action.STORAGE_VIEW)
def print_shelf_spines(place_id: int) -> Response:
    """Send the spines of the boxes that stand on a place, from the left."""
    place_queries.read_place(reading(), the_actor(), place_id)
    boxes = place_queries.boxes_on(reading(), place_id)[:MOST_SPINES]
    if not boxes:
        raise NotFound
    spines = [_spine(box.id) for box in boxes]
    return _pdf(lambda: _tools().printer.print_spines(spines), "spines")


@screen.get("/storage/boxes/<id:box_id>/label.pdf")
@requires(Action.STORAGE_VIEW)
def print_box_label(box_id: int) -> Response:
    """Send the label of one box."""
    box = box_queries.read_box(reading(), the_actor(), box_id)
    return _labels([_box_label(box.id, box.number, box.year, box.period, box.branch_name)], "box")


@screen.get("/storage/boxes/<id:box_id>/item-labels.pdf")
@requires(Action.STORAGE_VIEW)
def print_item_labels(box_id: int) -> Response:
    """Send the labels of the papers in a box that the reader may see."""
    actor = the_actor()
    box = box_queries.read_box(reading(), actor, box_id)
    items = [item for item in box_queries.items_in(reading(), actor, box_id) if item.shown]
    if not items:
        raise NotFound
    return _labels(
        [
            Label(label_code("document", item.id), item.archive_number, [f"{printed_words.BOX} {box.number}"])
            for item in items
        ],
        "items",
    )


@screen.get("/storage/items/<id:document_id>/label.pdf")
@requires(Action.DOCUMENT_FILE)
def print_document_label(document_id: int) -> Response:
    """Send the label of one item: its archive number, never its title, which tells of the customer."""
    document = read_document(reading(), the_actor(), document_id)
    title = document.archive_number or printed_words.NO_NUMBER
    return _labels([Label(label_code("document", document.id), title, [document.branch_name])], "item")


@screen.get("/storage/boxes/<id:box_id>/spine.pdf")
@requires(Action.STORAGE_VIEW)
def print_spine(box_id: int) -> Response:
    """Send the spine of a box."""
    spine = _spine(box_id)
    return _pdf(lambda: _tools().printer.print_spines([spine]), f"spine-{spine.number}")


def _spine(box_id: int) -> Spine:
    actor = the_actor()
    box = box_queries.read_box(reading(), actor, box_id)
    numbers = [item.archive_number for item in box_queries.items_in(reading(), actor, box_id)]
    return Spine(
        width_mm=box.spine_mm,
        fonds=box.fonds_code,
        year=str(box.year or ""),
        period=_period(box.period),
        items=_first_and_last(numbers),
        number=box.number,
        branch=box.branch_name,
        code=label_code("box", box.id),
    )


def _box_label(box_id: int, number: str, year: int | None, period: str, branch: str) -> Label:
    facts = " ".join(part for part in (str(year or ""), _period(period)) if part)
    return Label(label_code("box", box_id), number, [line for line in (facts, branch) if line])


def _first_and_last(numbers: Sequence[str]) -> str:
    """Return the item numbers 件号 of the first and the last paper: 00012-00031; their whole numbers are too long."""
    ends = numbers if len(numbers) < 2 else (numbers[0], numbers[-1])
    return "-".join(number.rpartition("-")[2] for number in ends)


def _period(code: str) -> str:
    try:
        return Period.parse(code).label if code else ""
    except BadPeriod:
        return code


def _labels(labels: Sequence[Label], name: str) -> Response:
    """Return the sheet; `skip` in the address leaves places free, and `from` begins at a later label."""
    start = max(0, request.args.get("from", 0, type=int))
    skip = min(max(0, request.args.get("skip", 0, type=int)), A_SHEET - 1)
    wanted = labels[min(start, max(0, len(labels) - 1)) :][:MOST]
    return _pdf(lambda: _tools().printer.print_labels(wanted, skip=skip), f"labels-{name}")


def _pdf(draw: Callable[[], bytes], name: str) -> Response:
    """Return the sheet to look at and print; nothing is drawn for who asks for the headers only."""
    response = Response(draw() if request.method == "GET" else b"", mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _tools() -> Tools:
    tools: Tools = current_app.extensions["tools"]
    return tools
