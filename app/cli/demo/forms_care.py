"""Papers of looking after customers: consultation, complaint, survey."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.cli.demo.contracts import Facts
from app.cli.demo.paper import Paper
from app.cli.demo.wording import day, form


def consultation(facts: Facts, rng: Random) -> Paper:
    """咨询记录单."""
    person, policy = facts.person, facts.policy
    asked, told = rng.choice(_CONSULTATIONS)
    paper = form("AH-KF-0901", rng, by_hand=0.7)
    paper.letterhead(policy.insurer, aside="客户服务部")
    paper.title("客 户 咨 询 记 录 单")
    paper.numbered("编号", f"ZX{facts.on:%Y%m%d}{rng.randint(1, 999):03d}")
    paper.rows(
        [("客户姓名", person.name), ("性别", person.sex), ("联系电话", person.mobile, 1.3)],
        [("保单号", policy.number, 1.5), ("险种", policy.product.name, 1.5)],
        [
            ("咨询日期", day(facts.on)),
            ("咨询时间", f"{rng.randint(8, 17)}:{rng.randint(0, 59):02d}"),
            ("受理人", facts.clerk),
        ],
    )
    paper.choice("咨询方式", ("来电", "来访", "来信", "网络"), rng.choice(("来电", "来访", "网络")))
    paper.choice("咨询类别", ("承保", "保全", "理赔", "续期", "产品"), rng.choice(("保全", "理赔", "续期", "产品")))
    paper.box("咨询内容", asked, height=52)
    paper.box("答复内容", told, height=58)
    paper.choice("客户反馈", ("满意", "基本满意", "不满意"), rng.choice(("满意", "满意", "基本满意")))
    paper.choice("是否转办", ("否", "是，转理赔部", "是，转保全部"), "否")
    paper.space(4)
    paper.signatures(("受理人", facts.clerk), ("客户签名", person.name if rng.random() < 0.5 else ""), on=facts.on)
    return paper


_CONSULTATIONS = (
    (
        "客户询问保单是否有效，本年度保险费是否已划扣，续期交费日期为哪一天，是否可以变更扣款账户。",
        "经查询保单状态为有效，本年度保险费已于上月划扣成功。变更账户需投保人携带身份证、银行卡到柜面或通过线上办理，二个工作日内生效。",
    ),
    (
        "客户询问住院医疗费用如何申请理赔，需要提供哪些材料，多长时间可以到账。",
        "告知需提供理赔申请书、身份证明、出院小结、诊断证明、发票原件、费用清单及银行账户；材料齐全且责任明确的，五日内核定，达成协议后十日内支付。",
    ),
    (
        "客户询问分红保险的红利如何领取，历年红利是多少，是否可以抵交保费。",
        "已告知红利分配是不确定的，历年红利通知书可在线上查询，领取方式可申请变更为现金领取或抵交保费。",
    ),
    (
        "客户询问保单遗失如何补发，是否影响保险责任。",
        "告知保单遗失不影响保险责任，投保人持有效身份证件到柜面填写补发申请，原保单自补发之日起作废。",
    ),
)


def complaint(facts: Facts, rng: Random) -> Paper:
    """投诉登记表: fields of 银行业保险业消费投诉处理管理办法 (DOMAIN 2.3)."""
    person, policy, on = facts.person, facts.policy, facts.on
    paper = form("AH-TS-0905", rng, by_hand=0.7)
    paper.letterhead(policy.insurer, aside="消费者权益保护部")
    paper.title("消 费 投 诉 登 记 表")
    paper.numbered("投诉编号", f"TS{on:%Y%m%d}{rng.randint(1, 99):02d}")
    paper.rows(
        [("投诉人", person.name), ("性别", person.sex), ("联系电话", person.mobile, 1.3)],
        [("证件号码", person.identity_number, 1.7), ("是否本人", "本人", 0.8), ("保单号", policy.number, 1.6)],
        [("通讯地址", str(person.address), 2), ("接收日期", day(on))],
    )
    paper.choice("投诉渠道", ("电话", "来访", "信函", "网络", "监管转办"), rng.choice(("电话", "来访", "监管转办")))
    paper.choice(
        "投诉类别", ("销售纠纷", "理赔纠纷", "退保纠纷", "服务质量"), rng.choice(("销售纠纷", "理赔纠纷", "退保纠纷"))
    )
    paper.box("投诉事项及诉求", rng.choice(_GRIEVANCES), height=48)
    paper.rows(
        [("受理决定", "受理"), ("告知日期", day(on + timedelta(days=3))), ("办理期限", day(on + timedelta(days=15)))]
    )
    paper.box(
        "核实情况",
        f"经调阅业务档案及录音资料，并与销售人员{policy.agent}（{policy.agent_number}）核实，客户所述情况部分属实。",
        height=36,
    )
    paper.box(
        "处理决定",
        "向客户说明条款约定，就服务不周致歉；按规定为客户办理变更手续，并对相关人员进行教育。客户表示接受。",
        height=36,
    )
    paper.signatures(("经办人", facts.clerk), ("负责人", policy.agent), on=on + timedelta(days=10))
    paper.seal(policy.insurer, "投诉处理专用章", up=10, diameter=38)
    return paper


_GRIEVANCES = (
    "客户反映销售人员承诺收益高于银行存款，且未说明退保损失，现要求全额退还保险费。",
    "客户反映理赔申请已提交一个多月，多次催促未得到明确答复，要求尽快给付保险金并说明原因。",
    "客户反映续期保险费扣款后保单仍显示失效，营业网点推诿，要求恢复保单效力并道歉。",
)


def survey(facts: Facts, rng: Random) -> Paper:
    """满意度问卷: eight questions on a five-step scale, a wish in words."""
    policy = facts.policy
    paper = form("AH-MY-0911", rng, by_hand=1.0)
    paper.letterhead(policy.insurer)
    paper.title("客户服务满意度调查问卷")
    paper.paragraph("尊敬的客户：感谢您选择本公司。为改进服务，请您根据实际感受在相应方格内打√，占用您约三分钟时间。")
    paper.rows(
        [("客户姓名", facts.person.name), ("保单号", policy.number, 1.4), ("日期", day(facts.on), 1.2)], label=20
    )
    for question in _SURVEY:
        score = rng.choice(("非常满意", "满意", "满意", "一般", "不满意"))
        paper.space(1.5)
        paper.paragraph(question, size=10, indent=False)
        paper.choice("您的评价", ("非常满意", "满意", "一般", "不满意", "非常不满意"), score, width=22)
    paper.space(2)
    paper.paragraph("9. 您愿意向亲友推荐本公司的可能性（0 分至 10 分）：", size=10, indent=False)
    paper.rows(
        [
            ("推荐分值", str(rng.randint(3, 10))),
            ("主要原因", rng.choice(("服务热情", "理赔及时", "网点太少", "等候时间长")), 2),
        ]
    )
    paper.box(
        "10. 您的意见和建议",
        rng.choice(("希望增加线上办理的业务，缩短理赔时间。", "业务员服务很好，条款希望写得通俗一些。", "无")),
        height=22,
    )
    paper.signatures(("客户签名", facts.person.name), ("调查员", facts.clerk))
    return paper


_SURVEY = (
    "1. 您对本公司销售人员的服务态度和专业水平：",
    "2. 您对投保过程中条款说明的清晰程度：",
    "3. 您对柜面服务环境与等候时间：",
    "4. 您对保全变更办理的便捷程度：",
    "5. 您对理赔服务的时效与沟通：",
    "6. 您对服务热线的接通与解答：",
    "7. 您对线上平台的使用体验：",
    "8. 您对本公司的总体评价：",
)
