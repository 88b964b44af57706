"""Papers from outside: a credit report, a lawyer's letter."""

from __future__ import annotations

from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.people import Organisation
from app.cli.demo.sheets import RED, Rule, Text
from app.cli.demo.tables import table
from app.cli.demo.wording import day, typed


def credit_report(facts: Facts, rng: Random) -> Paper:
    """信用评估报告 of a company that wants credit insurance."""
    firm, on = facts.organisation, facts.on
    bureau = f"{firm.address.city.name.removesuffix('市')}明澈信用评估有限公司"
    score = rng.randint(58, 94)
    grade = "AA" if score > 85 else "A" if score > 72 else "BBB"
    paper = typed("MC-XY-01", rng)
    paper.letterhead(bureau, aside="内部资料  注意保密")
    paper.title("企 业 信 用 评 估 报 告", size=20)
    paper.numbered("报告编号", f"MC{on:%Y%m%d}{rng.randint(10, 99)}")
    _registered(paper, firm)
    paper.section("二、主要财务指标（人民币万元）")
    table(
        paper,
        ("指标", *(f"{on.year - back} 年" for back in (3, 2, 1)), "变动"),
        (2.4, 1.5, 1.5, 1.5, 1.2),
        _figures(rng, firm.capital),
        size=9.5,
        height=6.6,
        numeric=4,
    )
    paper.section("三、评分")
    table(paper, ("评估项目", "满分", "得分", "说明"), (2, 1, 1, 4), _marks(rng, score), size=9.5, height=7)
    paper.box(
        "四、评估结论",
        f"综合评分 {score} 分，信用等级 {grade}。该企业经营基本稳定，"
        f"履约记录{'良好' if score > 72 else '一般'}，"
        f"建议授信额度不超过人民币 {yuan(firm.capital * 1000)} 元（{in_capitals(firm.capital * 1000)}），"
        "期限一年，按季跟踪。",
        height=28,
    )
    paper.space(1)
    paper.signatures(("评估人", facts.clerk), ("审核人", facts.claim.doctor), on=on)
    paper.seal(bureau, "评估业务专用章", up=10)
    return paper


def _registered(paper: Paper, firm: Organisation) -> None:
    paper.section("一、企业基本情况")
    paper.rows(
        [("企业名称", firm.name, 1.4), ("统一社会信用代码", firm.credit_code, 1.2)],
        [("法定代表人", firm.representative), ("注册资本", f"{firm.capital} 万元"), ("成立日期", day(firm.founded))],
        [("注册地址", str(firm.address))],
        [("主营业务", firm.trade), ("员工人数", f"{firm.employees} 人"), ("联系电话", firm.telephone)],
        [("开户银行", firm.bank), ("账    号", firm.bank_account, 1.4)],
        label=27,
    )


def _figures(rng: Random, capital: int) -> list[tuple[str, ...]]:
    rows = []
    for name, share in (
        ("资产总额", 4.2),
        ("负债总额", 2.1),
        ("所有者权益", 2.1),
        ("营业收入", 5.5),
        ("利润总额", 0.5),
        ("净利润", 0.38),
        ("经营现金流量净额", 0.6),
    ):
        first = capital * share * rng.uniform(0.8, 1.2)
        values = [first, first * rng.uniform(0.9, 1.2), first * rng.uniform(0.9, 1.35)]
        rows.append((name, *(f"{value:,.2f}" for value in values), f"{(values[2] / values[1] - 1) * 100:+.1f}%"))
    return rows


def _marks(rng: Random, score: int) -> list[tuple[str, ...]]:
    items = (
        ("偿债能力", 30, "资产负债率处于行业中位"),
        ("盈利能力", 25, "毛利率较上年略有变化"),
        ("经营能力", 20, "应收账款周转正常"),
        ("履约记录", 15, "近两年无逾期记录"),
        ("发展前景", 10, "所处行业平稳"),
    )
    return [
        (name, str(full), f"{min(full, full * score / 100 * rng.uniform(0.95, 1.05)):.1f}", note)
        for name, full, note in items
    ]


def lawyer_letter(facts: Facts, rng: Random) -> Paper:
    """律师函 on behalf of a policyholder."""
    policy, claim, on = facts.policy, facts.claim, facts.on
    office = f"{policy.applicant.address.city.name.removesuffix('市')}衡诚律师事务所"
    paper = typed("", rng)
    paper.title(office, size=24, face=Face.BOLD_SONG, colour=RED)
    paper.print(
        Text(105, paper.y + 1, "HENGCHENG LAW FIRM (SAMPLE)", 9, Face.HEI, "m", level=60),
        Rule(LEFT, paper.y + 5, RIGHT, paper.y + 5, 0.6),
    )
    paper.space(12)
    paper.title("律  师  函", size=20, face=Face.BOLD_SONG)
    paper.write(Text(RIGHT, paper.y + 2, f"（{on.year}）衡诚函字第 {rng.randint(1, 300)} 号", 10.5, Face.KAI, "r"))
    paper.space(9)
    paper.paragraph(f"{policy.insurer}：", size=12, indent=False, own=True)
    for text in (
        f"{office}依法接受{policy.applicant.name}（身份证号{policy.applicant.identity_number}，以下简称委托人）的委托，指派本所律师就保险合同理赔纠纷一事，郑重致函贵公司：",
        f"一、委托人于{day(policy.applied)}向贵公司投保“{policy.product.name}”，保单号{policy.number}，保险金额人民币{yuan(policy.sum_insured)}元，并已按约交纳保险费。",
        f"二、被保险人{policy.insured.name}于{day(claim.occurred)}在{claim.place}发生保险事故（{claim.event}），损失及费用合计人民币{yuan(claim.claimed)}元。委托人已于{day(claim.reported)}向贵公司报案（报案号{claim.report_number}）并提交全部资料。",
        "三、贵公司至今未依法作出核定并履行给付义务。根据《中华人民共和国保险法》第二十三条，保险人收到被保险人或者受益人的赔偿或者给付保险金的请求后，应当及时作出核定；情形复杂的，应当在三十日内作出核定。",
        f"四、请贵公司于收到本函之日起十日内履行给付保险金人民币{yuan(claim.claimed)}元（大写：{in_capitals(claim.claimed)}）的义务。逾期，本所将代理委托人依法提起诉讼，由此产生的费用由贵公司承担。",
        "特此函告，望慎重处理。",
    ):
        paper.paragraph(text, size=12, own=True)
        paper.space(1)
    paper.space(10)
    paper.write(Text(RIGHT - 4, paper.y, office, 12, Face.SONG, "r"))
    paper.space(3)
    paper.signatures(("", ""), ("律师", facts.organisation.contact), on=on)
    paper.seal(office, "", up=14, diameter=42)
    return paper
