"""Copies of what proves who somebody is. Drawn as neutral samples, marked as such: no real document looks like these."""

from __future__ import annotations

from math import sin
from random import Random

from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.people import Person
from app.cli.demo.sheets import RED, Curve, Panel, Rule, Text
from app.cli.demo.wording import day, typed

_CARD = (86.0, 54.0)
_CARD_LEFT = 62.0


def identity_card(facts: Facts, rng: Random) -> Paper:
    """身份证复印件: both sides of a sample card, and the clerk's note that the original was seen."""
    person = facts.person
    paper = typed("", rng)
    paper.space(14)
    _front(paper, person, paper.y)
    _back(paper, person, paper.y + 66)
    paper.space(136)
    paper.filled = Face.LIGHT_HAND
    paper.write(Text(LEFT + 12, paper.y, "与原件核对一致", 17, Face.HAND, by=1))
    paper.write(Text(LEFT + 16, paper.y + 11, f"{facts.clerk}  {day(facts.on)}", 13, Face.HAND, by=1))
    paper.write(Text(LEFT + 12, paper.y + 24, f"仅供办理{facts.policy.product.name}使用", 13, Face.HAND, by=1))
    paper.y += 24
    paper.seal(facts.policy.insurer, "证件核对章", x=RIGHT - 40, up=10, diameter=36)
    return paper


def _front(paper: Paper, person: Person, top: float) -> None:
    x = _CARD_LEFT
    paper.print(Panel(x, top, *_CARD, 222, radius=3, outline=True), *_guilloche(x, top))
    paper.print(
        Panel(x + 60, top + 9, 20, 26, 200),
        Panel(x + 66, top + 13, 8, 10, 120, radius=4),
        Panel(x + 62, top + 25, 16, 10, 110, radius=4),
    )
    paper.print(*(Text(x + 5, top + y, label, 7, Face.HEI, level=70) for y, label in _FRONT_LABELS))
    paper.print(
        Text(x + 24, top + 14, "民族", 7, Face.HEI, level=70),
        Text(x + 43, top + 50.5, "样 本", 9, Face.BOLD_HEI, "m", level=90),
    )
    address = str(person.address)
    values = [
        (14, 7, person.name, 10),
        (14, 14, person.sex, 9),
        (33, 14, person.nation, 9),
        (14, 21, f"{person.born.year} 年 {person.born.month} 月 {person.born.day} 日", 9),
        (14, 28, address[:14], 8),
        (14, 33, address[14:28], 8),
        (14, 38, address[28:42], 8),
        (32, 45, person.identity_number, 11),
    ]
    paper.write(*(Text(x + left, top + y, text, size, Face.HEI) for left, y, text, size in values if text))


_FRONT_LABELS = ((7.0, "姓名"), (14.0, "性别"), (21.0, "出生"), (28.0, "住址"), (45.0, "公民身份号码"))


def _back(paper: Paper, person: Person, top: float) -> None:
    x = _CARD_LEFT
    paper.print(Panel(x, top, *_CARD, 226, radius=3, outline=True), *_guilloche(x, top))
    paper.print(
        Panel(x + 6, top + 6, 14, 14, 150, radius=7), Text(x + 13, top + 13, "样", 14, Face.BOLD_HEI, "m", level=240)
    )
    paper.print(
        Text(x + 50, top + 10, "合 成 证 件 样 本", 12, Face.BOLD_SONG, "m"),
        Text(x + 50, top + 19, "居 民 身 份 证 件", 15, Face.BOLD_HEI, "m"),
    )
    paper.print(
        *(Text(x + 24, top + y, label, 7.5, Face.HEI, "r") for y, label in ((37, "签发机关"), (45, "有效期限")))
    )
    until = f"{person.identity_until:%Y.%m.%d}" if person.identity_until else "长期"
    paper.write(Text(x + 27, top + 37, f"{person.address.city.name}公安局（样本）", 9, Face.HEI))
    paper.write(Text(x + 27, top + 45, f"{person.identity_from:%Y.%m.%d}-{until}", 9, Face.HEI))


def _guilloche(x: float, top: float) -> list[Curve]:
    """Return the fine waves of safety paper."""
    return [
        Curve(
            tuple((x + 3 + step, top + 6 + row * 2.5 + sin(step / 4 + row / 2) * 1.6) for step in range(81)),
            0.1,
            level=188,
        )
        for row in range(18)
    ]


def household_register(facts: Facts, rng: Random) -> Paper:
    """户口簿页: head of the household and one member, as two leaves on one sheet."""
    person, insured = facts.person, facts.policy.insured
    paper = typed("", rng)
    paper.title("常 住 人 口 登 记 卡", size=16, face=Face.BOLD_SONG)
    _register_leaf(paper, person, "户主", facts)
    paper.space(12)
    paper.print(Rule(0, paper.y - 6, 210, paper.y - 6, 0.1))
    paper.title("常 住 人 口 登 记 卡", size=16, face=Face.BOLD_SONG)
    _register_leaf(paper, insured, _kin(facts), facts)
    return paper


def _kin(facts: Facts) -> str:
    insured = facts.policy.insured
    words = {
        "配偶": "妻" if insured.female else "夫",
        "子女": "女" if insured.female else "子",
        "父母": "母" if insured.female else "父",
    }
    return words.get(facts.policy.relation, "户主")


def _register_leaf(paper: Paper, person: Person, kin: str, facts: Facts) -> None:
    city = person.address.city
    paper.rows(
        [("姓    名", person.name), ("户主或与户主关系", kin)],
        [("曾 用 名", ""), ("性    别", person.sex)],
        [("出 生 地", f"{city.province}{city.name}"), ("民    族", person.nation)],
        [("籍    贯", f"{city.province}{city.name}"), ("出生日期", day(person.born))],
        [("本市（县）其他住址", ""), ("宗教信仰", "")],
        [("公民身份证件编号", person.identity_number), ("身    高", f"{person.height} cm")],
        [("文化程度", "大学本科" if person.income > 150_000 else "高中"), ("婚姻状况", person.marital_status)],
        [("服务处所", person.employer, 1.3), ("职    业", person.occupation)],
        [("何时由何地迁来本市", f"{day(person.identity_from)}由{city.name}{person.address.district}迁来")],
        [("何时由何地迁来本址", str(person.address))],
        label=31,
        height=8,
    )
    paper.paragraph(f"承办人签章：　　　　　　　　　　　登记日期：{day(person.identity_from)}", own=True)
    paper.seal(f"{city.name}公安局户口登记样本章", "户口专用章", x=58, up=5, diameter=34)


def business_licence(facts: Facts, rng: Random) -> Paper:
    """营业执照副本: a company's registration, as a sample."""
    firm = facts.organisation
    paper = typed("", rng)
    paper.print(Panel(13, 13, 184, 262, 255, outline=True), Panel(15.5, 15.5, 179, 257, 250, outline=True))
    paper.space(20)
    paper.print(
        Panel(96, paper.y, 18, 18, 120, radius=9), Text(105, paper.y + 9, "样", 20, Face.BOLD_HEI, "m", level=245)
    )
    paper.space(26)
    paper.title("营 业 执 照", size=34, face=Face.BOLD_SONG, colour=RED)
    paper.title("（副 本）  样 本", size=14, face=Face.BOLD_SONG)
    paper.space(6)
    paper.write(Text(LEFT + 8, paper.y, f"统一社会信用代码  {firm.credit_code}", 12, Face.HEI))
    paper.space(12)
    for label, value in (
        ("名　　称", firm.name),
        ("类　　型", "有限责任公司（自然人投资或控股）"),
        ("住　　所", str(firm.address)),
        ("法定代表人", firm.representative),
        ("注册资本", f"{firm.capital} 万元整"),
        ("成立日期", day(firm.founded)),
        ("营业期限", f"{day(firm.founded)} 至 长期"),
        (
            "经营范围",
            f"{firm.trade}；货物进出口；信息咨询服务。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        ),
    ):
        paper.print(Text(LEFT + 8, paper.y, label, 12, Face.BOLD_SONG))
        paper.value(LEFT + 42, paper.y, value, 118, size=11.5)
        paper.space(12)
    paper.space(10)
    paper.paragraph(f"登记机关（样本）　　　　　　　　　　　　　{day(firm.founded)}", size=11, own=True)
    paper.seal(f"{firm.address.city.name}市场监督管理样本章", "登记专用", up=2, x=RIGHT - 40, diameter=44)
    return paper
