"""Screens of questionnaires: the builder without script, versions, results with their suppression and comments."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.domain.surveys import questions_of
from app.models.surveys import Survey, SurveyVersion
from tests.cast import EAST, EAST_CITY, WEST
from tests.client import Browser, Portal
from tests.survey_answers import answer_many, survey_named

NEW = {"title": "服务问卷", "purpose": "other", "source": "", "branch_id": str(EAST), "idempotency_key": "k1"}
SCALE = {"kind": "scale", "text": "您满意吗？", "required": "y", "is_overall": "y"}


def begin(portal: Portal, **fields: Any) -> str:
    """Begin a survey as the manager and return the address of its page."""
    browser = portal.browser("manager")
    browser.get("/surveys/new")
    location = str(browser.post("/surveys/new", {**NEW, **fields}).headers["Location"])
    return location.removesuffix("/edit")


def version_in(browser: Browser, path: str) -> str:
    """The version that a form of a page carries."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(path).text)
    assert found is not None
    return found.group(1)


def put(browser: Browser, path: str, fields: dict[str, Any], *, status: int = 303) -> str:
    """Add a question and return the answer's text."""
    version = version_in(browser, f"{path}/questions/new")
    return browser.post(f"{path}/questions/new", {"version": version, **fields}, status=status).text


def newest(portal: Portal) -> SurveyVersion:
    """The version that was changed last."""
    with portal.session() as session:
        statement = select(SurveyVersion).join(Survey).where(Survey.title.in_(["服务问卷", "回访副本"]))
        return session.scalars(statement.order_by(SurveyVersion.ordinal.desc())).first()  # type: ignore[return-value]


def test_a_survey_is_built_and_published_without_script(portal: Portal) -> None:
    path, browser = begin(portal), portal.browser("manager")
    put(browser, path, SCALE)
    put(
        browser,
        path,
        {
            "kind": "single",
            "text": "为什么？",
            "choice": ["太慢", "态度", ""],
            "choice_key": ["", "", ""],
            "problem": "1",
            "condition": ["q1=1", "q1=2"],
        },
    )

    page = browser.get(f"{path}/edit").text
    preview = browser.get(f"{path}/preview?version=1").text
    browser.post(f"{path}/publish", {"version": version_in(browser, f"{path}/edit")})
    shown = browser.get(path).text

    asked = questions_of(newest(portal).questions)
    assert [question.key for question in asked] == ["q1", "q2"]
    assert [(choice.key, choice.is_problem) for choice in asked[1].choices] == [("c1", False), ("c2", True)]
    assert "仅当第 1 题答“1 非常不满意、2 不满意”时问" in page
    assert 'data-only-if="q_q1 1 2"' in preview
    assert preview.count('type="radio"') == 5 + 2
    assert "使用中" in shown
    assert "服务问卷" in portal.browser("clerk_city").get("/surveys").text
    assert "服务问卷" not in portal.browser("clerk_west").get("/surveys").text


def test_questions_move_and_go_with_htmx_and_without(portal: Portal) -> None:
    path, browser = begin(portal), portal.browser("manager")
    for text in ("甲题", "乙题", "丙题"):
        put(browser, path, {"kind": "text", "text": text})
    version = version_in(browser, f"{path}/edit")

    fragment = browser.post(f"{path}/questions/q3/move", {"way": "up", "version": version}, htmx=True, status=200).text
    stale = browser.post(f"{path}/questions/q3/move", {"way": "up", "version": version}, htmx=True, status=200).text
    refused = browser.post(f"{path}/questions/q3/move", {"way": "up", "version": version}, status=409).text
    browser.post(f"{path}/questions/q1/remove", {"version": version_in(browser, f"{path}/edit")})

    assert re.match(r'\s*<section id="questions"', fragment)
    assert fragment.index("丙题") < fragment.index("乙题")
    assert "刚才有人改过" in stale
    assert "刚才有人改过" in refused
    assert [question.text for question in questions_of(newest(portal).questions)] == ["丙题", "乙题"]


def test_a_question_is_changed_and_keeps_its_keys(portal: Portal) -> None:
    path, browser = begin(portal), portal.browser("manager")
    put(browser, path, {"kind": "multiple", "text": "办什么？", "choice": ["投保", "理赔"], "choice_key": ["", ""]})
    page = f"{path}/questions/q1"

    form = browser.get(page).text
    browser.post(
        page,
        {
            "kind": "multiple",
            "text": "办了什么？",
            "version": version_in(browser, page),
            "choice": ["理赔", "咨询"],
            "choice_key": ["c2", ""],
        },
    )

    (question,) = questions_of(newest(portal).questions)
    assert 'value="投保"' in form
    assert question.text == "办了什么？"
    assert [(choice.key, choice.text) for choice in question.choices] == [("c2", "理赔"), ("c3", "咨询")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": " "}, "请填写题目"),
        ({"kind": "worst"}, "kind-error"),
        ({"kind": "single", "choice": ["只有一个"], "choice_key": [""]}, "2 至 12 个选项"),
        ({"kind": "single", "choice": ["同", "同"], "choice_key": ["", ""]}, "文字相同"),
        ({"condition": ["q1=9"]}, "作为条件的回答已不存在"),
        ({"condition": ["q7=1"]}, "只能以前面的题目为条件"),
        ({"condition": ["q1=1", "q7=1"]}, "条件只能取自同一道题"),
        ({"is_overall": "y"}, "只能有一题作为总体满意度"),
        ({"basis": "长" * 121}, "120"),
    ],
)
def test_a_bad_question_comes_back_with_what_was_typed(portal: Portal, changes: dict[str, Any], sentence: str) -> None:
    path, browser = begin(portal), portal.browser("manager")
    put(browser, path, SCALE)

    page = put(browser, path, {"kind": "scale", "text": "又一题", **changes}, status=422)

    assert sentence in page
    assert changes.get("text", "又一题").strip() in page
    assert len(questions_of(newest(portal).questions)) == 1


def test_a_survey_begins_as_a_copy_and_the_next_version_leaves_the_first(portal: Portal) -> None:
    path, browser = begin(portal, source="new_policy", title="回访副本"), portal.browser("manager")
    browser.post(f"{path}/publish", {"version": version_in(browser, f"{path}/edit")})
    browser.get(path)
    browser.post(f"{path}/draft")
    again = browser.post(f"{path}/draft", status=409).text

    version = version_in(browser, f"{path}/settings")
    browser.post(
        f"{path}/settings",
        {
            "title": "回访副本",
            "greeting": "新的开头",
            "low_score": "2",
            "low_nps": "6",
            "valid_days": "9",
            "version": version,
        },
    )
    stale = browser.post(
        f"{path}/settings",
        {"title": "又改", "low_score": "2", "low_nps": "6", "valid_days": "9", "version": version},
        status=409,
    ).text
    browser.post(f"{path}/drop", {"version": version_in(browser, f"{path}/edit")})

    assert "现在不能这样办" in again
    assert "又改" in stale
    assert (newest(portal).ordinal, len(newest(portal).questions)) == (1, 16)
    assert "投保单" in browser.get(path).text


def test_a_survey_is_retired_and_its_draft_is_not_shown_to_others(portal: Portal) -> None:
    path, browser = begin(portal), portal.browser("manager")
    put(browser, path, SCALE)
    before = portal.browser("clerk").get(path).text
    portal.browser("clerk").get(f"{path}/preview?version=1", status=404)
    browser.post(f"{path}/publish", {"version": version_in(browser, f"{path}/edit")})

    browser.post(f"{path}/retire", {"version": version_in(browser, path)})

    assert "还没有发布的版本" in before
    assert "已停用" in browser.get(path).text
    assert browser.get(f"{path}/edit", status=303).headers["Location"].endswith(path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"title": ""}, "请填写问卷名称"), ({"purpose": "x"}, "purpose-error"), ({"branch_id": str(WEST)}, "branch_id")],
)
def test_a_bad_beginning_is_refused(portal: Portal, changes: dict[str, str], sentence: str) -> None:
    browser = portal.browser("manager")
    browser.get("/surveys/new")

    assert sentence in browser.post("/surveys/new", {**NEW, **changes}, status=422).text


def test_a_form_sent_twice_makes_one_survey(portal: Portal) -> None:
    assert begin(portal) == begin(portal)


def test_only_a_manager_of_the_branch_changes_a_survey(portal: Portal) -> None:
    path, root = begin(portal), f"/surveys/{encode_id(survey_named(portal, 'claim'))}"

    portal.browser("manager").post(f"{root}/draft", status=403)
    portal.browser("archivist").get("/surveys/new", status=403)
    portal.browser("manager_west").get(path, status=404)
    portal.browser("manager_west").post(f"{path}/draft", status=404)
    portal.browser("agent").get("/surveys", status=403)
    assert "由总公司维护" in portal.browser("manager").get(root).text


def results(portal: Portal, who: str, query: str = "") -> str:
    """The results of the ready survey after a claim."""
    path = f"/surveys/{encode_id(survey_named(portal, 'claim'))}/results"
    return portal.browser(who).get(f"{path}{query}").text


def test_results_show_rates_of_enough_answers(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 40, overall=[5, 4, 4, 3], nps=[10, 9, 7, 0], unanswered=10)

    page = results(portal, "manager")

    assert "80.0%" in page  # 40 of 50 came back
    assert "75.0%" in page  # 4 and 5 among four
    assert "+25" in page
    assert "n = 40" in page
    assert "人寿保险" in page
    assert "代理甲" in page


def test_few_answers_show_no_rates(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 29, overall=[5], nps=[10])

    page = results(portal, "manager")

    assert "样本不足" in page
    assert "n = 29" in page
    assert "100.0%" not in page


def test_one_small_branch_hides_another(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 60, overall=[4], nps=[9])
    answer_many(portal, "claim", EAST_CITY, 10, overall=[1], nps=[0])

    page = results(portal, "manager")

    table = page[page.index("按机构") : page.index("按险种")]
    assert table.count("样本不足") == 2


def test_results_are_those_of_the_readers_branches(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 35, overall=[5], nps=[10])
    answer_many(portal, "claim", WEST, 33, overall=[1], nps=[0])

    assert "n = 35" in results(portal, "manager")
    assert "n = 33" in results(portal, "manager_west")
    assert "n = 68" in results(portal, "archivist_head")
    assert "n = 35" in results(portal, "archivist_head", f"?branch={EAST}&below=no")


def test_filters_narrow_and_spoilt_ones_do_not_harm(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 35, overall=[5], nps=[10])

    assert "n = 35" in results(portal, "manager", "?line=life&version=1&agent=131")
    assert "这段时间没有答卷" in results(portal, "manager", "?line=motor")
    assert "这段时间没有答卷" in results(portal, "manager", "?until=2020-01-01&since=9999-12-31&agent=1")
    for query in ("?since=x&until=0001-01-01", "?branch=-1&agent=x&version=99999999999", "?line=%00&below=maybe"):
        results(portal, "manager", query)
    path = f"/surveys/{encode_id(survey_named(portal, 'claim'))}/results?line=motor"
    assert re.match(r'\s*<div id="results"', portal.browser("manager").get(path, htmx=True).text)


def test_comments_are_searched_by_words_that_no_address_shows(portal: Portal) -> None:
    answer_many(portal, "claim", EAST, 2, overall=[5], nps=[10], comments=["理赔很快", "等了太久"])
    browser = portal.browser("manager")
    path = f"/surveys/{encode_id(survey_named(portal, 'claim'))}/results"
    browser.get(path)

    location = str(browser.post(f"{path}/comments", {"words": "太久", "branch": str(EAST)}).headers["Location"])
    found = browser.get(location.split("#", maxsplit=1)[0]).text
    nothing = browser.get(str(browser.post(f"{path}/comments", {"words": "退保"}).headers["Location"]).split("#")[0])

    assert "太久" not in location
    assert f"branch={EAST}" in location
    assert "等了太久" in found
    assert "理赔很快" not in found
    assert "没有含这些词的意见" in nothing.text


def test_answers_to_a_barred_complaint_are_neither_counted_nor_shown(portal: Portal) -> None:
    answer_many(portal, "complaint", EAST, 31, overall=[5], nps=[10])
    answer_many(portal, "complaint", EAST, 1, overall=[1], nps=[0], comments=["他骗我"], barred="manager")
    path = f"/surveys/{encode_id(survey_named(portal, 'complaint'))}/results"

    barred, free = portal.browser("manager").get(path).text, portal.browser("archivist").get(path).text

    assert "n = 31" in barred
    assert "他骗我" not in barred
    assert "n = 32" in free
    assert "他骗我" in free


def test_the_list_counts_the_last_ninety_days(portal: Portal) -> None:
    answer_many(portal, "visit", EAST, 30, overall=[5, 1], nps=[10])
    answer_many(portal, "visit", EAST, 7, overall=[1], nps=[0], ago=timedelta(days=91))

    page = portal.browser("manager").get("/surveys").text

    row = page[page.index("柜面服务满意度") :]
    assert "50.0%" in row
    assert ">30<" in row
