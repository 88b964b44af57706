"""Working on pages: restored for the eye, read for search. The rows are the truth; this takes what waits, page by page.

Restoring and reading overlap: the reader pulls images as it needs them, and each pull restores a page while others are
being read. Each page is one transaction, so that a worker that dies has lost the pages at hand and nothing else.
"""

from __future__ import annotations

import io
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.db import begin_write
from app.domain.page_work import LAYER, WorkNote, judge_reading, note_of_failure
from app.domain.text_layers import is_good_layer
from app.jobs.handlers import Work
from app.ports import BlobDamaged, BlobMissing, PageFailed, PageText, RestoredPage, StoredBlob
from app.queries.page_words import lead_words, pack_words, turn_words
from app.services import page_work
from app.services.page_work import WaitingPage, WorkedPage

SLICE_SECONDS = 20.0
AT_A_TIME = 8


def work_pages(work: Work, _payload: dict[str, Any]) -> None:
    """Work on waiting pages for a while; when some are left, ask for another turn."""
    turn = Turn(work, time.monotonic() + SLICE_SECONDS)
    for reading in work.tools.reader.read(turn.images()):
        turn.settle(reading)
    with work.sessions() as session:
        begin_write(session)
        if page_work.waiting_pages(session, 1):
            page_work.want_page_work(session, now=work.clock(), priority=6)
        session.commit()


@dataclass(frozen=True, slots=True)
class Sent:
    """A page whose image is with the reader."""

    page: WaitingPage
    restored: RestoredPage | PageFailed


class Turn:
    """One turn of page work: hands images to the reader and settles what comes back, in the same order."""

    def __init__(self, work: Work, until: float) -> None:
        self.work = work
        self.until = until
        self.sent: deque[Sent] = deque()
        self.taken: set[tuple[str, int]] = set()

    def images(self) -> Iterator[bytes]:
        """Yield the images that have to be read; pages that need no reader are settled on the way."""
        while self.goes_on() and (pages := self.take()):
            found = [(page, image) for page in pages if (image := self.fetch(page)) is not None]
            for is_upright in (False, True):
                for page, image, outcome in self.restore([one for one in found if one[0].is_upright == is_upright]):
                    yield from self.offer(page, image, outcome)
                    if self.work.is_stopping():
                        return

    def restore(
        self, found: list[tuple[WaitingPage, bytes]]
    ) -> Iterator[tuple[WaitingPage, bytes, RestoredPage | PageFailed]]:
        """Yield pages, all put upright by a person or none, with their images and what the restorer makes of them."""
        is_upright = bool(found) and found[0][0].is_upright
        outcomes = self.work.tools.pages.restore((image for _, image in found), is_upright=is_upright)
        for (page, image), outcome in zip(found, outcomes, strict=True):
            yield page, image, outcome

    def goes_on(self) -> bool:
        """Say whether there is time for more pages."""
        return time.monotonic() < self.until and not self.work.is_stopping()

    def take(self) -> list[WaitingPage]:
        """Take the next pages that are not at hand already, and tell that this turn is alive."""
        self.work.beat(len(self.taken), 0)
        with self.work.sessions() as session:
            pages = page_work.waiting_pages(session, AT_A_TIME, but=self.taken)
        self.taken.update((page.kind, page.id) for page in pages)
        return pages

    def fetch(self, page: WaitingPage) -> bytes | None:
        """Return the drawn image of a page; one whose bytes are gone or damaged is for a person."""
        try:
            image = self.work.tools.files.read(page.image_digest)
            return self.work.tools.pages.turn(image, page.turned) if page.turned else image
        except (BlobDamaged, BlobMissing, PageFailed):
            self.keep(page, WorkedPage(WorkNote.DAMAGED, text=page.text, words=page.words, turned=page.turned))
            return None

    def offer(self, page: WaitingPage, image: bytes, restored: RestoredPage | PageFailed) -> Iterator[bytes]:
        """Yield the image as the reader wants it: as it was drawn, upright; nothing for a page that needs no reader."""
        if isinstance(restored, RestoredPage):
            if is_good_layer(page.layer) or restored.blank:
                self.keep(page, self.unread(page, restored))
                return
            if restored.turned:
                image = self.work.tools.pages.turn(image, restored.turned)
        self.sent.append(Sent(page, restored))
        yield image

    def unread(self, page: WaitingPage, restored: RestoredPage) -> WorkedPage:
        """Return what is known of a page without reading it: its PDF told its text, or nothing stands on it."""
        words = lead_words(turn_words(page.words, restored.turned), restored.way)
        worked = replace(self.restoration(page, restored), text=page.layer, words=words)
        return worked if restored.blank else replace(worked, reader=LAYER, score=1.0)

    def settle(self, reading: PageText | PageFailed) -> None:
        """Write what was read of the page that was sent first."""
        sent = self.sent.popleft()
        page, worked = sent.page, self.restoration(sent.page, sent.restored)
        way = sent.restored.way if isinstance(sent.restored, RestoredPage) else ()
        if isinstance(reading, PageFailed):
            self.keep(page, replace(worked, note=note_of_failure(reading.reason), text=page.text))
            return
        # A poor layer is kept only where the reader found even less.
        text = reading.text if len(reading.text) >= len(page.layer.strip()) // 2 else page.layer
        read = replace(
            worked,
            text=text,
            words=pack_words(reading.lines, way),
            reader=reading.reader[:40],
            score=reading.score,
            note=worked.note or judge_reading(reading.text, reading.score),
        )
        self.keep(page, read)

    def restoration(self, page: WaitingPage, restored: RestoredPage | PageFailed) -> WorkedPage:
        """Return what the restorer made of a page, its image in the store."""
        if isinstance(restored, PageFailed):
            return WorkedPage(note_of_failure(restored.reason), turned=page.turned)
        turned = (page.turned + restored.turned) % 360
        return WorkedPage(
            restored=self.put(restored.image),
            # The thumbnail that was drawn with the page serves, unless it lies on its side.
            thumbnail=self.put(restored.thumbnail) if turned else None,
            turned=turned,
            skew=restored.skew,
            blank=restored.blank,
            flaws=restored.flaws,
        )

    def put(self, image: bytes) -> StoredBlob:
        """Keep an image; raises `StorageFull`: then the page goes on waiting."""
        return self.work.tools.files.put(io.BytesIO(image))

    def keep(self, page: WaitingPage, worked: WorkedPage) -> None:
        """Write what was made of a page; a page that another worker has done is left as it is."""
        with self.work.sessions() as session:
            begin_write(session)
            page_work.keep_worked(session, page, worked, now=self.work.clock())
            session.commit()
