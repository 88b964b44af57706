"""Titles 题名."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.titles import DOCUMENT_TYPES, LONGEST_TITLE, TitleWarning, check_title, suggest_title
from tests.domain.examples import few


@pytest.mark.parametrize(
    ("author", "subject", "document_type", "title"),
    [
        ("王*", "住院医疗给付", "案卷", "王*住院医疗给付案卷"),
        ("王*", "住院医疗给付案卷", "案卷", "王*住院医疗给付案卷"),
        ("张*", "张*平安福终身寿险", "投保单", "张*平安福终身寿险投保单"),
        (" 李* ", "保单 变更", " 申请书", "李*保单 变更申请书"),
        ("", "续保", "通知书", "续保通知书"),
    ],
)
def test_a_title_is_author_subject_and_type_without_saying_a_part_twice(
    author: str, subject: str, document_type: str, title: str
) -> None:
    assert suggest_title(author, subject, document_type) == title


@pytest.mark.parametrize(
    "title",
    [
        "王*住院医疗给付案卷",
        "张*平安福终身寿险投保资料（保单号P123456）",
        "关于李*保单复效的批复",
        "某公司雇主责任险人员清单2026",
        "赵*〔2026〕理赔申请书[复制件]",
        "钱*《投保提示书》",
        "王*居民身份证复印件",
        "王*保单",
    ],
)
def test_a_good_title_passes(title: str) -> None:
    assert check_title(title) == []


@pytest.mark.parametrize(
    ("title", "warnings"),
    [
        ("", [TitleWarning.EMPTY]),
        (" 　", [TitleWarning.EMPTY]),
        ("——（）*", [TitleWarning.ONLY_PUNCTUATION]),
        ("保单", [TitleWarning.TOO_SHORT]),
        ("王" * 117 + "申请书了", [TitleWarning.TOO_LONG, TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("王*的相关材料", [TitleWarning.VAGUE]),
        ("新建文档 (2)", [TitleWarning.VAGUE, TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("扫描件_0001", [TitleWarning.VAGUE, TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("IMG_20260101.jpg", [TitleWarning.VAGUE, TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("untitled", [TitleWarning.VAGUE, TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("王某某保全申请书", [TitleWarning.VAGUE]),
        ("王*住院医疗给付", [TitleWarning.MISSING_DOCUMENT_TYPE]),
        ("其他", [TitleWarning.TOO_SHORT, TitleWarning.VAGUE, TitleWarning.MISSING_DOCUMENT_TYPE]),
    ],
)
def test_a_poor_title_is_told_what_it_lacks(title: str, warnings: list[TitleWarning]) -> None:
    assert check_title(title) == warnings


def test_a_title_of_exactly_the_longest_length_passes() -> None:
    assert check_title("王" * (LONGEST_TITLE - 3) + "申请书") == []


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.sampled_from(DOCUMENT_TYPES))
@few
def test_a_suggested_title_never_lacks_its_type(author: str, subject: str, document_type: str) -> None:
    title = suggest_title(author, subject, document_type)

    assert TitleWarning.MISSING_DOCUMENT_TYPE not in check_title(title)


@given(st.text(max_size=200))
@few
def test_any_text_can_be_checked(title: str) -> None:
    assert set(check_title(title)) <= set(TitleWarning)


def test_a_pasted_page_is_only_too_long() -> None:
    assert check_title("申请书（" + "1" * 20_000) == [TitleWarning.TOO_LONG, TitleWarning.MISSING_DOCUMENT_TYPE]
