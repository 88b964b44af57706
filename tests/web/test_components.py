"""The macros and layouts, rendered strictly: what they must never contain and always say."""

import re

import html5lib
import pytest

from tests.web.gallery.scenes import environment, scene, scene_names

ENV = environment()


@pytest.fixture(params=scene_names())
def page(request: pytest.FixtureRequest) -> str:
    return scene(ENV, request.param)


def test_a_page_has_one_h1_and_its_title_begins_with_it(page: str) -> None:
    headings = re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)

    assert len(headings) == 1
    assert title is not None
    assert title[1] == f"{headings[0]} · 保档"


def test_a_page_is_valid_html_with_unique_ids(page: str) -> None:
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\sid="([^"]*)"', page)

    assert len(ids) == len(set(ids))


def test_a_page_carries_nothing_that_the_content_policy_refuses(page: str) -> None:
    assert not re.search(r"<[^>]+\s(style|on\w+|hx-on[\w:-]*)=", page)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", page)
    assert "js:" not in page
    assert not re.search(r'\s(?:href|src|action)="(?:https?:)?//', page)


def test_every_post_form_carries_the_token(page: str) -> None:
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL):
        assert 'name="csrf_token" value="gallery-token"' in form


def test_every_label_points_at_a_control_of_the_page(page: str) -> None:
    ids = set(re.findall(r'\sid="([^"]*)"', page))
    pointed = re.findall(r'<label[^>]*\sfor="([^"]*)"', page)
    described = [
        name for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', page) for name in names.split()
    ]

    assert {*pointed, *described} <= ids


def test_a_wrong_field_says_so_and_the_summary_links_to_it() -> None:
    page = scene(ENV, "form")

    assert '<a href="#id_number">证件号码：应为 18 位，请对照证件再核一遍</a>' in page
    assert re.search(r'id="id_number"[^>]*|aria-describedby="id_number-error"', page)
    assert 'aria-describedby="name-hint name-error"' in page


def test_text_from_outside_is_escaped_in_every_mark() -> None:
    marks = ENV.get_template("components/marks.html").module
    evil = "<img src=x onerror=1>"

    made = "".join(
        [
            marks.chip(evil, "ok"),
            marks.masked(evil, "/r", evil, {"f": evil}, [evil]),
            marks.notice(evil, title=evil, href=evil, label=evil),
            marks.copy(evil),
        ]
    )

    assert "<img" not in made


def test_a_badge_is_silent_when_nothing_waits() -> None:
    marks = ENV.get_template("components/marks.html").module

    assert marks.badge(0) == ""
    assert "999+" in marks.badge(12345)


def test_an_empty_list_keeps_its_total() -> None:
    lists = ENV.get_template("components/lists.html").module

    assert "共 0 条" in lists.pager(0)
    assert "超过 10,000 条" in lists.pager(10000, exact=False)


def test_a_refusal_asked_for_by_htmx_is_a_fragment() -> None:
    words = {"status": 404, "title": "没有找到", "explanation": "不在您的范围里", "action_href": "", "action_label": ""}

    reply = ENV.get_template("errors/error.html").render(words, is_fragment=True)

    assert "<html" not in reply
    assert "data-refusal" in reply
