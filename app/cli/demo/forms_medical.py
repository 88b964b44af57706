"""Papers of a hospital: check-up, case history, discharge, certificate."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.cli.demo.contracts import Claim, Facts
from app.cli.demo.fonts import Face
from app.cli.demo.measures import LEFT, RIGHT, wrap
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import BLUE, GREEN, Rule, Text
from app.cli.demo.tables import table
from app.cli.demo.wording import day, form, typed


def check_up(facts: Facts, rng: Random) -> Paper:
    """体检报告: measured values with their usual ranges, a cardiogram, the verdict."""
    claim, insured = facts.claim, facts.policy.insured
    paper = typed("TJ-01", rng, ink=BLUE)
    paper.letterhead(claim.hospital, aside="健康管理（体检）中心")
    paper.title("健 康 体 检 报 告")
    paper.numbered("体检编号", f"TJ{facts.policy.applied:%Y%m%d}{claim.record_number[:4]}")
    paper.rows(
        [("姓  名", insured.name), ("性  别", insured.sex), ("年  龄", f"{insured.age(facts.policy.applied)} 岁")],
        [("体检日期", day(facts.policy.applied)), ("单  位", insured.employer, 2)],
    )
    paper.section("一、一般检查")
    _measured(paper, facts, rng)
    paper.section("二、实验室检查")
    table(
        paper,
        ("项目", "结果", "", "单位", "参考范围"),
        (4, 2, 1, 2, 3),
        (_laboratory(rng, *item) for item in _TESTS),
        size=9,
        height=5.6,
    )
    paper.section("三、心电图")
    paper.room(44)
    _cardiogram(paper, rng)
    paper.section("四、影像检查")
    paper.box("胸部正侧位片 / 腹部超声", rng.choice(_IMAGING), height=26)
    paper.section("五、各科检查")
    table(paper, ("科别", "检查所见", "医师"), (1.2, 5, 1.2), _departments(rng, claim.doctor), size=9, height=8)
    paper.space(2)
    paper.box("总检结论与建议", rng.choice(_VERDICTS), height=34)
    paper.signatures(("检查医师", claim.doctor), ("总检医师", facts.clerk), on=facts.policy.applied + timedelta(days=3))
    paper.seal(claim.hospital, "体检专用章", up=10)
    return paper


def _measured(paper: Paper, facts: Facts, rng: Random) -> None:
    insured = facts.policy.insured
    low, high = rng.randint(64, 92), rng.randint(104, 148)
    bmi = insured.weight / (insured.height / 100) ** 2
    paper.rows(
        [("身  高", f"{insured.height} cm"), ("体  重", f"{insured.weight} kg"), ("体重指数", f"{bmi:.1f}")],
        [
            ("血  压", f"{high}/{low} mmHg"),
            ("脉  搏", f"{rng.randint(58, 92)} 次/分"),
            ("视  力", f"左 {rng.choice((4.8, 4.9, 5.0))} 右 {rng.choice((4.7, 5.0))}"),
        ],
    )


_TESTS = (
    ("白细胞计数", 3.5, 9.5, "10⁹/L"),
    ("红细胞计数", 3.8, 5.8, "10¹²/L"),
    ("血红蛋白", 115, 175, "g/L"),
    ("血小板计数", 125, 350, "10⁹/L"),
    ("空腹血糖", 3.9, 6.1, "mmol/L"),
    ("总胆固醇", 2.8, 5.2, "mmol/L"),
    ("甘油三酯", 0.5, 1.7, "mmol/L"),
    ("低密度脂蛋白", 1.5, 3.4, "mmol/L"),
    ("谷丙转氨酶", 7, 40, "U/L"),
    ("谷草转氨酶", 13, 35, "U/L"),
    ("总胆红素", 3.4, 20.5, "μmol/L"),
    ("尿素", 2.6, 7.5, "mmol/L"),
    ("肌酐", 41, 97, "μmol/L"),
    ("尿酸", 155, 428, "μmol/L"),
    ("甲胎蛋白", 0.1, 7, "ng/mL"),
    ("癌胚抗原", 0.1, 5, "ng/mL"),
    ("促甲状腺激素", 0.3, 4.8, "mIU/L"),
)
_IMAGING = (
    "双肺纹理清晰，心影大小、形态未见异常。肝、胆、胰、脾、双肾未见明显异常。",
    "右肺中叶见一直径约4mm磨玻璃结节，建议定期复查。肝内回声细密，考虑轻度脂肪肝。",
    "双肺未见活动性病变。胆囊壁见一强回声附壁，大小约3mm，考虑胆囊息肉样病变。",
)
_VERDICTS = (
    "1. 本次检查未见明显异常。2. 建议每年定期体检，保持良好生活习惯。",
    "1. 血压偏高，建议低盐饮食、规律监测，心内科随诊。2. 轻度脂肪肝，建议控制体重、适量运动。",
    "1. 血尿酸偏高，建议低嘌呤饮食、多饮水。2. 甲状腺结节（TI-RADS 2类），建议每年复查超声。",
)


def _departments(rng: Random, doctor: str) -> list[tuple[str, str, str]]:
    teeth = rng.choice(("牙列完整", "36 牙龋坏，建议口腔科治疗"))
    return [
        ("内科", f"心率 {rng.randint(58, 92)} 次/分，律齐，各瓣膜区未闻及杂音；双肺呼吸音清", doctor),
        ("外科", "皮肤、浅表淋巴结、脊柱、四肢关节未见异常", doctor),
        ("眼科", "外眼正常，晶状体透明，眼底视盘边界清", doctor),
        ("耳鼻喉科", f"外耳道通畅，{rng.choice(('鼻中隔居中', '鼻中隔轻度偏曲'))}，咽部无充血", doctor),
        ("口腔科", teeth, doctor),
        ("妇科/男科", "未见明显异常", doctor),
    ]


def _laboratory(rng: Random, name: str, low: float, high: float, unit: str) -> tuple[str, ...]:
    value = rng.uniform(low * 0.95, high * 1.08)
    sign = "↓" if value < low else "↑" if value > high else ""
    return (name, f"{value:.2f}" if high < 20 else f"{value:.0f}", sign, unit, f"{low:g} – {high:g}")


def _cardiogram(paper: Paper, rng: Random) -> None:
    """Draw one lead: baseline, P, QRS and T waves, on the grid of its paper."""
    top, step = paper.y + 3, 21.0
    paper.box("Ⅱ 导联  25 mm/s  10 mm/mV", "", height=32)
    points = []
    for beat in range(8):
        x, lift = LEFT + 3 + beat * step, rng.uniform(0.9, 1.1)
        points += [(x + dx, top + 20 - dy * lift) for dx, dy in _BEAT]
    paper.curve(points, weight=0.25)


_BEAT = (
    (0, 0),
    (3, 0),
    (4, 1.2),
    (5, 1.6),
    (6, 1),
    (7, 0),
    (8.5, 0),
    (9, -1),
    (9.8, 12),
    (10.6, -3),
    (11.2, 0),
    (13.5, 0.3),
    (15, 2.4),
    (16.2, 2.8),
    (17.5, 0.8),
    (18.5, 0),
    (21, 0),
)


def outpatient_record(facts: Facts, rng: Random) -> Paper:
    """门诊病历: written by a doctor in a hurry."""
    claim, insured = facts.claim, facts.policy.insured
    ill = claim.ailment
    paper = Paper("MZ-03", filled=Face.LIGHT_HAND, ink=GREEN, hand=rng.choice((1, 4)))
    paper.letterhead(claim.hospital, aside="门诊病历")
    paper.title("门 诊 病 历")
    paper.rows(
        [("姓  名", insured.name), ("性  别", insured.sex), ("年  龄", f"{insured.age(claim.occurred)} 岁")],
        [("科  室", ill.department), ("门诊号", f"M{claim.record_number}"), ("就诊日期", day(claim.admitted), 1.3)],
        [("药物过敏史", rng.choice(("无", "青霉素过敏", "未发现"))), ("联系电话", insured.mobile)],
    )
    paper.space(4)
    for label, text in (
        ("主诉：", ill.complaint),
        ("现病史：", ill.history),
        ("既往史：", "否认高血压、糖尿病、心脏病史，否认手术外伤史。"),
        (
            "查体：",
            (
                f"T 36.{rng.randint(2, 9)}℃  P {rng.randint(66, 98)}次/分  BP {rng.randint(108, 146)}/{rng.randint(66, 92)}mmHg。"
                f"{ill.findings}"
            ),
        ),
        ("辅助检查：", ill.tests),
        ("初步诊断：", ill.diagnosis),
        ("处理：", f"1. 收住{ill.department}；2. {ill.treatment}"),
        ("处方：", "；".join(f"{drug} 遵医嘱" for drug in ill.drugs[:3])),
    ):
        _noted(paper, label, text)
    paper.space(6)
    paper.signatures(("", ""), ("医师签名", claim.doctor), on=claim.admitted)
    paper.seal(claim.hospital, f"{ill.department}门诊", up=8, diameter=36)
    return paper


def _noted(paper: Paper, label: str, text: str) -> None:
    """Print a label and write after it, on faint lines."""
    for index, line in enumerate(wrap(text, 12.5, RIGHT - LEFT - 26)):
        paper.room(9)
        if index == 0:
            paper.print(Text(LEFT, paper.y + 4.5, label, 10, Face.BOLD_HEI))
        paper.write(Text(LEFT + 23, paper.y + 4.5, line, 12.5, paper.filled))
        paper.print(Rule(LEFT + 21, paper.y + 8, RIGHT, paper.y + 8, 0.1))
        paper.y += 8.6


def discharge_summary(facts: Facts, rng: Random) -> Paper:
    """出院小结: typed by the ward's system, signed and stamped."""
    claim, insured = facts.claim, facts.policy.insured
    ill = claim.ailment
    paper = typed("ZY-11", rng)
    _hospital_head(paper, facts, "出 院 小 结")
    paper.rows(
        [("姓  名", insured.name), ("性  别", insured.sex), ("年  龄", f"{insured.age(claim.admitted)} 岁")],
        [("科  室", ill.department), ("床  号", f"{rng.randint(1, 58)} 床"), ("住院号", claim.record_number)],
        [("入院日期", day(claim.admitted)), ("出院日期", day(claim.discharged)), ("住院天数", f"{_stay(claim)} 天")],
        [("入院诊断", ill.diagnosis, 2), ("ICD 编码", ill.icd)],
        [("出院诊断", ill.diagnosis, 2), ("转  归", rng.choice(("治愈", "好转", "好转")))],
    )
    paper.box("入院情况", f"{ill.complaint}入院。{ill.history}查体：{ill.findings}", height=34)
    paper.box("辅助检查", f"{ill.tests} 血常规、凝血功能、肝肾功能、电解质、心电图等检查已完善。", height=24)
    paper.box(
        "诊疗经过",
        f"入院后完善相关检查，{ill.treatment} 住院期间使用{'、'.join(ill.drugs)}等药物治疗，病情平稳，无并发症。",
        height=40,
    )
    paper.box(
        "出院情况",
        "患者一般情况可，饮食睡眠正常，生命体征平稳，切口愈合良好（或症状明显缓解），经上级医师同意办理出院。",
        height=26,
    )
    paper.box(
        "出院医嘱",
        f"1. 注意休息 {rng.choice((2, 4, 6, 12))} 周，加强营养；2. 继续口服{ill.drugs[0]}；"
        f"3. {rng.choice((1, 2, 4))} 周后门诊复查；4. 不适随诊。",
        height=30,
    )
    paper.signatures(("住院医师", claim.doctor), ("主治医师", facts.clerk), on=claim.discharged)
    paper.seal(claim.hospital, "出院专用章", up=10)
    return paper


def _hospital_head(paper: Paper, facts: Facts, title: str) -> None:
    paper.title(facts.claim.hospital, size=17, face=Face.BOLD_SONG, colour=paper.ink)
    paper.title(title, size=15)
    paper.space(2)


def _stay(claim: Claim) -> int:
    return (claim.discharged - claim.admitted).days


def diagnosis_certificate(facts: Facts, rng: Random) -> Paper:
    """诊断证明书: a short form, void without the hospital's stamp."""
    claim, insured = facts.claim, facts.policy.insured
    ill = claim.ailment
    paper = form("ZM-02", rng, by_hand=0.6)
    _hospital_head(paper, facts, "疾 病 诊 断 证 明 书")
    paper.numbered("编号", f"{claim.discharged:%Y}{claim.record_number}")
    paper.rows(
        [("姓  名", insured.name), ("性  别", insured.sex), ("年  龄", f"{insured.age(claim.discharged)} 岁")],
        [("科  室", ill.department), ("住院/门诊号", claim.record_number), ("证件号码", insured.identity_number, 1.9)],
        [("单位或住址", str(insured.address))],
        height=10,
    )
    paper.box("诊  断", f"{ill.diagnosis}（{ill.icd}）", height=36)
    paper.box(
        "处理意见",
        f"患者于{day(claim.admitted)}至{day(claim.discharged)}在我院{ill.department}住院治疗 {_stay(claim)} 天。{ill.treatment}",
        height=46,
    )
    paper.box("建  议", f"休息 {rng.choice(('壹', '贰', '叁'))} 个月，期间留陪护一人，定期复查。", height=26)
    paper.space(6)
    paper.signatures(("医师签名", claim.doctor), ("科主任", facts.clerk), on=claim.discharged)
    paper.paragraph(
        "注：1. 本证明未加盖医院诊断证明专用章无效；2. 涂改无效；3. 不作司法鉴定依据。", size=9, indent=False
    )
    paper.seal(claim.hospital, "诊断证明专用章", up=16)
    paper.name_seal(claim.doctor, x=LEFT + 66, up=24)
    return paper
