"""A photograph as it arrives: looked into and drawn in the sandbox, judged on the spot, turned where it lies on its side."""

from __future__ import annotations

import io

from werkzeug.datastructures import FileStorage

from app.ports import Flaw, PageFailed, RefusedFile, RenderedPage, StoredBlob
from app.services.documents import DrawnPage
from app.services.submission_pages import Photo
from app.web.uploads import take_in, tools

SIDEWAYS = "sideways"
TURNS = frozenset({90, 180, 270})
NOT_DRAWN = "application/ofd"


def take_photo(file: FileStorage) -> Photo:
    """Return a file that is in the store, with its page when it has one only; raises `RefusedFile`, `StorageFull`."""
    received = take_in(file)
    if received.pages != 1 or received.media_type == NOT_DRAWN:
        return Photo(received)
    file.stream.seek(0)
    page = next(iter(tools().images.render(file.stream.read())), None)
    if page is None:
        raise RefusedFile("damaged")
    flaws = _judge(page.image) if received.media_type.startswith("image/") else ()
    turned = next((int(flaw.value) for flaw in flaws if flaw.code == SIDEWAYS), 0)
    turned = turned if turned in TURNS else 0
    return Photo(received, _drawn(page, turned), flaws, turned)


def turned_upside_down(digest: str) -> StoredBlob:
    """Return a small image of the store turned by half, in the store; as it was where it cannot be turned."""
    small = tools().files.read(digest)
    try:
        return _put(tools().pages.turn(small, 180))
    except PageFailed:
        return _put(small)


def _judge(image: bytes) -> tuple[Flaw, ...]:
    """Return what is wrong with a photograph; one that cannot be judged now is for people to judge."""
    try:
        return tools().pages.judge(image)
    except PageFailed:
        return ()


def _drawn(page: RenderedPage, turned: int) -> DrawnPage:
    small = page.thumbnail
    if turned:
        try:
            small = tools().pages.turn(small, turned)
        except PageFailed:
            small = page.thumbnail
    return DrawnPage(page.number, page.width, page.height, _put(page.image), _put(small), page.text, lines=page.lines)


def _put(data: bytes) -> StoredBlob:
    return tools().files.put(io.BytesIO(data))
