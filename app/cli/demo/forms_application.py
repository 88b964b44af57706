"""Papers of taking out an insurance: the application and the notice that comes with it."""

from __future__ import annotations

from random import Random

from app.cli.demo.contracts import Facts, Policy
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import BLUE
from app.cli.demo.tables import table
from app.cli.demo.wording import day, form, money_rows, person_rows, signer_for, typed
from app.domain.policies import DesignType


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
        "不适用" if policy.product.design is not DesignType.PARTICIPATING else "累积生息",
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
        ("投保人签名", policy.applicant.name), ("被保险人（监护人）签名", signer_for(policy)), on=policy.applied
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
