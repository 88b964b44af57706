"""Papers in which the customer tells: health, income and property."""

from __future__ import annotations

from random import Random

from app.cli.demo.contracts import Facts
from app.cli.demo.paper import Paper
from app.cli.demo.people import Person
from app.cli.demo.tables import questions, table
from app.cli.demo.wording import form, signer_for

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
        ("投保人签名", policy.applicant.name), ("被保险人（监护人）签名", signer_for(policy)), on=policy.applied
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
    _property_and_purpose(paper, rng)
    paper.box(
        "四、补充说明（收入的主要来源及稳定性）",
        f"{_livelihood(person)}，家庭无重大债务，所交保费均为自有资金。",
        height=34,
    )
    paper.space(3)
    paper.paragraph("本人声明上述内容属实，同意贵公司核实，并同意作为核保的依据。", size=9)
    paper.signatures(("投保人签名", person.name), ("销售人员签名", policy.agent), on=policy.applied)
    return paper


def _property_and_purpose(paper: Paper, rng: Random) -> None:
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


def _livelihood(person: Person) -> str:
    return f"本人在{person.employer}工作，收入稳定" if person.income else "本人暂无固定收入，家庭收入来自配偶及父母"


def _income_row(year: int, total: float, rng: Random) -> tuple[str, ...]:
    extra, other = total * rng.uniform(0, 0.15), total * rng.uniform(0, 0.04)
    parts = (total - extra - other, 0.0, extra, other, total)
    return (f"{year} 年", *(f"{part:.2f}" for part in parts))
