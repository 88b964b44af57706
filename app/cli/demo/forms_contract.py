"""Papers of the contract itself: authority to collect, receipt, policy."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Facts, Policy
from app.cli.demo.fonts import Face
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import GREEN
from app.cli.demo.tables import table
from app.cli.demo.wording import day, form, money_rows, payment_period, typed


def transfer_authority(facts: Facts, rng: Random) -> Paper:
    """银行转账授权书: the insurer may collect from this account."""
    policy, person = facts.policy, facts.policy.applicant
    paper = form("AH-ZZ-0401", rng, ink=GREEN)
    paper.letterhead(policy.insurer)
    paper.title("委托银行自动转账授权书")
    paper.numbered("授权书编号", f"SQ{policy.application_number}")
    paper.rows(
        [("授权人（账户所有人）", person.name, 1.2), ("证件号码", person.identity_number, 1.6)],
        [("开户银行", person.bank), ("开户城市", person.address.city.name)],
        [("账    号", " ".join(person.bank_card[i : i + 4] for i in range(0, 19, 4)))],
        [("投保单号", policy.application_number), ("保单号", policy.number)],
        [
            ("首期保险费", f"{yuan(policy.premium)} 元"),
            ("交费方式", policy.frequency),
            ("交费期间", payment_period(policy)),
        ],
        [("大写金额", f"人民币 {in_capitals(policy.premium)}")],
        label=32,
        height=10,
    )
    paper.choice("转账用途", ("首期保险费", "续期保险费", "首期及续期", "保险金给付"), "首期及续期", width=32)
    paper.space(4)
    for text in (
        "一、授权人同意开户银行根据上述保险公司提供的数据，从指定账户中划转应交保险费及办理退费、给付款项的转入。",
        "二、授权人保证账户为本人所有，账户状态正常，在约定交费日保持足够余额。因余额不足造成的保险合同效力中止由授权人承担责任。",
        "三、授权人变更账户、终止授权，应当在下一个交费日前十五日以书面形式通知保险公司，办理完毕之前本授权继续有效。",
        "四、本授权书自签字之日起生效，一式两份，保险公司与授权人各执一份。",
    ):
        paper.paragraph(text)
    paper.space(6)
    paper.signatures(("授权人签名", person.name), ("经办人", policy.agent), on=policy.applied)
    paper.seal(policy.insurer, "财务专用章", up=14)
    return paper


def delivery_receipt(facts: Facts, rng: Random) -> Paper:
    """保险合同送达回执: signed on delivery, starts the 犹豫期."""
    policy = facts.policy
    received = policy.effective + timedelta(days=rng.randint(2, 12))
    paper = form("AH-HZ-0501", rng)
    paper.letterhead(policy.insurer)
    paper.title("保 险 合 同 送 达 回 执")
    paper.numbered("保单号", policy.number, barcode=True)
    paper.rows(
        [("投保人", policy.applicant.name), ("被保险人", policy.insured.name)],
        [("险种名称", policy.product.name, 1.6), ("保险金额", f"{yuan(policy.sum_insured)} 元", 1.2)],
        [("合同生效日", day(policy.effective)), ("首期保险费", f"{yuan(policy.premium)} 元")],
        [("送达方式", "销售人员当面递送"), ("销售人员", f"{policy.agent}（{policy.agent_number}）")],
        label=28,
        height=10,
    )
    paper.space(4)
    paper.paragraph("本人已收到上述保险合同，内含：保险单、保险条款、现金价值表、投保单复印件、产品说明书、交费收据。")
    paper.paragraph(
        "本人知悉自签收之日起享有十五日的犹豫期，犹豫期内可以要求解除合同，贵公司退还已交保险费，扣除不超过十元的工本费。"
    )
    paper.paragraph("请投保人本人签收，任何人不得代签。")
    paper.space(6)
    paper.choice("资料是否齐全", ("齐全", "有缺失"), "齐全")
    paper.choice("回访方式", ("电话回访", "线上回访", "上门回访"), "电话回访")
    paper.rows(
        [("方便回访的电话", policy.applicant.mobile), ("方便时间", rng.choice(("上午", "下午", "晚上")))], label=28
    )
    paper.space(8)
    paper.signatures(("投保人签收", policy.applicant.name), ("送达人", policy.agent), on=received)
    paper.space(4)
    paper.paragraph("（公司留存联）", size=9, face=Face.HEI, indent=False)
    return paper


def policy_copy(facts: Facts, rng: Random) -> Paper:
    """保单副本: schedule of the contract and its table of cash values."""
    policy = facts.policy
    paper = typed("AH-BD-0601", rng)
    paper.letterhead(policy.insurer, aside="Insurance Policy")
    paper.title("保  险  单（副 本）", size=20)
    paper.numbered("保单号", policy.number, barcode=True)
    _parties(paper, policy)
    paper.section("保险利益")
    paper.rows(*money_rows(policy))
    paper.rows(
        [
            ("保险期满日", day(policy.expires) if policy.expires else "终身"),
            ("交费日期", f"每年 {policy.effective:%m月%d日}"),
        ]
    )
    paper.section("特别约定")
    paper.box(
        "", f"1. 本合同等待期为 {rng.choice((30, 90, 180))} 日。2. 犹豫期为十五日。3. 其余无特别约定。", height=22
    )
    if policy.product.is_life:
        _cash_values(paper, policy)
    else:
        _clauses(paper)
    paper.space(2)
    paper.rows(
        [
            ("销售机构", f"{policy.applicant.address.city.name}分公司"),
            ("销售人员", f"{policy.agent} {policy.agent_number}"),
        ]
    )
    paper.space(3)
    paper.paragraph(
        f"签发日期：{day(policy.effective)}　　公司地址：{policy.applicant.address.city.name}安平大道998号　　服务热线：95000",
        own=True,
    )
    paper.space(6)
    paper.signatures(("总经理", facts.clerk), ("复核", ""))
    paper.seal(policy.insurer, "保险合同专用章", up=10, diameter=42)
    return paper


def _parties(paper: Paper, policy: Policy) -> None:
    paper.rows(
        [("合同成立日", day(policy.applied)), ("合同生效日", day(policy.effective))],
        [
            ("投保人", policy.applicant.name),
            ("性别", policy.applicant.sex),
            ("证件号码", policy.applicant.identity_number, 1.8),
        ],
        [
            ("被保险人", policy.insured.name),
            ("性别", policy.insured.sex),
            ("证件号码", policy.insured.identity_number, 1.8),
        ],
        [("受益人", policy.beneficiary), ("受益份额", "100%"), ("与投保人关系", policy.relation)],
    )


def _cash_values(paper: Paper, policy: Policy) -> None:
    paper.section("现金价值表（单位：人民币元，保单年度末）")
    paid = float(policy.premium) * min(policy.payment_years, 12)
    values = [f"{paid * (0.08 + 0.075 * year):,.2f}" for year in range(1, 25)]
    rows = [(str(i + 1), values[i], str(i + 9), values[i + 8], str(i + 17), values[i + 16]) for i in range(8)]
    table(
        paper,
        ("年度", "现金价值", "年度", "现金价值", "年度", "现金价值"),
        (1, 2.4, 1, 2.4, 1, 2.4),
        rows,
        size=9,
        height=5.2,
    )


def _clauses(paper: Paper) -> None:
    paper.section("主要条款摘要")
    for text in (
        "第一条 本保险合同由保险条款、投保单、保险单、保险凭证以及批单组成。凡涉及本保险合同的约定，均应采用书面形式。",
        "第二条 在保险期间内，由于自然灾害、意外事故造成保险标的直接物质损坏或灭失，保险人按照本合同的约定负责赔偿。",
        "第三条 投保人、被保险人的故意行为或重大过失行为、战争、核辐射、自然磨损造成的损失，保险人不负责赔偿。",
        "第四条 发生保险事故后，被保险人应当尽力采取必要措施防止或减少损失，并及时通知保险人。",
    ):
        paper.paragraph(text, size=9)
