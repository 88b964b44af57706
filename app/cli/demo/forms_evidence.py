"""Papers in which authorities say what happened: accident and disability."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import RED, Curve, Rule, Text
from app.cli.demo.wording import day, typed


def accident_report(facts: Facts, rng: Random) -> Paper:
    """事故认定书: letter with red head, parties, sketch of the place, finding."""
    claim, insured = facts.claim, facts.policy.insured
    city, other = insured.address.city, facts.organisation
    plate = f"{city.plate}A{rng.randrange(10000, 99999)}"
    paper = typed("", rng)
    paper.title(f"{city.name}公安局交通警察支队（样本）", size=19, face=Face.BOLD_SONG, colour=RED)
    paper.print(Rule(LEFT, paper.y + 2, RIGHT, paper.y + 2, 0.6))
    paper.space(6)
    paper.title("道路交通事故认定书", size=18, face=Face.BOLD_SONG)
    paper.write(
        Text(
            RIGHT,
            paper.y + 2,
            f"{city.code}样公交认字〔{claim.occurred.year}〕第{rng.randint(100, 9999):05d}号",
            10,
            Face.KAI,
            "r",
        )
    )
    paper.space(7)
    paper.rows(
        [
            ("事故时间", f"{day(claim.occurred)} {rng.randint(6, 21)}时{rng.randint(0, 59):02d}分"),
            ("天气", rng.choice(("晴", "阴", "小雨")), 0.6),
        ],
        [("事故地点", f"{claim.place}{rng.choice(('青禾路与望江路交叉口', '稻香大道 126 号门前', '枫桥路北段'))}")],
        [("当事人甲", insured.name, 0.8), ("证件号码", insured.identity_number, 1.3), ("交通方式", "电动自行车")],
        [("当事人乙", other.contact, 0.8), ("车辆号牌", plate, 1.3), ("交通方式", "小型轿车")],
    )
    _sketch(paper, rng)
    _finding(paper, facts, plate, rng)
    paper.space(5)
    paper.signatures(("交通警察", facts.clerk), ("当事人", insured.name), on=claim.occurred + timedelta(days=7))
    paper.seal(f"{city.name}公安交通管理样本章", "事故处理专用章", up=9)
    paper.paragraph("对本认定有异议的，可自送达之日起三日内提出书面复核申请。", size=9)
    return paper


def _finding(paper: Paper, facts: Facts, plate: str, rng: Random) -> None:
    claim, insured, other = facts.claim, facts.policy.insured, facts.organisation
    cause = "未按规定让行" if rng.random() < 0.5 else "未与前车保持安全距离"
    for text in (
        f"道路交通事故基本事实：{day(claim.occurred)}，当事人乙驾驶{plate}号小型轿车行驶至{claim.place}时，与当事人甲驾驶的电动自行车发生碰撞，造成当事人甲受伤、车辆受损的交通事故。",
        f"道路交通事故形成原因分析：当事人乙驾驶机动车{cause}，其行为是造成事故的主要原因；当事人甲无过错行为。",
        f"当事人导致事故的过错及责任：根据《道路交通安全法实施条例》第九十一条，当事人乙（{other.contact}）负事故全部责任，当事人甲（{insured.name}）无责任。",
    ):
        paper.paragraph(text, size=10.5, face=Face.SONG, own=True)


def _sketch(paper: Paper, rng: Random) -> None:
    """Draw a crossing with two vehicles and the way of each."""
    top = paper.y
    paper.box("现场示意图", "", height=56)
    middle = LEFT + 87
    paper.print(*(Rule(x, top + 6, x, top + 54, 0.4) for x in (middle - 10, middle + 10)))
    paper.print(*(Rule(LEFT + 24, y, RIGHT - 24, y, 0.4) for y in (top + 20, top + 40)))
    paper.print(Text(RIGHT - 10, top + 10, "北 ↑", 9, Face.HEI, "r"))
    turn, brake = rng.uniform(2, 8), rng.uniform(-3, 3)
    car = (middle - 5, top + 33 + brake)
    paper.write(Curve(_block(*car, 12, 5)), Curve(_block(middle + 4, top + 24 + brake, 3, 7)))
    paper.write(
        Curve(((LEFT + 30, top + 36), (middle - 20, top + 36), car)),
        Curve(((middle + 5, top + 52), (middle + 5 + turn / 4, top + 42), (middle + 5, top + 32))),
    )
    paper.write(
        Text(middle - 30, top + 45, "乙车 小型轿车", 9, Face.HAND),
        Text(middle + 14, top + 47, "甲车 电动自行车", 9, Face.HAND),
    )


def _block(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))


def disability_report(facts: Facts, rng: Random) -> Paper:
    """伤残鉴定意见书."""
    claim, insured = facts.claim, facts.policy.insured
    on, grade = claim.discharged + timedelta(days=rng.randint(90, 200)), rng.choice(("八", "九", "十", "十"))
    city = insured.address.city.name.removesuffix("市")
    bureau = f"{city}明鉴司法鉴定所（样本）"
    paper = typed("", rng)
    paper.title(bureau, size=18, face=Face.BOLD_SONG)
    paper.title("司法鉴定意见书", size=22, face=Face.BOLD_SONG)
    paper.write(Text(RIGHT, paper.y + 2, f"明鉴〔{on.year}〕临鉴字第 {rng.randint(100, 999)} 号", 10.5, Face.KAI, "r"))
    paper.space(8)
    _opinion(paper, facts, on, grade)
    paper.space(6)
    paper.signatures(("司法鉴定人", claim.doctor), ("司法鉴定人", facts.clerk), on=on)
    paper.seal(bureau.removesuffix("（样本）"), "司法鉴定专用章", up=12)
    return paper


def _opinion(paper: Paper, facts: Facts, on: date, grade: str) -> None:
    claim, insured = facts.claim, facts.policy.insured
    for head, text in (
        (
            "一、基本情况",
            (
                f"委托人：{facts.policy.insurer}。委托事项：对被鉴定人{insured.name}的伤残程度进行鉴定。受理日期："
                f"{day(on - timedelta(days=9))}。被鉴定人：{insured.name}，{insured.sex}，{day(insured.born)}出生，"
                f"身份证号{insured.identity_number}。"
            ),
        ),
        (
            "二、基本案情",
            f"据送检材料记载，被鉴定人于{day(claim.occurred)}在{claim.place}受伤，{claim.ailment.history}",
        ),
        (
            "三、资料摘要",
            (
                f"{claim.hospital}出院小结（住院号{claim.record_number}）：入院日期{day(claim.admitted)}，"
                f"出院日期{day(claim.discharged)}，诊断：{claim.ailment.diagnosis}。{claim.ailment.tests}"
            ),
        ),
        (
            "四、鉴定过程",
            (
                "参照《法医临床检验规范》对被鉴定人进行检查：神志清楚，步入诊室，查体合作。"
                f"{claim.ailment.findings}复阅送检影像资料，与记载相符。"
            ),
        ),
        (
            "五、分析说明",
            (
                f"被鉴定人因外力作用致{claim.ailment.diagnosis}，经治疗后目前临床症状稳定，遗留功能障碍，"
                f"符合《人身保险伤残评定标准》（JR/T 0083—2013）{grade}级伤残之规定。"
            ),
        ),
        ("六、鉴定意见", f"被鉴定人{insured.name}因外伤致{claim.ailment.diagnosis}，其伤残程度评定为{grade}级。"),
    ):
        paper.paragraph(head, size=11.5, face=Face.BOLD_HEI, indent=False)
        paper.paragraph(text, size=11, own=True)
        paper.space(2)
