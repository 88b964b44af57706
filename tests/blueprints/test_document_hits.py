"""Words inside one item: found page by page, marked on the images, out of the address."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.documents import Document, Page
from app.ports import TextLine
from app.queries.page_words import lead_words, pack_words
from tests.adapters.made_files import pdf_of_pages
from tests.blueprints.test_documents import arrange, draw, receive
from tests.client import Browser, Portal

RECT = re.compile(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/>')
GROUP = re.compile(r'<g data-page="(\d+)" (display="none")?')
FIRST = TextLine("被保险人李建国的地址", 100, 100, 900, 120, 0.98)
SECOND = TextLine("受益人李建", 100, 200, 600, 220, 0.97), TextLine("国与王芳", 100, 230, 500, 250, 0.97)


def a_read_document(portal: Portal, browser: Browser, *, turned: int = 0, **fields: str) -> str:
    """Receive three pages of which the last two were read; return the address of the item."""
    document_id = receive(portal, browser, arrange(portal), pdf_of_pages(3), "投保单.pdf", **fields)
    draw(portal)
    with portal.session() as session:
        pages = session.scalars(select(Page).order_by(Page.number)).all()
        for page, lines in zip(pages[1:], ((FIRST,), SECOND), strict=True):
            page.text = "\n".join(line.text for line in lines)
            page.words, page.turned, page.work_state = pack_words(lines), turned, "done"
        session.commit()
    return f"/documents/{encode_id(document_id)}"


def look_for(browser: Browser, path: str, text: str) -> str:
    """Type words into the field of an item and return the page that follows."""
    browser.get(path)
    address = browser.post(f"{path}/versions/1/find", {"text": text}, status=303).headers["Location"]
    assert not text or text not in unquote(address)
    return browser.get(address).text


def test_hits_are_listed_by_page_and_marked_where_they_stand(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = a_read_document(portal, browser)

    page = look_for(browser, path, "李建国")

    assert GROUP.findall(page) == [("2", ""), ("3", 'display="none"')]
    # Three of ten characters from the fifth on; then the name over two lines.
    assert RECT.findall(page) == [
        ("420", "100", "240", "20"),
        ("400", "200", "200", "20"),
        ("100", "230", "100", "20"),
    ]
    assert f"{path}/versions/1/pages/2.jpg?as=read" in re.findall(r'class="sheet-image" src="([^"]+)"', page)
    assert page.count("<mark>李建国</mark>") == 1
    assert 'value="李建国"' in page


def test_a_page_that_was_turned_to_be_read_is_shown_and_marked_as_it_was_read(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = a_read_document(portal, browser, turned=90)

    page = look_for(browser, path, "地址")

    assert RECT.findall(page) == [("740", "100", "160", "20")]
    assert f"{path}/versions/1/pages/2.jpg?as=read" in page


def test_words_are_marked_on_the_restored_copy_and_beside_it_on_the_page_as_it_came(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = a_read_document(portal, browser)
    lower = (1.0, 0.0, 0.0, 0.0, 1.0, 50.0, 0.0, 0.0, 1.0)
    with portal.session() as session:
        page = session.scalars(select(Page).where(Page.number == 2)).one()
        page.words, page.restored_digest = lead_words(page.words or "", lower), page.image_digest
        page.work_state = "manual"
        session.commit()

    restored = look_for(browser, path, "地址")
    sealed = re.findall(r';s=([^"&]+)', restored)[0]
    both, came = (browser.get(f"{path}?s={sealed}&shape={shape}&page=2").text for shape in ("both", "came"))

    assert RECT.findall(restored) == [("740", "150", "160", "20")]
    assert f"{path}/versions/1/pages/2.jpg" in re.findall(r'class="sheet-image" src="([^"]+)"', restored)
    assert RECT.findall(both) == [("740", "100", "160", "20"), ("740", "150", "160", "20")]
    assert RECT.findall(came) == [("740", "100", "160", "20")]
    assert "第 2 页没有可靠地认出文字" in came


def test_words_that_are_nowhere_are_told_and_nothing_is_marked(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = a_read_document(portal, browser)

    page = look_for(browser, path, "赵六")

    assert "这件的页面上没有找到" in page
    assert "<rect" not in page


def test_nothing_asked_and_a_spoilt_address_show_the_item_plainly(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = a_read_document(portal, browser)

    for page in (look_for(browser, path, ""), browser.get(f"{path}?s=%00spoilt").text):
        assert "sheet-marks" not in page
        assert "没有找到" not in page


def test_who_may_not_see_the_item_is_told_nothing_of_its_words(portal: Portal) -> None:
    archivist = portal.browser("archivist", stepped_up=True)
    path = a_read_document(portal, archivist)
    with portal.session() as session:
        session.scalars(select(Document)).one().level = 4
        session.commit()
    stranger = portal.browser("clerk")
    stranger.get("/documents")

    stranger.post(f"{path}/versions/1/find", {"text": "李建国"}, status=404)
