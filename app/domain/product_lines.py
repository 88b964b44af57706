"""Product lines 险种 on two levels, with examples of the third: a seed for choices and statistics.

Source: 保险法 Art. 95 for the first two levels; examples from practice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InsuranceClass(StrEnum):
    """First level."""

    PERSONAL = "personal"  # 人身险
    PROPERTY = "property"  # 财产险


class ProductLine(StrEnum):
    """Second level."""

    LIFE = "life"
    HEALTH = "health"
    ACCIDENT = "accident"
    MOTOR = "motor"
    ENTERPRISE_PROPERTY = "enterprise_property"
    HOME_PROPERTY = "home_property"
    ENGINEERING = "engineering"
    CARGO = "cargo"
    HULL = "hull"
    SPECIAL_RISK = "special_risk"
    LIABILITY = "liability"
    CREDIT_GUARANTEE = "credit_guarantee"
    AGRICULTURE = "agriculture"
    SHORT_HEALTH_ACCIDENT = "short_health_accident"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProductLineSeed:
    """A product line with its class and examples of products."""

    line: ProductLine
    insurance_class: InsuranceClass
    examples: tuple[str, ...]


_PERSONAL, _PROPERTY = InsuranceClass

SEED: tuple[ProductLineSeed, ...] = (
    ProductLineSeed(
        ProductLine.LIFE,
        _PERSONAL,
        ("定期寿险", "终身寿险", "增额终身寿险", "两全保险", "养老年金保险", "教育金保险", "其他年金保险"),
    ),
    ProductLineSeed(
        ProductLine.HEALTH,
        _PERSONAL,
        (
            "重大疾病保险",
            "防癌保险",
            "费用补偿医疗保险",
            "定额给付医疗保险",
            "失能收入损失保险",
            "护理保险",
            "医疗意外保险",
        ),
    ),
    ProductLineSeed(
        ProductLine.ACCIDENT,
        _PERSONAL,
        (
            "综合意外险",
            "交通意外险",
            "旅行意外险",
            "学生平安保险",
            "建筑工程团体意外险",
            "借款人意外险",
        ),
    ),
    ProductLineSeed(
        ProductLine.MOTOR,
        _PROPERTY,
        (
            "机动车交通事故责任强制保险",
            "机动车损失保险",
            "机动车第三者责任保险",
            "机动车车上人员责任保险",
            "机动车附加险",
            "新能源汽车保险",
        ),
    ),
    ProductLineSeed(
        ProductLine.ENTERPRISE_PROPERTY,
        _PROPERTY,
        (
            "财产基本险",
            "财产综合险",
            "财产一切险",
            "机器损坏险",
            "营业中断险",
        ),
    ),
    ProductLineSeed(ProductLine.HOME_PROPERTY, _PROPERTY, ("普通家财险", "房贷保险", "地震巨灾保险")),
    ProductLineSeed(ProductLine.ENGINEERING, _PROPERTY, ("建筑工程一切险", "安装工程一切险")),
    ProductLineSeed(ProductLine.CARGO, _PROPERTY, ("国内水路、陆路货物运输保险", "进出口货物运输保险")),
    ProductLineSeed(ProductLine.HULL, _PROPERTY, ("沿海内河船舶保险", "远洋船舶保险")),
    ProductLineSeed(ProductLine.SPECIAL_RISK, _PROPERTY, ("航空保险", "核保险")),
    ProductLineSeed(
        ProductLine.LIABILITY,
        _PROPERTY,
        (
            "公众责任险",
            "雇主责任险",
            "产品责任险",
            "医疗责任险",
            "安全生产责任险",
            "环境污染责任险",
            "承运人责任险",
        ),
    ),
    ProductLineSeed(
        ProductLine.CREDIT_GUARANTEE,
        _PROPERTY,
        ("出口信用保险", "贷款信用保险", "合同履约保证保险", "融资性保证保险"),
    ),
    ProductLineSeed(ProductLine.AGRICULTURE, _PROPERTY, ("种植保险", "养殖保险", "森林保险", "农产品指数保险")),
    ProductLineSeed(ProductLine.SHORT_HEALTH_ACCIDENT, _PROPERTY, ("短期健康险", "短期意外险")),
    ProductLineSeed(ProductLine.OTHER, _PROPERTY, ("宠物保险", "退货运费险")),
)

_CLASS_OF = {row.line: row.insurance_class for row in SEED}


def class_of(line: ProductLine) -> InsuranceClass:
    """Return the class that a product line belongs to."""
    return _CLASS_OF[line]


def lines_of(insurance_class: InsuranceClass) -> tuple[ProductLine, ...]:
    """Return the product lines of a class, in the order of the seed."""
    return tuple(row.line for row in SEED if row.insurance_class is insurance_class)
