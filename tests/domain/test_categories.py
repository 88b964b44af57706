"""The seeds: classification, levels, product lines, series."""

from __future__ import annotations

import pytest

from app.domain.archive_numbers import SERIES_NAMES, is_series_code
from app.domain.categories import SEED, children_of, top_level
from app.domain.levels import Level
from app.domain.product_lines import SEED as LINES
from app.domain.product_lines import InsuranceClass, ProductLine, class_of, lines_of
from app.domain.retention import Period


def test_the_five_classes_are_those_of_the_trade() -> None:
    names = [row.name for row in top_level()]

    assert names == ["基本信息类", "投保记录类", "理赔记录类", "客户服务类", "其他相关材料"]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("1", {"身份信息", "联系方式", "职业与收入", "健康信息"}),
        ("2", {"保单信息", "投保申请表", "附加条款", "保全变更"}),
        ("3", {"理赔申请表", "理赔证明材料", "理赔结果"}),
        ("4", {"咨询记录", "投诉记录", "满意度调查", "回访记录"}),
        ("5", {"信用评估报告", "法律文件", "其他"}),
    ],
)
def test_each_class_has_its_sub_classes(code: str, names: set[str]) -> None:
    assert names <= {row.name for row in children_of(code)}


def test_codes_are_unique_and_every_sub_class_has_its_class() -> None:
    codes = [row.code for row in SEED]

    assert len(set(codes)) == len(codes)
    assert {row.parent for row in SEED} == {None, "1", "2", "3", "4", "5"}


def test_every_row_can_be_used_as_it_is() -> None:
    for row in SEED:
        assert row.series in SERIES_NAMES
        assert Period.parse(row.period).code == row.period
        assert isinstance(row.level, Level)
        assert row.basis


def test_no_sub_class_is_less_protected_than_the_law_asks() -> None:
    kept = {row.name: Period.parse(row.period).years or 999 for row in SEED}

    assert min(kept["身份信息"], kept["保单信息"], kept["理赔结果"], kept["投诉记录"]) >= 10
    assert min(kept.values()) >= 5


def test_health_and_disputes_are_shown_to_fewer_people() -> None:
    levels = {row.name: row.level for row in SEED}

    assert levels["健康信息"] is Level.SECRET
    assert levels["拒赔与诉讼"] is Level.CONFIDENTIAL
    assert list(Level) == [1, 2, 3, 4]


def test_series_codes_have_the_form_of_the_standard() -> None:
    assert list(SERIES_NAMES) == ["KH", "CB", "BQ", "LP", "KF", "TS", "HF", "FL", "QT"]
    assert all(map(is_series_code, SERIES_NAMES))


def test_every_product_line_has_a_class_and_examples() -> None:
    assert [row.line for row in LINES] == list(ProductLine)
    assert all(row.examples for row in LINES)
    assert class_of(ProductLine.LIFE) is InsuranceClass.PERSONAL
    assert class_of(ProductLine.MOTOR) is InsuranceClass.PROPERTY


def test_the_lines_of_both_classes_are_all_lines() -> None:
    personal, of_property = lines_of(InsuranceClass.PERSONAL), lines_of(InsuranceClass.PROPERTY)

    assert personal == (ProductLine.LIFE, ProductLine.HEALTH, ProductLine.ACCIDENT)
    assert (*personal, *of_property) == tuple(ProductLine)
