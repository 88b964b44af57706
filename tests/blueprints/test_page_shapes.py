"""How pages are shown: the restored copy, the page as it came, both side by side; marks where words were read."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image
from sqlalchemy import update

from app.domain.ids import encode_id
from app.models.documents import Blob, Page
from tests.adapters.made_files import jpeg, pdf_of_pages
from tests.blueprints.test_documents import arrange, draw, receive
from tests.client import Portal


def keep_pages(portal: Portal, *, restored: bytes | None, turned: int = 0) -> str:
    """Keep an item of two pages whose first is restored; return its address."""
    customer_id, browser = arrange(portal), portal.browser("archivist")
    document_id = receive(portal, browser, customer_id, pdf_of_pages(2), "投保单.pdf")
    draw(portal)
    if restored is not None:
        blob = portal.app.extensions["tools"].files.put(io.BytesIO(restored))
        with portal.session() as session:
            session.add(Blob(digest=blob.digest, sha256=blob.sha256, size=blob.size, created_at=datetime.now(UTC)))
            session.flush()
            session.execute(update(Page).where(Page.number == 1).values(restored_digest=blob.digest, turned=turned))
            session.commit()
    return f"/documents/{encode_id(document_id)}"


def test_people_are_shown_the_restored_copy_and_may_see_the_page_as_it_came(portal: Portal) -> None:
    path, browser = keep_pages(portal, restored=jpeg((90, 120))), portal.browser("archivist")
    image = f"{path}/versions/1/pages/1.jpg"

    shown, came = (Image.open(io.BytesIO(browser.get(address).data)) for address in (image, f"{image}?as=came"))
    page = browser.get(path).text
    original = browser.get(f"{path}?shape=came").text

    assert shown.size == (90, 120)
    assert came.size != (90, 120)
    assert "处理后" in page and "对照" in page
    assert f'src="{image}"' in page
    assert f'src="{image}?as=came"' in original


def test_both_stand_side_by_side(portal: Portal) -> None:
    path, browser = keep_pages(portal, restored=jpeg((90, 120))), portal.browser("archivist")

    page = browser.get(f"{path}?shape=both").text

    assert f'src="{path}/versions/1/pages/1.jpg"' in page
    assert f'src="{path}/versions/1/pages/1.jpg?as=read"' in page
    assert 'rel="next"' in page and 'rel="prev"' not in page


def test_a_page_is_turned_to_how_it_was_read(portal: Portal) -> None:
    path, browser = keep_pages(portal, restored=jpeg((90, 120)), turned=90), portal.browser("archivist")
    image = f"{path}/versions/1/pages/1.jpg"

    came, read = (Image.open(io.BytesIO(browser.get(f"{image}?as={way}").data)) for way in ("came", "read"))

    assert read.size == came.size[::-1] or came.width == came.height


def test_without_a_restored_copy_there_is_one_way_to_look(portal: Portal) -> None:
    path, browser = keep_pages(portal, restored=None), portal.browser("archivist")

    page = browser.get(f"{path}?shape=both").text

    assert "对照" not in page
    assert f'src="{path}/versions/1/pages/1.jpg' in page
