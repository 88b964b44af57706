"""Papers of keeping a contract: endorsement, change, surrender."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Facts, Policy
from app.cli.demo.paper import Paper
from app.cli.demo.places import invent_address
from app.cli.demo.wording import day, form, typed

_CHANGES = (
    "联系方式变更",
    "受益人变更",
    "交费方式变更",
    "保险金额变更",
    "职业变更",
    "保单复效",
    "保单借款",
    "保单补发",
)


def _between(facts: Facts, rng: Random) -> date:
    """Return a working life of the contract's: some day after it began."""
    return facts.policy.effective + timedelta(days=rng.randint(20, max(21, (facts.on - facts.policy.effective).days)))


def endorsement(facts: Facts, rng: Random) -> Paper:
    """批单: what the insurer changed in the contract."""
    policy, on = facts.policy, _between(facts, rng)
    change = rng.choice(_CHANGES[:4])
    paper = typed("AH-PD-0701", rng)
    paper.letterhead(policy.insurer, aside="Endorsement")
    paper.title("批        单", size=20)
    paper.numbered("批单号", f"E{on:%Y%m}{policy.number[-8:]}", barcode=True)
    paper.rows(
        [("保单号", policy.number), ("批改类型", change)],
        [("投保人", policy.applicant.name), ("被保险人", policy.insured.name)],
        [("险种名称", policy.product.name, 1.6), ("批改生效日", day(on))],
        [("申请日期", day(on - timedelta(days=2))), ("批改日期", day(on))],
        height=9,
    )
    paper.box("批改内容", _endorsed(facts, change, rng), height=62)
    paper.rows([("应收保费", "0.00 元"), ("应退保费", "0.00 元"), ("手续费", "0.00 元")])
    paper.space(5)
    paper.paragraph(
        "本批单为上述保险合同的组成部分，自批改生效日起生效，保险合同其他内容不变。本批单与保险合同具有同等效力，请妥善保管。"
    )
    paper.paragraph("如对批改内容有疑问，请于收到本批单之日起十日内与本公司联系，服务热线 95000。")
    paper.space(12)
    paper.signatures(("经办", facts.clerk), ("复核", policy.agent), on=on)
    paper.seal(policy.insurer, "批改专用章", up=12)
    return paper


def _endorsed(facts: Facts, change: str, rng: Random) -> str:
    policy = facts.policy
    texts = {
        "联系方式变更": f"应投保人{policy.applicant.name}申请，自批改生效日起，通讯地址变更为：{invent_address(rng)}；"
        f"联系电话变更为：{policy.applicant.mobile}。",
        "受益人变更": f"应投保人{policy.applicant.name}申请，并经被保险人{policy.insured.name}书面同意，"
        f"身故保险金受益人变更为：{policy.beneficiary}，受益份额100%。",
        "交费方式变更": f"应投保人{policy.applicant.name}申请，交费方式由{policy.frequency}变更为年交，"
        f"每期保险费{yuan(policy.premium)}元。",
        "保险金额变更": f"应投保人{policy.applicant.name}申请，"
        f"保险金额由{yuan(policy.sum_insured)}元减少为{yuan(policy.sum_insured / 2)}元，保险费相应减少。",
    }
    return f"兹经双方同意，对上述保险合同作如下批改：\n{texts[change]}\n其他承保条件不变，特此批注。"


def change_request(facts: Facts, rng: Random) -> Paper:
    """保全变更申请书: the customer asks, by hand, for a change."""
    policy, on = facts.policy, _between(facts, rng)
    change = rng.choice(_CHANGES)
    paper = form("AH-BQ-0702", rng, by_hand=0.9)
    paper.letterhead(policy.insurer)
    paper.title("保险合同内容变更申请书")
    paper.numbered("受理号", f"BQ{on:%Y%m%d}{policy.number[-5:]}")
    paper.rows(
        [("保单号", policy.number), ("险种名称", policy.product.name)],
        [("投保人", policy.applicant.name), ("证件号码", policy.applicant.identity_number, 1.4)],
        [("被保险人", policy.insured.name), ("证件号码", policy.insured.identity_number, 1.4)],
        [("联系电话", policy.applicant.mobile), ("申请日期", day(on), 1.4)],
    )
    paper.section("申请变更项目（请在□内打√）")
    paper.choice("客户资料", ("联系方式变更", "职业变更", "受益人变更"), change)
    paper.choice("合同内容", ("交费方式变更", "保险金额变更", "保单复效"), change)
    paper.choice("其    他", ("保单借款", "保单补发", "签名变更"), change)
    paper.section("变更内容")
    paper.rows([("变更前", str(policy.applicant.address)), ("变更后", str(invent_address(rng)))], label=16, height=17)
    paper.rows([("新联系电话", policy.applicant.mobile), ("新邮编", policy.applicant.address.postcode)])
    paper.rows([("退费账户", f"{policy.applicant.bank} {policy.applicant.bank_card}")])
    paper.box(
        "申请原因及说明",
        rng.choice(
            ("因搬迁，原地址已不能收到信函，特申请变更。", "家庭情况变化，需要调整保险安排。", "原填写有误，请予更正。")
        ),
        height=28,
    )
    paper.space(3)
    paper.paragraph(
        "申请人声明：以上内容属实，本人已了解变更后的权利义务。涉及受益人变更的，已取得被保险人书面同意。", size=9
    )
    paper.signatures(("投保人签名", policy.applicant.name), ("被保险人签名", policy.insured.name), on=on)
    _accepted(paper, facts, on)
    return paper


def _accepted(paper: Paper, facts: Facts, on: date) -> None:
    paper.section("公司受理栏")
    paper.rows([("受理人", facts.clerk), ("受理日期", day(on)), ("审核意见", "同意办理")])
    paper.space(4)
    paper.seal(facts.policy.insurer, "保全业务专用章", up=12, diameter=38)


def surrender(facts: Facts, rng: Random) -> Paper:
    """退保申请书: the customer ends the contract and learns what it costs."""
    policy, on = facts.policy, _between(facts, rng)
    value = (policy.premium * Decimal(rng.randint(35, 180)) / 100).quantize(Decimal("0.01"))
    paper = form("AH-BQ-0709", rng, by_hand=0.9)
    paper.letterhead(policy.insurer)
    paper.title("解除保险合同（退保）申请书")
    paper.numbered("受理号", f"TB{on:%Y%m%d}{policy.number[-5:]}")
    paper.rows(
        [("保单号", policy.number), ("险种名称", policy.product.name)],
        [("投保人", policy.applicant.name), ("证件号码", policy.applicant.identity_number, 1.4)],
        [("生效日期", day(policy.effective)), ("申请日期", day(on), 1.4)],
        [("已交保费", f"{yuan(policy.premium * policy.payment_years)} 元"), ("联系电话", policy.applicant.mobile, 1.4)],
        height=9,
    )
    paper.choice("退保类型", ("犹豫期内退保", "犹豫期后退保", "协议退保"), "犹豫期后退保")
    paper.choice(
        "退保原因", ("经济困难", "另有安排", "对服务不满", "其他"), rng.choice(("经济困难", "另有安排", "对服务不满"))
    )
    _refund(paper, policy, value)
    paper.space(3)
    for text in (
        "重要提示：1. 犹豫期后解除合同，本公司自收到申请之日起三十日内退还保险单的现金价值，您会有一定的损失。",
        "2. 合同解除后，保险责任终止，今后再次投保可能因年龄、健康状况变化而增加保险费或被拒保。",
        "3. 请警惕“代理退保”骗局，保护个人信息，避免二次损失。",
    ):
        paper.paragraph(text, size=9)
    paper.box(
        "申请人亲笔抄录：本人已知悉退保损失，自愿申请解除保险合同。",
        "本人已知悉退保损失，自愿申请解除保险合同。",
        height=24,
    )
    paper.signatures(("投保人签名", policy.applicant.name), ("经办人", facts.clerk), on=on)
    _accepted(paper, facts, on)
    return paper


def _refund(paper: Paper, policy: Policy, value: Decimal) -> None:
    paper.section("退还金额（由公司填写）")
    paper.rows(
        [("现金价值", f"{yuan(value)} 元"), ("未领红利", "0.00 元"), ("扣除借款", "0.00 元")],
        [("实退金额", f"{yuan(value)} 元"), ("大写", in_capitals(value), 2)],
        [
            ("户    名", policy.applicant.name),
            ("开户行", policy.applicant.bank),
            ("账  号", policy.applicant.bank_card, 1.8),
        ],
    )
