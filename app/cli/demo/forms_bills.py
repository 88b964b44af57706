"""Papers of a hospital's till: the long list of what was charged, and the invoice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import BROWN, RED, Panel, Text
from app.cli.demo.tables import table
from app.cli.demo.wording import day, typed

_CENT = Decimal("0.01")
# name, specification, unit, price in yuan, class of social insurance
_CHARGES = (
    ("床位费（三人间）", "", "日", "50.00", "甲"),
    ("护理费（Ⅰ级）", "", "日", "32.00", "甲"),
    ("诊察费", "住院", "日", "15.00", "甲"),
    ("静脉输液", "", "次", "9.50", "甲"),
    ("肌肉注射", "", "次", "3.20", "甲"),
    ("一次性输液器", "带针", "套", "2.85", "乙"),
    ("0.9%氯化钠注射液", "250ml", "袋", "4.12", "甲"),
    ("5%葡萄糖注射液", "500ml", "瓶", "3.60", "甲"),
    ("血细胞分析", "五分类", "次", "20.00", "甲"),
    ("肝功能八项", "", "次", "68.00", "甲"),
    ("肾功能四项", "", "次", "36.00", "甲"),
    ("凝血四项", "", "次", "60.00", "甲"),
    ("电解质五项", "", "次", "35.00", "甲"),
    ("C反应蛋白测定", "", "次", "30.00", "甲"),
    ("尿液分析", "", "次", "12.00", "甲"),
    ("常规心电图", "十二导联", "次", "26.00", "甲"),
    ("彩色多普勒超声", "腹部", "次", "120.00", "乙"),
    ("CT平扫", "64排", "部位", "236.00", "乙"),
    ("数字化摄影DR", "两张", "次", "90.00", "甲"),
    ("留置针", "24G", "支", "18.60", "丙"),
    ("换药（中）", "", "次", "22.00", "甲"),
    ("吸氧", "", "小时", "4.00", "甲"),
    ("血氧饱和度监测", "", "小时", "3.00", "甲"),
    ("心电监护", "", "小时", "6.00", "甲"),
    ("雾化吸入", "", "次", "8.50", "甲"),
)


def charge_list(facts: Facts, rng: Random) -> Paper:
    """住院费用清单: day by day, two or three pages of small print."""
    claim, insured = facts.claim, facts.policy.insured
    paper = typed("SF-22", rng)
    paper.title(claim.hospital, size=16, face=Face.BOLD_SONG, colour=paper.ink)
    paper.title("住 院 病 人 费 用 清 单", size=14)
    paper.rows(
        [("姓  名", insured.name), ("住院号", claim.record_number), ("科  室", claim.ailment.department)],
        [
            ("入院日期", day(claim.admitted)),
            ("出院日期", day(claim.discharged)),
            ("费  别", rng.choice(("职工医保", "居民医保", "自费"))),
        ],
        label=20,
        height=7,
    )
    paper.space(2)
    rows = _charged(facts, rng)
    table(
        paper,
        ("日期", "项目名称", "规格", "单位", "单价", "数量", "金额", "类别"),
        (1.7, 4.2, 1.7, 1, 1.6, 1, 1.8, 1),
        rows,
        size=8,
        height=5,
    )
    paper.rows(
        [("合计（小写）", f"¥ {yuan(claim.claimed)}"), ("合计（大写）", in_capitals(claim.claimed), 2)], height=8
    )
    _by_class(paper, rows)
    paper.signatures(("收费员", facts.clerk), ("复核", claim.doctor), on=claim.discharged)
    paper.seal(claim.hospital, "收费专用章", up=8, diameter=38)
    return paper


def _by_class(paper: Paper, rows: Sequence[Sequence[str]]) -> None:
    """Add up the classes of social insurance; with the signatures below it is never torn apart."""
    paper.room(64)
    paper.section("按医保类别汇总")
    sums = [(group, [_amount(row) for row in rows if row[7] == group]) for group in ("甲", "乙", "丙")]
    lines = [(f"{group}类", str(len(parts)), yuan(sum(parts, Decimal(0)))) for group, parts in sums]
    table(paper, ("类别", "项数", "金额（元）"), (2, 2, 3), lines, size=9, height=6, numeric=2)


def _amount(row: Sequence[str]) -> Decimal:
    return Decimal(row[6].replace(",", ""))


def _charged(facts: Facts, rng: Random) -> list[tuple[str, ...]]:
    """Return what was charged from day to day, adding up to what is claimed."""
    rest, rows = facts.claim.claimed, []
    for row in _daily_charges(facts, rng):
        if _amount(row) * 4 < rest:
            rows.append(row)
            rest -= _amount(row)
    on = f"{facts.claim.discharged:%Y-%m-%d}"
    return [*rows, (on, "综合治疗费（含手术、材料）", "", "次", yuan(rest), "1", yuan(rest), "乙")]


def _daily_charges(facts: Facts, rng: Random) -> Iterator[tuple[str, ...]]:
    claim = facts.claim
    drugs = tuple(
        (drug, rng.choice(("0.5g", "20mg", "2ml", "100ml")), "支", f"{rng.uniform(3, 90):.2f}", "乙")
        for drug in claim.ailment.drugs
    )
    for index in range(min((claim.discharged - claim.admitted).days, 9)):
        on = f"{claim.admitted + timedelta(days=index):%Y-%m-%d}"
        for name, size, unit, price, group in rng.sample(_CHARGES, k=rng.randint(6, 10)) + list(drugs):
            count = rng.choice((1, 1, 1, 2, 3))
            yield on, name, size, unit, price, str(count), yuan(Decimal(price) * count), group


def invoice(facts: Facts, rng: Random) -> Paper:
    """发票样张: a medical receipt pasted on a sheet, in the brown ink of receipts."""
    claim = facts.claim
    paper = typed("粘贴单", rng, ink=BROWN)
    paper.space(16)
    top = paper.y
    paper.print(Panel(12, top - 6, 186, 148, 252, outline=True))
    paper.title("医疗住院收费票据（电子）样张", size=17, face=Face.BOLD_SONG)
    paper.print(Text(RIGHT - 22, top + 4, "样 张", 13, Face.BOLD_HEI, "m"))
    _slip_head(paper, facts)
    paper.space(11)
    table(
        paper,
        ("项目名称", "金额（元）", "项目名称", "金额（元）"),
        (3, 2, 3, 2),
        _split(claim.claimed, rng),
        size=9.5,
        height=6.6,
    )
    paper.rows(
        [("金额合计（大写）", in_capitals(claim.claimed), 2), ("（小写）", f"¥{yuan(claim.claimed)}")],
        [("业务流水号", claim.record_number), ("住院号", claim.record_number), ("住院科别", claim.ailment.department)],
        [
            ("医保统筹支付", yuan(claim.claimed * Decimal("0.55"))),
            ("个人账户支付", yuan(claim.claimed * Decimal("0.1"))),
            ("个人现金", yuan(claim.claimed * Decimal("0.35"))),
        ],
        label=28,
        height=8,
    )
    paper.space(4)
    paper.paragraph(
        f"收款单位（章）：{claim.hospital}　　　　复核人：{claim.doctor}　　　　收款人：{facts.clerk}",
        own=True,
        indent=False,
    )
    paper.seal(claim.hospital, "收费专用章", x=74, up=10, diameter=38)
    paper.y = top + 160
    _checked_by_hand(paper, facts)
    return paper


def _slip_head(paper: Paper, facts: Facts) -> None:
    claim, insured = facts.claim, facts.policy.insured
    paper.write(
        Text(LEFT, paper.y + 2, f"票据代码：0000{claim.discharged:%y}01", 9, Face.TYPE),
        Text(RIGHT, paper.y + 2, f"票据号码：{claim.record_number}00", 9, Face.TYPE, "r"),
    )
    paper.write(
        Text(LEFT, paper.y + 7, f"交款人：{insured.name}", 9.5, Face.TYPE),
        Text(RIGHT, paper.y + 7, f"开票日期：{day(claim.discharged)}", 9.5, Face.TYPE, "r"),
    )


def _checked_by_hand(paper: Paper, facts: Facts) -> None:
    """Write beside the pasted slip what the clerk found."""
    claim = facts.claim
    paper.write(
        Text(LEFT + 10, paper.y, "原件已验，金额相符", 15, Face.HAND, by=2),
        Text(LEFT + 14, paper.y + 10, f"{facts.clerk} {day(facts.on)}", 12, Face.HAND, by=2),
    )
    paper.write(Text(RIGHT - 50, paper.y, f"共 1 张  ¥{yuan(claim.claimed)}", 12, Face.HAND, colour=RED, by=2))


def _split(total: Decimal, rng: Random) -> list[tuple[str, ...]]:
    """Return eight items that add up to `total`, two a row."""
    names = ("床位费", "诊察费", "检查费", "化验费", "治疗费", "手术费", "护理费", "西药费")
    weights = [rng.uniform(0.3, 1.0) for _ in names]
    parts = [(total * Decimal(weight / sum(weights))).quantize(_CENT) for weight in weights]
    parts[-1] += total - sum(parts)
    cells = [(name, yuan(part)) for name, part in zip(names, parts, strict=True)]
    return [(*cells[i], *cells[i + 1]) for i in range(0, 8, 2)]
