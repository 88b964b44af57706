"""Papers of taking out an insurance: application, notices, declarations, receipt, policy."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.cli.demo.amounts import in_capitals, yuan
from app.cli.demo.contracts import Facts, Policy
from app.cli.demo.fonts import Face
from app.cli.demo.paper import Paper
from app.cli.demo.people import Person
from app.cli.demo.sheets import BLUE, GREEN
from app.cli.demo.tables import questions, table
from app.cli.demo.wording import day, form, money_rows, payment_period, person_rows, typed

_HEALTH_QUESTIONS = (
    "您是否目前正在住院、接受治疗，或被医生建议住院、手术、进一步检查？",
    "您过去两年内是否曾有健康检查异常（血液、尿液、心电图、影像、超声、活检等）？",
    "您是否患有或曾患有恶性肿瘤、原位癌、白血病、脑肿瘤、息肉、囊肿、结节或性质不明的肿块？",
    "您是否患有或曾患有高血压、冠心病、心肌梗死、心律失常、心脏瓣膜病、先天性心脏病？",
    "您是否患有或曾患有脑卒中、短暂性脑缺血、癫痫、帕金森病、重症肌无力、精神疾病？",
    "您是否患有或曾患有糖尿病、甲状腺疾病、痛风、肾上腺疾病等内分泌系统疾病？",
    "您是否患有或曾患有乙肝病毒携带、慢性肝炎、肝硬化、胆结石、胰腺炎、消化道溃疡？",
    "您是否患有或曾患有肾炎、肾病综合征、肾功能不全、肾囊肿、尿路结石、血尿、蛋白尿？",
    "您是否患有或曾患有哮喘、慢性支气管炎、肺气肿、肺结核、肺结节、胸膜炎？",
    "您是否有身体残障、视力听力障碍、脊柱或关节疾病、椎间盘突出？",
    "您的父母、兄弟姐妹是否有人在六十岁前患恶性肿瘤、心脏病、脑卒中、糖尿病？",
    "您是否吸烟（每日超过二十支）、长期饮酒，或曾使用成瘾药物？",
    "您是否从事或计划从事潜水、跳伞、攀岩、赛车等高风险运动，或将出国居住三个月以上？",
    "您是否曾被其他保险公司拒保、延期、加费或附加条件承保，或提出过理赔申请？",
    "（女性）您目前是否怀孕？过去两年是否有乳腺、子宫、卵巢疾病或异常阴道出血？",
    "（未满两周岁）出生时体重是否低于 2.5 公斤，是否早产、窒息、畸形或发育迟缓？",
)


def application(facts: Facts, rng: Random) -> Paper:
    """投保单: who applies, who is insured, what is bought, the declaration, two signatures."""
    policy = facts.policy
    paper = form("AH-TB-0103 (2023版)", rng)
    paper.letterhead(policy.insurer, aside="服务热线 95000")
    paper.title("人 身 保 险 投 保 单" if policy.product.is_life else "财 产 保 险 投 保 单")
    paper.numbered("投保单号", policy.application_number, barcode=True)
    paper.section("一、投保人资料")
    paper.rows(*person_rows(policy.applicant, on=policy.applied))
    paper.choice("与被保险人关系", ("本人", "配偶", "子女", "父母"), policy.relation)
    paper.section("二、被保险人资料")
    paper.rows(*person_rows(policy.insured, on=policy.applied))
    paper.section("三、受益人资料")
    _beneficiaries(paper, policy)
    paper.section("四、投保事项")
    paper.rows(*money_rows(policy))
    paper.choice("交费方式", ("年交", "半年交", "月交", "趸交"), policy.frequency)
    paper.choice(
        "红利领取方式",
        ("累积生息", "抵交保费", "现金领取", "不适用"),
        "不适用" if policy.product.design != "分红型" else "累积生息",
    )
    paper.rows([("首期交费账户", f"{policy.applicant.bank} {policy.applicant.bank_card}")], label=28)
    _application_end(paper, policy)
    return paper


def _beneficiaries(paper: Paper, policy: Policy) -> None:
    named = policy.beneficiary != "法定"
    first = (
        ("1", policy.beneficiary, "配偶" if named else "——", "100%", "1") if named else ("1", "法定", "——", "——", "——")
    )
    table(
        paper,
        ("序号", "受益人姓名", "与被保险人关系", "受益份额", "受益顺序"),
        (1, 3, 3, 2, 2),
        (first, ("2", "", "", "", "")),
        size=9,
        height=7,
    )


def _application_end(paper: Paper, policy: Policy) -> None:
    paper.section("五、投保人、被保险人声明与授权")
    paper.space(1.5)
    for text in (
        "1. 本人已阅读保险条款、产品说明书和投保提示书，了解保险责任、责任免除、犹豫期、退保损失等内容，并同意遵守。",
        "2. 本投保单各项内容及健康告知均属实，如有隐瞒或不实告知，贵公司有权依法解除合同，对解除前发生的事故不负给付责任。",
        "3. 本人授权贵公司向医疗机构、社会保险机构及其他保险公司查询与本保险有关的资料，授权自签字之日起有效。",
        "4. 本人同意贵公司为履行合同、监管报送及反洗钱之需要处理本人信息。",
    ):
        paper.paragraph(text, size=9)
    paper.space(2)
    _copy_by_hand(paper, "本人已阅读保险条款、产品说明书和投保提示书，了解本产品的特点和保单利益的不确定性。")
    paper.signatures(
        ("投保人签名", policy.applicant.name), ("被保险人（监护人）签名", _signer(policy)), on=policy.applied
    )
    paper.rows(
        [("销售人员", policy.agent), ("销售人员代码", policy.agent_number), ("销售渠道", "个人代理")],
        [("受理日期", day(policy.applied)), ("核保结论", "标准体承保"), ("核保日期", day(policy.effective))],
        label=26,
    )
    paper.seal(policy.insurer, "业务专用章", up=12)


def _copy_by_hand(paper: Paper, sentence: str) -> None:
    paper.paragraph("风险提示语句抄录（请投保人亲笔抄写）：", size=9, indent=False)
    paper.room(18)
    paper.box("", sentence, height=19, size=11)


def _signer(policy: Policy) -> str:
    """Return who signs for the insured: a child's parent does (保险法 Art. 34)."""
    return policy.insured.name if policy.insured.age(policy.applied) >= 18 else policy.applicant.name


def notice(facts: Facts, rng: Random) -> Paper:
    """人身保险投保提示书: what the applicant must know, signed."""
    policy = facts.policy
    paper = typed("AH-TS-0201", rng, ink=BLUE)
    paper.letterhead(policy.insurer)
    paper.title("人身保险投保提示书")
    paper.paragraph("尊敬的客户：", indent=False)
    for text in _NOTICES:
        paper.paragraph(text, size=9.5)
    paper.space(3)
    paper.rows([("投保单号", policy.application_number), ("险种名称", policy.product.name, 1.5)])
    paper.space(3)
    paper.paragraph("本人已认真阅读并理解上述提示内容，销售人员已就保险责任、责任免除等条款作出明确说明。", own=False)
    paper.signatures(("投保人签名", policy.applicant.name), ("销售人员签名", policy.agent), on=policy.applied)
    return paper


_NOTICES = (
    "人身保险是以人的寿命和身体为保险标的的保险。为维护您的合法权益，请您在填写投保单之前认真阅读以下内容：",
    "一、请您确认保险机构和销售人员的合法资格。销售人员应当出示执业证件，您可以拨打本公司服务热线或登录行业协会网站核实。",
    "二、请您根据实际保险需求和支付能力选择人身保险产品。分期交费的产品应当考虑是否有足够、稳定的财力支付续期保险费。",
    "三、请您详细了解保险合同的条款内容，特别是保险责任、责任免除、保险金额、犹豫期、等待期、宽限期、保单现金价值等。",
    "四、请您了解“犹豫期”的有关规定。一年期以上的产品自您签收保险合同之日起有十五日的犹豫期，期内可以无条件解除合同。",
    "五、犹豫期后解除人身保险合同您会有一定的损失。本公司自收到解除合同通知之日起三十日内按照合同约定退还现金价值。",
    "六、请您充分认识分红保险、投资连结保险、万能保险等新型产品的风险和特点，其红利和结算利率是不确定的。",
    "七、请您正确认识人身保险新型产品与其他金融产品的区别，不要将其与银行储蓄、国债、基金等作片面比较。",
    "八、选择健康保险产品时，请您注意产品特性、等待期、续保条件、费率调整等内容。",
    "九、为未成年子女投保以死亡为给付条件的保险，应当注意保险金额的限制。",
    "十、请您如实填写投保资料、如实告知有关情况并亲笔签名。对隐瞒、误导等行为，请及时向本公司或监管机构反映。",
    "十一、请您配合本公司做好客户回访工作，确认已收到保险合同、理解条款并知悉犹豫期等重要事项。",
    "十二、投诉渠道：服务热线 95000；来信来访地址见各营业场所；金融消费者投诉热线 12378。",
)


def health_declaration(facts: Facts, rng: Random) -> Paper:
    """健康告知书: sixteen questions, ticks, explanations."""
    policy = facts.policy
    insured = policy.insured
    paper = form("AH-JK-0305", rng, by_hand=0.9)
    paper.letterhead(policy.insurer, aside="健康告知")
    paper.title("被 保 险 人 健 康 告 知 书")
    paper.numbered("投保单号", policy.application_number)
    paper.rows(
        [("被保险人", insured.name), ("性别", insured.sex), ("年龄", f"{insured.age(policy.applied)} 周岁")],
        [
            ("身高", f"{insured.height} cm"),
            ("体重", f"{insured.weight} kg"),
            ("证件号码", insured.identity_number, 1.9),
        ],
        label=22,
    )
    told = set(rng.sample(range(14), k=rng.choice((0, 0, 1, 2))))
    questions(paper, [(text, index in told) for index, text in enumerate(_HEALTH_QUESTIONS)])
    reason = (
        f"第{'、'.join(str(i + 1) for i in sorted(told))}项：{facts.claim.ailment.diagnosis}，已治愈，无后遗症。"
        if told
        else "无。"
    )
    paper.box("如上述答案为“是”，请说明疾病名称、就诊时间、医院、治疗情况及目前状况：", reason, height=24)
    paper.space(2)
    paper.paragraph("本人声明以上告知完整、真实，知悉未如实告知的法律后果（保险法第十六条）。", size=9)
    paper.signatures(
        ("投保人签名", policy.applicant.name), ("被保险人（监护人）签名", _signer(policy)), on=policy.applied
    )
    return paper


def financial_questionnaire(facts: Facts, rng: Random) -> Paper:
    """财务问卷: income, property, debts of somebody who insures for much."""
    person, policy = facts.policy.applicant, facts.policy
    income = person.income / 10_000
    paper = form("AH-CW-0310", rng)
    paper.letterhead(policy.insurer)
    paper.title("财 务 问 卷")
    paper.numbered("投保单号", policy.application_number)
    paper.section("一、基本情况")
    paper.rows(
        [("投保人", person.name), ("职业", person.occupation), ("移动电话", person.mobile)],
        [("工作单位", person.employer, 2), ("任职年限", f"{rng.randint(1, 22)} 年")],
    )
    paper.section("二、最近三年收入情况（人民币万元）")
    years = [policy.applied.year - back for back in (1, 2, 3)]
    table(
        paper,
        ("年度", "工资薪金", "经营所得", "投资收益", "其他", "合计"),
        (1.2, 1, 1, 1, 1, 1),
        (_income_row(year, income * rng.uniform(0.85, 1.0), rng) for year in years),
        size=9.5,
        height=8,
        numeric=5,
    )
    paper.section("三、资产与负债（人民币万元）")
    house, debt = rng.randint(60, 480), rng.randint(0, 160)
    paper.rows(
        [("房产", f"{house}"), ("车辆", f"{rng.randint(0, 38)}"), ("存款", f"{rng.randint(3, 120)}")],
        [
            ("证券基金", f"{rng.randint(0, 80)}"),
            ("企业股权", f"{rng.choice((0, 0, 50, 200))}"),
            ("房贷余额", f"{debt}"),
        ],
        [
            ("其他负债", f"{rng.randint(0, 20)}"),
            ("已有寿险保额", f"{rng.choice((0, 10, 30, 50))}"),
            ("年交保费", f"{rng.choice((0, 0.3, 0.8, 1.2))}"),
        ],
    )
    paper.choice(
        "资金来源", ("工资收入", "经营收入", "投资收益", "其他"), rng.choice(("工资收入", "经营收入", "投资收益"))
    )
    paper.choice(
        "投保目的", ("家庭保障", "子女教育", "养老规划", "财富传承"), rng.choice(("家庭保障", "子女教育", "养老规划"))
    )
    paper.box(
        "四、补充说明（收入的主要来源及稳定性）",
        f"{_livelihood(person)}，家庭无重大债务，所交保费均为自有资金。",
        height=34,
    )
    paper.space(3)
    paper.paragraph("本人声明上述内容属实，同意贵公司核实，并同意作为核保的依据。", size=9)
    paper.signatures(("投保人签名", person.name), ("销售人员签名", policy.agent), on=policy.applied)
    return paper


def _livelihood(person: Person) -> str:
    return f"本人在{person.employer}工作，收入稳定" if person.income else "本人暂无固定收入，家庭收入来自配偶及父母"


def _income_row(year: int, total: float, rng: Random) -> tuple[str, ...]:
    extra, other = total * rng.uniform(0, 0.15), total * rng.uniform(0, 0.04)
    parts = (total - extra - other, 0.0, extra, other, total)
    return (f"{year} 年", *(f"{part:.2f}" for part in parts))


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
    paper.space(4)
    paper.rows(
        [
            ("销售机构", f"{policy.applicant.address.city.name}分公司"),
            ("销售人员", f"{policy.agent} {policy.agent_number}"),
        ]
    )
    paper.space(6)
    paper.paragraph(
        f"签发日期：{day(policy.effective)}　　公司地址：{policy.applicant.address.city.name}安平大道998号　　服务热线：95000",
        own=True,
    )
    paper.space(12)
    paper.signatures(("总经理", facts.clerk), ("复核", ""))
    paper.seal(policy.insurer, "保险合同专用章", up=10, diameter=42)
    return paper


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
        height=5.6,
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
