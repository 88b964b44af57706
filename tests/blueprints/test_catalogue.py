"""Classes, periods and the template of archive numbers as a browser meets them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.documents import Category, RetentionPeriod
from app.services.settings import NUMBER_TEMPLATE, setting
from tests.client import Browser, Portal

OTHER = "{fonds}-ZY·{series}·{year}·{period}-{item:06d}"
EDITED = {"name": "身份证件", "default_level": "3", "default_period": "D10", "basis": "本机构自定", "active": "y"}


def address(portal: Portal, code: str, step: str = "edit") -> str:
    """Where a class is changed."""
    with portal.session() as session:
        category_id = session.scalars(select(Category.id).where(Category.code == code)).one()
    return f"/catalogue/categories/{encode_id(category_id)}/{step}"


def keeper(portal: Portal) -> Browser:
    """The archivist of the head office with a fresh code."""
    return portal.browser("archivist_head", stepped_up=True)


@pytest.mark.parametrize("who", ["archivist", "manager", "archivist_head"])
def test_the_rules_are_there_to_be_read(portal: Portal, who: str) -> None:
    page = portal.browser(who).get("/catalogue").text

    for words in ("身份信息", "保险法第八十七条", "D10", "永久", "J019-ZY·CB·2026·D10-00037"):
        assert words in page
    assert ("新增子类" in page) == (who == "archivist_head")


@pytest.mark.parametrize(
    "path", ["/catalogue/periods/new", "/catalogue/number-template", "/catalogue/periods/D10/edit"]
)
def test_changing_asks_for_a_fresh_code_and_for_the_head_offices_archivist(portal: Portal, path: str) -> None:
    assert portal.browser("archivist_head").get(path, status=303).location == "/account/step-up"
    portal.browser("archivist", stepped_up=True).get(path, status=403)
    portal.browser("manager", stepped_up=True).get(path, status=403)
    keeper(portal).get(path)


def test_another_branchs_archivist_is_refused_at_the_classes_too(portal: Portal) -> None:
    browser = portal.browser("archivist", stepped_up=True)

    browser.get(address(portal, "11"), status=403)
    browser.get(address(portal, "1", "new"), status=403)
    browser.post(address(portal, "11"), EDITED, status=403)
    browser.post("/catalogue/periods/D20/remove", status=403)


def test_a_class_is_changed_and_the_overtaken_see_both(portal: Portal) -> None:
    browser = keeper(portal)
    browser.get(address(portal, "11"))

    browser.post(address(portal, "11"), EDITED | {"version": "1"})
    conflict = browser.post(
        address(portal, "11"), EDITED | {"name": "证件", "default_level": "4", "version": "1"}, status=409
    )
    wrong = browser.post(address(portal, "11"), EDITED | {"name": "", "version": "2"}, status=422)

    assert "身份证件" in browser.get("/catalogue").text
    for words in ("证件", "身份证件", "机密", "秘密", "默认密级"):
        assert words in conflict.text
    assert "请填写类别名称" in wrong.text


def test_a_sub_class_is_added_once_however_often_the_form_is_sent(portal: Portal) -> None:
    browser = keeper(portal)
    page = browser.get(address(portal, "1", "new")).text
    form = EDITED | {"name": "电子影像", "series": "KH", "idempotency_key": "c-1"}

    for _ in range(2):
        browser.post(address(portal, "1", "new"), form)

    assert 'value="KH"' in page
    assert browser.get("/catalogue").text.count("电子影像") == 1


def test_a_class_that_still_works_below_cannot_rest(portal: Portal) -> None:
    browser = keeper(portal)
    browser.get(address(portal, "5"))
    form = {name: value for name, value in EDITED.items() if name != "active"}

    page = browser.post(address(portal, "5"), form | {"version": "1"}, status=422).text

    assert "请先停用子类" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"years": "4"}, "短于法定最低保管年限"),
        ({"years": ""}, "请填写年数，或勾选“永久”"),
        ({"permanent": "y"}, "表中已有这个期限"),
        ({"years": "15", "basis": ""}, "请写明依据"),
        ({"years": "15", "effective_from": "2999-01-01"}, "生效日期晚于今天"),
    ],
)
def test_a_period_that_cannot_be_is_explained(portal: Portal, form: dict[str, str], sentence: str) -> None:
    browser = keeper(portal)
    browser.get("/catalogue/periods/new")

    page = browser.post(
        "/catalogue/periods/new", {"basis": "本机构自定", "effective_from": "2026-01-01", **form}, status=422
    ).text

    assert sentence in page


def test_a_period_is_added_changed_and_removed_but_not_while_it_is_used(portal: Portal) -> None:
    browser = keeper(portal)
    form = {"basis": "本机构自定", "effective_from": "2026-01-01"}
    browser.get("/catalogue/periods/new")

    browser.post("/catalogue/periods/new", form | {"years": "15"})
    browser.post("/catalogue/periods/D15/edit", {**form, "basis": "总公司〔2026〕3 号", "version": "1"})
    assert "总公司〔2026〕3 号" in browser.get("/catalogue").text
    conflict = browser.post("/catalogue/periods/D15/edit", form | {"version": "1"}, status=409).text
    used = browser.post("/catalogue/periods/D10/remove", status=409).text
    browser.post("/catalogue/periods/D15/remove")
    browser.get("/catalogue/periods/D15/edit", status=404)

    assert "总公司〔2026〕3 号" in conflict
    assert "不能删除" in used
    with portal.session() as session:
        assert session.get(RetentionPeriod, "D15") is None


def test_a_template_is_previewed_before_it_is_saved(portal: Portal) -> None:
    browser = keeper(portal)
    form = {"value": OTHER, "basis": "总公司〔2026〕3 号", "version": "0"}
    browser.get("/catalogue/number-template")

    page = browser.post("/catalogue/number-template", form | {"do": "preview"}, status=200).text
    fragment = browser.post("/catalogue/number-template", {"value": "{fonds}", "do": "preview"}, status=200, htmx=True)
    with portal.session() as session:
        assert setting(session, NUMBER_TEMPLATE) != OTHER
    browser.post("/catalogue/number-template", form)

    assert "J019-ZY·CB·2026·D10-000037" in page
    assert "必须含有全宗号" in fragment.text
    assert "<h1" not in fragment.text
    assert "D10-000037" in browser.get("/catalogue").text


def test_a_template_that_gives_no_numbers_is_refused_and_the_overtaken_see_both(portal: Portal) -> None:
    browser = keeper(portal)
    browser.get("/catalogue/number-template")
    form = {"basis": "DA/T 13-2022", "version": "0"}

    wrong = browser.post("/catalogue/number-template", form | {"value": "{fonds}-{item}"}, status=422).text
    browser.post("/catalogue/number-template", form | {"value": OTHER})
    conflict = browser.post(
        "/catalogue/number-template", form | {"value": OTHER.replace("06d", "04d")}, status=409
    ).text

    assert "档号模板必须含有" in wrong
    assert "档号模板" in conflict
    assert OTHER in conflict
