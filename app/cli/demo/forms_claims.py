"""Papers of a claim: the request, what the authorities found, what the insurer decided."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import LIFE_CLAIMS, PROPERTY_CLAIMS, Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import RED, Curve, Rule, Text
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
    paper.section("三、出险信息")
    paper.choice("申请类型", LIFE_CLAIMS if policy.product.is_life else PROPERTY_CLAIMS, claim.kind)
    paper.rows(
        [("出险日期", day(claim.occurred)), ("出险地点", claim.place)],
        [("就诊医院", claim.hospital, 1.5), ("科    室", claim.ailment.department)],
        [
            ("住院期间", f"{day(claim.admitted)} 至 {day(claim.discharged)}", 1.5),
            ("申请金额", f"{yuan(claim.claimed)} 元"),
        ],
    )
    paper.box("事故经过（时间、地点、原因、结果）", claim.story, height=30)
    paper.section("四、给付方式")
    paper.rows([("户    名", insured.name), ("开户银行", insured.bank), ("账    号", insured.bank_card, 1.8)], label=20)
    _claim_request_end(paper, facts)
    paper.signatures(("申请人签名", policy.applicant.name), ("受理人", facts.clerk), on=asked)
    paper.seal(policy.insurer, "理赔受理章", up=10, diameter=38)
    return paper


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
    cause = "未按规定让行" if rng.random() < 0.5 else "未与前车保持安全距离"
    for text in (
        f"道路交通事故基本事实：{day(claim.occurred)}，当事人乙驾驶{plate}号小型轿车行驶至{claim.place}时，与当事人甲驾驶的电动自行车发生碰撞，造成当事人甲受伤、车辆受损的交通事故。",
        f"道路交通事故形成原因分析：当事人乙驾驶机动车{cause}，其行为是造成事故的主要原因；当事人甲无过错行为。",
        f"当事人导致事故的过错及责任：根据《道路交通安全法实施条例》第九十一条，当事人乙（{other.contact}）负事故全部责任，当事人甲（{insured.name}）无责任。",
    ):
        paper.paragraph(text, size=10.5, face=Face.SONG, own=True)
    paper.space(5)
    paper.signatures(("交通警察", facts.clerk), ("当事人", insured.name), on=claim.occurred + timedelta(days=7))
    paper.seal(f"{city.name}公安交通管理样本章", "事故处理专用章", up=9)
    paper.paragraph("对本认定有异议的，可自送达之日起三日内提出书面复核申请。", size=9)
    return paper


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
    paper.space(6)
    paper.signatures(("司法鉴定人", claim.doctor), ("司法鉴定人", facts.clerk), on=on)
    paper.seal(bureau.removesuffix("（样本）"), "司法鉴定专用章", up=12)
    return paper


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
    paper.space(4)
    for text in (
        "一、上述款项将于达成给付协议后十日内转入指定账户，请注意查收。",
        "二、计算依据：保险条款第二章“保险责任”及费用清单、发票原件，不属于保险责任的部分已列明。",
        "三、如对本决定有异议，请于收到本通知之日起六十日内提出复核申请，或依法申请仲裁、提起诉讼。服务热线 95000。",
    ):
        paper.paragraph(text, size=10.5)
    _notice_end(paper, facts, "理赔专用章")
    return paper


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
