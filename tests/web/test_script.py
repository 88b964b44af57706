"""The one script in a real browser, under the portal's own content policy; and axe over every page of the gallery."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.web.gallery.scenes import scene_names
from tests.web.gallery.server import serve

pytestmark = pytest.mark.browser
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[bytes]]]:
    with serve(tmp_path_factory.mktemp("images")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, gallery: tuple[str, list[bytes]]) -> Iterator[Page]:
    context = browser.new_context(base_url=gallery[0], locale="zh-CN", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def put_htmx_button(page: Page, reply: str) -> None:
    """Add a link that asks for a prepared reply, the way a page of the portal would."""
    page.evaluate(
        """reply => {
          const rows = document.querySelector("#rows");
          rows.insertAdjacentHTML("afterbegin",
            `<button id="ask" hx-get="/reply/${reply}" hx-target="#rows" hx-swap="outerHTML">问</button>`);
          htmx.process(rows);
        }""",
        reply,
    )
    page.click("#ask")


def test_slash_goes_to_the_search_box_and_does_not_type_itself(page: Page) -> None:
    page.goto("/list")

    page.keyboard.press("/")

    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("")


def test_j_and_k_walk_the_rows_and_enter_opens(page: Page) -> None:
    page.goto("/list")

    for key in "jjjk":
        page.keyboard.press(key)

    expect(page.locator("tbody tr:nth-child(2) a")).to_be_focused()
    with page.expect_request("**/c/1"):
        page.keyboard.press("Enter")


def test_a_letter_typed_into_a_field_is_not_a_command(page: Page) -> None:
    page.goto("/list")

    page.fill("#f1", "")
    page.locator("#f1").press_sequentially("n/?")

    expect(page.locator("#f1")).to_have_value("n/?")
    assert page.url.endswith("/list")


def test_the_key_of_an_action_presses_it(page: Page) -> None:
    page.goto("/list")

    with page.expect_request("**/n"):
        page.keyboard.press("n")


def test_the_key_list_names_the_keys_of_the_page_and_can_switch_single_keys_off(page: Page) -> None:
    page.goto("/list")
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_contain_text("建一份客户档案")

    page.uncheck("dialog.keys input")
    page.keyboard.press("Escape")
    page.keyboard.press("/")

    expect(page.locator("#q")).not_to_be_focused()
    page.evaluate("localStorage.clear()")


def test_escape_closes_what_is_open_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/customer")
    page.click("summary[aria-label*='证件号码']")
    expect(page.locator(".reveal[open] input[name=reason]")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator(".reveal[open]")).to_have_count(0)
    expect(page.locator("summary[aria-label*='证件号码']")).to_be_focused()


def test_typing_into_a_filter_renews_the_list_in_place(page: Page) -> None:
    page.goto("/list")

    with page.expect_request("**/customers?name=*"):
        page.locator("#f1").press_sequentially("李")


@pytest.mark.parametrize(("reply", "words"), [("rows", "新的一页"), ("invalid", "请填姓名"), ("moved", "别人先改了")])
def test_what_is_meant_for_the_page_is_swapped_in(page: Page, reply: str, words: str) -> None:
    page.goto("/list")

    put_htmx_button(page, reply)

    expect(page.locator("#rows")).to_contain_text(words)
    expect(page.locator("#bar")).to_be_hidden()


@pytest.mark.parametrize(
    ("reply", "words"),
    [("state", "现在不能这样办"), ("broken", "没有留下一半的数据"), ("silent", "服务器忙")],
)
def test_every_other_failure_is_told_in_the_bar_and_leaves_the_page(page: Page, reply: str, words: str) -> None:
    page.goto("/list")

    put_htmx_button(page, reply)

    expect(page.locator("#bar")).to_contain_text(words)
    expect(page.locator("#rows table")).to_be_visible()


def test_a_session_that_ended_goes_to_the_sign_in_as_a_whole_page(page: Page) -> None:
    page.goto("/list")

    put_htmx_button(page, "ended")

    page.wait_for_url("**/public_login")


def test_files_go_one_by_one_and_each_says_how_it_went(page: Page, gallery: tuple[str, list[bytes]]) -> None:
    page.goto("/upload")
    gallery[1].clear()

    page.set_input_files(
        "#files",
        [
            {"name": "一.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"},
            {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"MZ"},
            {"name": "太大.png", "mimeType": "image/png", "buffer": b"0" * 3_000_001},
        ],
    )
    page.click("#upload button[type=submit]")

    rows = page.locator(".upload-list > li")
    expect(rows.nth(0)).to_contain_text("2 页")
    expect(rows.nth(1)).to_contain_text("此文件不是 PDF 或图片")
    expect(rows.nth(2)).to_contain_text("文件太大")
    expect(page.locator(".upload-sum")).to_have_text("已收到 1 / 3 个文件")
    assert len(gallery[1]) == 2
    assert b"k1.1" in gallery[1][0]


def test_a_file_tried_again_is_sent_with_the_same_key(page: Page, gallery: tuple[str, list[bytes]]) -> None:
    page.goto("/upload")
    gallery[1].clear()
    page.set_input_files("#files", {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    page.click("#upload button[type=submit]")
    expect(page.locator(".upload-list > li")).to_contain_text("此文件不是")

    page.click(".upload-list button:has-text('重试')")
    expect(page.locator(".upload-list > li")).to_contain_text("此文件不是")
    expect(page.locator(".upload-list li.sending")).to_have_count(0)

    assert [b"k1.1" in body for body in gallery[1]] == [True, True]


def test_the_viewer_turns_pages_zooms_and_rotates_by_keys(page: Page) -> None:
    page.goto("/desk")
    image = page.locator(".sheet-image")
    expect(page.locator(".sheet-page")).to_have_attribute("style", re.compile("width"))
    upright = page.locator(".sheet-page").bounding_box()

    page.keyboard.press("ArrowRight")
    expect(image).to_have_attribute("src", "/images/p2.png")
    expect(page.locator(".thumb[aria-current]")).to_contain_text("第 2 页")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("[")
    expect(image).to_have_class("sheet-image turn-3")
    turned = page.locator(".sheet-page").bounding_box()
    page.keyboard.press("w")
    page.keyboard.press("+")
    wide = page.locator(".sheet-page").bounding_box()

    assert upright is not None
    assert turned is not None
    assert wide is not None
    assert upright["height"] > upright["width"]
    assert turned["width"] > turned["height"]
    assert wide["width"] > turned["width"]


def test_leaving_a_form_with_unsaved_changes_asks_first(page: Page) -> None:
    page.goto("/desk")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#desk #name").press_sequentially("改")

    page.goto("/list")

    assert asked == ["beforeunload"]


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page) -> None:
    page.goto("/customer")
    page.route("**/p", lambda route: route.fulfill(status=204))

    page.click("button:has-text('打印卷内目录')")

    expect(page.locator("button:has-text('打印卷内目录')")).to_be_disabled()


def test_the_menu_of_a_phone_opens_without_any_script(browser: Browser, gallery: tuple[str, list[bytes]]) -> None:
    context = browser.new_context(
        base_url=gallery[0], java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto("/list")
    expect(page.locator(".menu")).to_be_hidden()

    page.click(".menu-switch summary")

    expect(page.locator(".menu >> text=库房保管")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 1024, 1280])
def test_no_page_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    for name in scene_names():
        page.goto(f"/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("name", scene_names())
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_no_violation(
    browser: Browser, gallery: tuple[str, list[bytes]], name: str, scheme: str, width: int
) -> None:
    # axe is injected by the test, which the policy of the page would refuse.
    context = browser.new_context(
        base_url=gallery[0],
        bypass_csp=True,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    page.goto(f"/{name}")

    found = Axe().run(page).response["violations"]

    context.close()
    violations = [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]
    assert violations == []


def test_the_first_page_stays_light() -> None:
    static = Path(__file__).parents[2] / "app" / "static"

    assert (static / "app.css").stat().st_size < 50_000
    assert (static / "app.js").stat().st_size < 24_000
