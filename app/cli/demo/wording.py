"""Turns of phrase that several papers share."""

from __future__ import annotations

from datetime import date
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Policy
from app.cli.demo.fonts import Face
from app.cli.demo.glyphs import HANDS
from app.cli.demo.paper import Cell, Paper
from app.cli.demo.people import Person
from app.cli.demo.sheets import BLACK, Colour


def day(on: date | None) -> str:
    """Return `2024年03月05日`, or 长期 for no date."""
    return f"{on:%Y年%m月%d日}" if on else "长期"


def form(code: str, rng: Random, *, by_hand: float = 0.75, ink: Colour = BLACK) -> Paper:
    """Return an empty form that is filled in by hand, or typed, by chance."""
    face = Face.HAND if rng.random() < by_hand else Face.TYPE
    return Paper(code, filled=face, ink=ink, hand=rng.randrange(len(HANDS)))


def typed(code: str, rng: Random, *, ink: Colour = BLACK) -> Paper:
    """Return a form that a system prints: only signatures are by hand."""
    return Paper(code, filled=Face.TYPE, ink=ink, hand=rng.randrange(len(HANDS)))


def person_rows(person: Person, *, on: date) -> list[list[Cell]]:
    """Return the rows in which every application asks who somebody is."""
    return [
        [("姓    名", person.name), ("性    别", person.sex), ("出生日期", day(person.born), 1.4)],
        [("证件类型", "居民身份证", 1), ("证件号码", person.identity_number, 2)],
        [
            ("证件有效期", f"{day(person.identity_from)} 至 {day(person.identity_until)}", 2),
            ("民    族", person.nation),
        ],
        [("婚姻状况", person.marital_status), ("身    高", f"{person.height} cm"), ("体    重", f"{person.weight} kg")],
        [("工作单位", person.employer, 2), ("年    龄", f"{person.age(on)} 周岁")],
        [
            ("职    业", person.occupation),
            ("职业代码", person.occupation_code),
            ("职业类别", f"{person.occupation_class} 类"),
        ],
        [("年 收 入", f"{person.income / 10_000:g} 万元"), ("移动电话", person.mobile, 1.4)],
        [("通讯地址", str(person.address), 2.6), ("邮    编", person.address.postcode)],
    ]


def money_rows(policy: Policy) -> list[list[Cell]]:
    """Return the rows that say what is bought and for how much."""
    return [
        [("险种名称", policy.product.name, 2), ("险种代码", policy.product.code)],
        [
            ("保险金额", f"{yuan(policy.sum_insured)} 元"),
            ("保险期间", policy.term),
            ("交费期间", payment_period(policy)),
        ],
        [("交费方式", policy.frequency), ("保险费合计", f"{yuan(policy.premium)} 元", 2)],
        [("大写金额", f"人民币 {in_capitals(policy.premium)}")],
    ]


def payment_period(policy: Policy) -> str:
    """Return `10 年`, or 一次交清 for a single premium."""
    return "一次交清" if policy.frequency == "趸交" else f"{policy.payment_years} 年"


def masked(number: str) -> str:
    """Return a number with its middle hidden, as letters to customers quote it."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def signer_for(policy: Policy) -> str:
    """Return who signs for the insured: a child's parent does (保险法 Art. 34)."""
    return policy.insured.name if policy.insured.age(policy.applied) >= 18 else policy.applicant.name
