"""Papers of a claim: the request, and what the insurer decided."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import LIFE_CLAIMS, PROPERTY_CLAIMS, Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import Rule, Text
from app.cli.demo.tables import table
from app.cli.demo.wording import day, form, masked, typed


def claim_request(facts: Facts, rng: Random) -> Paper:
    """理赔申请书(含转账授权)."""
    claim, policy = facts.claim, facts.policy
    insured, asked = policy.insured, facts.claim.discharged + timedelta(days=3)
    paper = form("AH-LP-0801", rng, by_hand=0.9)
    paper.letterhead(policy.insurer, aside="理赔服务")
    paper.title("理 赔 申 请 书")
    paper.numbered("报案号", claim.report_number, barcode=True)
    paper.section("一、出险人信息")
    paper.rows(
        [("出险人", insured.name), ("性别", insured.sex), ("证件号码", insured.identity_number, 1.9)],
        [("保单号", policy.number, 1.4), ("险种", policy.product.name, 1.4)],
        [("工作单位", insured.employer, 1.4), ("职业", insured.occupation)],
        label=20,
    )
    paper.section("二、申请人信息")
    paper.rows(
        [
            ("申请人", policy.applicant.name),
            ("与出险人关系", policy.relation),
            ("移动电话", policy.applicant.mobile, 1.2),
        ],
        [("通讯地址", str(policy.applicant.address))],
    )
    _what_happened(paper, facts)
    paper.section("四、给付方式")
    paper.rows([("户    名", insured.name), ("开户银行", insured.bank), ("账    号", insured.bank_card, 1.8)], label=20)
    _claim_request_end(paper, facts)
    paper.signatures(("申请人签名", policy.applicant.name), ("受理人", facts.clerk), on=asked)
    paper.seal(policy.insurer, "理赔受理章", up=10, diameter=38)
    return paper


def _what_happened(paper: Paper, facts: Facts) -> None:
    claim, policy = facts.claim, facts.policy
    paper.section("三、出险信息")
    paper.choice("申请类型", tuple(LIFE_CLAIMS if policy.product.is_life else PROPERTY_CLAIMS), claim.kind)
    paper.rows(
        [("出险日期", day(claim.occurred)), ("出险地点", claim.place)],
        [("就诊医院", claim.hospital, 1.5), ("科    室", claim.ailment.department)],
        [
            ("住院期间", f"{day(claim.admitted)} 至 {day(claim.discharged)}", 1.5),
            ("申请金额", f"{yuan(claim.claimed)} 元"),
        ],
    )
    paper.box("事故经过（时间、地点、原因、结果）", claim.story, height=30)


def _claim_request_end(paper: Paper, facts: Facts) -> None:
    paper.section("五、提交资料清单")
    names = (
        "理赔申请书",
        "保险合同",
        "身份证明",
        "门急诊病历",
        "出院小结",
        "诊断证明",
        "医疗费发票",
        "费用清单",
        "事故证明",
        "银行账户",
    )
    table(
        paper,
        ("资料名称", "份数", "原/复", "资料名称", "份数", "原/复"),
        (3, 1, 1, 3, 1, 1),
        ((names[i], "1", "原", names[i + 5], "1", "原" if i in (1, 2) else "复") for i in range(5)),
        size=9,
        height=6.2,
    )
    paper.space(2)
    paper.paragraph(
        "申请人声明：上述内容及所附资料真实、完整，如有虚假愿承担法律责任；授权贵公司向有关机构调查取证。", size=9
    )


def decision_notice(facts: Facts, rng: Random) -> Paper:
    """理赔决定通知书: what is paid and how it was counted."""
    claim, policy = facts.claim, facts.policy
    paid = claim.paid or claim.claimed / 2
    paper = typed("AH-LP-0815", rng)
    paper.letterhead(policy.insurer)
    paper.title("理 赔 决 定 通 知 书")
    paper.numbered("赔案号", claim.number)
    _salutation(paper, facts)
    paper.paragraph(
        f"您于{day(claim.reported)}就保险单{policy.number}项下被保险人{policy.insured.name}因{claim.event}提出的理赔申请，本公司已审核完毕，现将决定通知如下：",
        size=10.5,
        own=True,
    )
    paper.space(3)
    _reckoning(paper, facts, paid)
    paper.space(4)
    for text in (
        "一、上述款项将于达成给付协议后十日内转入指定账户，请注意查收。",
        "二、计算依据：保险条款第二章“保险责任”及费用清单、发票原件，不属于保险责任的部分已列明。",
        "三、如对本决定有异议，请于收到本通知之日起六十日内提出复核申请，或依法申请仲裁、提起诉讼。服务热线 95000。",
    ):
        paper.paragraph(text, size=10.5)
    _notice_end(paper, facts, "理赔专用章")
    return paper


def _reckoning(paper: Paper, facts: Facts, paid: Decimal) -> None:
    claim, policy = facts.claim, facts.policy
    table(
        paper,
        ("保险责任", "申请金额", "不属于责任", "免赔额", "给付比例", "给付金额"),
        (2.4, 1.6, 1.6, 1.3, 1.2, 1.6),
        ((claim.kind, yuan(claim.claimed), yuan(claim.claimed - paid), "0.00", "100%", yuan(paid)),),
        size=9.5,
        height=9,
        numeric=5,
    )
    paper.rows([("给付合计", f"{yuan(paid)} 元"), ("大    写", in_capitals(paid), 1.6)], height=9)
    paper.space(3)
    paper.rows(
        [
            ("领 款 人", policy.insured.name),
            ("开 户 行", policy.insured.bank),
            ("账    号", masked(policy.insured.bank_card), 1.7),
        ],
        height=9,
    )


def refusal_notice(facts: Facts, rng: Random) -> Paper:
    """拒赔通知书: nothing is paid, with reasons and remedies (保险法 Art. 24: within three days of the decision)."""
    claim, policy = facts.claim, facts.policy
    reason = claim.refusal or "非保险责任"
    paper = typed("AH-LP-0816", rng)
    paper.letterhead(policy.insurer)
    paper.title("拒绝给付保险金通知书")
    paper.numbered("赔案号", claim.number)
    _salutation(paper, facts)
    for text in (
        f"您于{day(claim.reported)}向本公司提出的理赔申请（报案号{claim.report_number}，保单号{policy.number}，险种：{policy.product.name}）已收悉，感谢您对本公司的信任。",
        f"经审核，被保险人{policy.insured.name}于{day(claim.occurred)}在{claim.place}发生事故（{claim.event}）。本公司调取有关记录、查勘核实并核对条款后认为，本次事故属于“{reason}”情形。",
        f"根据《中华人民共和国保险法》第二十四条及本保险合同约定，本公司作出不予给付保险金的决定，申请金额{yuan(claim.claimed)}元不予给付。",
        "随本通知退还您提交的发票原件及其他原始资料，请核对后在送达回证上签收。",
        "如您对本决定有异议，可自收到本通知之日起六十日内向本公司申请复核，也可以向保险合同约定的仲裁机构申请仲裁，或者向有管辖权的人民法院提起诉讼。",
    ):
        paper.paragraph(text, size=11, own=True)
        paper.space(1.5)
    paper.space(4)
    paper.rows(
        [("拒赔原因", reason), ("条款依据", f"第{rng.choice(('五', '七', '九'))}条")],
        [("决定日期", day(claim.decided)), ("送达方式", rng.choice(("邮寄送达", "当面送达")))],
        height=9,
    )
    _notice_end(paper, facts, "理赔专用章")
    return paper


def _salutation(paper: Paper, facts: Facts) -> None:
    person = facts.policy.applicant
    paper.space(2)
    paper.paragraph(f"尊敬的 {person.name} {'女士' if person.female else '先生'}：", size=11, indent=False, own=True)


def _notice_end(paper: Paper, facts: Facts, label: str) -> None:
    paper.space(16)
    paper.write(Text(RIGHT, paper.y, facts.policy.insurer, 11, Face.SONG, "r"))
    paper.write(Text(RIGHT - 8, paper.y + 8, day(facts.claim.decided), 11, Face.SONG, "r"))
    paper.space(14)
    paper.seal(facts.policy.insurer, label, up=11)
    paper.print(Rule(LEFT, paper.y + 6, RIGHT, paper.y + 6, 0.2))
    paper.space(10)
    paper.paragraph("送 达 回 证", size=11, face=Face.BOLD_HEI, indent=False)
    paper.signatures(("收件人签名", facts.policy.applicant.name), ("送达人", facts.clerk))
