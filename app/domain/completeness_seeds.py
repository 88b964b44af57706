"""The checklists as shipped: which paper each business needs; the seed of an editable table.

Sources: checklists of insurers, 保险法 Art. 22, 33, 34, 反洗钱法 Art. 29, 31, 适当性管理办法 Art. 35–40, 销售行为可回溯 rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.domain.claims import ClaimKind
from app.domain.completeness import Need, PaperForm
from app.domain.intake import Business
from app.domain.product_lines import ProductLine


@dataclass(frozen=True, slots=True)
class Seed:
    """A rule before it has ids: the paper by its code, the rest as the table keeps it."""

    paper: str
    business: str = ""
    line: str = ""
    customer_kind: str = ""
    channel: str = ""
    claim_kind: str = ""
    need: str = Need.REQUIRED.value
    condition: str = ""
    condition_words: str = ""
    form: str = PaperForm.EITHER.value
    copies: int = 1
    hint: str = ""
    basis: str = ""


_FORMS = {"原": PaperForm.ORIGINAL.value, "复": PaperForm.COPY.value, "": PaperForm.EITHER.value}
_PRACTICE = "本单位单证管理规定"
_SUITABILITY = "保险销售适当性管理办法"
_LAUNDERING = "反洗钱法"
_PERSONAL_SIGN = "须本人亲笔签名，不得折叠、涂改"
_WHOLE_CARD = "正反面都要，四角完整，字迹清楚，无反光"
_NEW_DESIGN = "design_type in (participating, universal, unit_linked, variable)"
_TOO_MUCH = (
    "(pay_mode = single and premium > 4 * income or pay_mode = periodic and premium > 0.2 * income"
    " or pay_years + age >= 75)"
)
_NOT_MOTOR = "line != motor and line != short_health_accident"


def _must(paper: str, form: str = "", *, basis: str = _PRACTICE, hint: str = "", copies: int = 1) -> Seed:
    return Seed(paper, form=_FORMS[form], basis=basis, hint=hint, copies=copies)


def _when(
    paper: str, words: str, condition: str = "?", form: str = "", *, basis: str = _PRACTICE, hint: str = ""
) -> Seed:
    return Seed(
        paper,
        need=Need.CONDITIONAL.value,
        condition=condition,
        condition_words=words,
        form=_FORMS[form],
        basis=basis,
        hint=hint,
    )


def _may(paper: str, form: str = "") -> Seed:
    return Seed(paper, need=Need.OPTIONAL.value, form=_FORMS[form], basis=_PRACTICE)


# A0, with what A4 adds for minors and A5 for banks and the old: papers of a person's own policy.
_PERSON: tuple[Seed, ...] = (
    _must("application", "原", hint=_PERSONAL_SIGN),
    _must(
        "identity_card",
        "复",
        basis=f"{_LAUNDERING}第二十九条",
        hint=f"投保人、被保险人不是同一人的各一份；{_WHOLE_CARD}",
    ),
    _when("household_register", "被保险人未成年", "minor", "复", hint="户口簿首页和本人页，或者出生医学证明"),
    _must("notice", "原", hint=_PERSONAL_SIGN),
    _when(
        "product_statement", "新型产品（分红、万能、投连、变额）", _NEW_DESIGN, "原", hint="须有投保人签名和抄录语句"
    ),
    _must("transfer_authority", "原", hint="账户所有人须为投保人本人"),
    _must("bank_card", "复", hint="卡号完整清楚，户名与投保人一致"),
    _when("health_declaration", "健康告知有异常"),
    _must("agent_report"),
    _when(
        "consent",
        "以死亡为给付条件",
        "?",
        "原",
        basis="保险法第三十四条",
        hint="被保险人亲笔签名；未成年人由监护人签名",
    ),
    _must("beneficiary_form", basis=f"{_LAUNDERING}第三十一条"),
    _must("customer_identification", basis=f"{_LAUNDERING}第二十九条"),
    _when("tax_statement", "须声明税收居民身份"),
    _must("delivery_receipt", "原", hint="签收日期由投保人亲笔填写"),
    _must("premium_receipt", "复"),
    _when("needs_analysis", "保险期间超过一年", "term_kind = long", basis=f"{_SUITABILITY}第三十五条、第四十条"),
    _when(
        "applicant_statement",
        "新型产品且保费、年限或年龄达到警示线",
        f"{_NEW_DESIGN} and {_TOO_MUCH}",
        "原",
        basis=f"{_SUITABILITY}第三十九条",
        hint="趸交超过家庭年收入四倍、年交超过百分之二十、交费年限与年龄之和满七十五、超出保费预算一半的",
    ),
    _when("risk_assessment", "投资连结型", "design_type = unit_linked", basis=f"{_SUITABILITY}第三十六条"),
    _when(
        "double_record",
        "银行代理、60 岁以上或者投资连结型",
        "channel = bank or age >= 60 or design_type = unit_linked",
        basis="保险销售行为可回溯管理暂行办法第六条",
        hint="只登记双录编号、日期和质检结果，不得保存录音录像",
    ),
    _when("mismatch_statement", "适当性评估不匹配仍要投保", "?", "原", basis=f"{_SUITABILITY}第三十八条"),
    _when("sales_record", "银行代理渠道", "channel = bank", hint="网点名称、客户经理姓名和执业证号"),
    _when("guardian_identity", "被保险人未成年", "minor", "复", hint=_WHOLE_CARD),
    _when("relationship_proof", "被保险人未成年", "minor", "复"),
    _when("other_cover", "被保险人未成年", "minor", "原", basis="保险法第三十三条", hint="写明在其他公司的身故保额"),
)
_A1 = (
    _when("financial_questionnaire", "大额（保额满 200 万元或年交满 20 万元）", "amount >= 200万 or premium >= 20万"),
    _when("income_proof", "大额（保额满 500 万元或年交满 50 万元）", "amount >= 500万 or premium >= 50万"),
)
_A2 = (
    _when("check_up", "核保要求体检"),
    _when("illness_questionnaire", "告知过疾病"),
    _when("renewal_terms", "保险期间一年以内", "term_kind = short"),
)
_A3 = (
    _must("application", "原", hint=_PERSONAL_SIGN),
    _must("identity_card", "复", hint=_WHOLE_CARD),
    _must("occupation_notice"),
)
_A6 = (
    _must("application", "原", hint="加盖投保单位公章"),
    _must("business_licence", "复", hint="加盖公章，在有效期内"),
    _must("identity_card", "复", hint="经办人的身份证件"),
    _must("power_of_attorney", "原", hint="写明经办人和权限，加盖公章"),
    _must("insured_list", "原", hint="每页加盖公章"),
    _must("consent", hint="参保人同意和告知"),
    _when("social_security", "按参保人数承保"),
    _when("special_agreement", "有特别约定"),
    _must("beneficial_owner", basis=f"{_LAUNDERING}第二十九条"),
)
_A7 = (
    _must("application", "原", hint=_PERSONAL_SIGN),
    _must("applicant_statement", "原", basis="保险法第十七条", hint="免除责任条款的明确说明，投保人签名"),
    _when("vehicle_licence", "在用车", "?", "复", hint="正副页都要，检验在有效期内"),
    _when("vehicle_title", "新车", "?", "复", hint="购车发票和车辆合格证"),
    _when("identity_card", "投保人为个人", "customer_kind = person", "复", hint=_WHOLE_CARD),
    _when("business_licence", "投保人为单位", "customer_kind = organisation", "复"),
    _when("earlier_policy", "续保或者转保"),
    _when("photographs", "脱保、加保须验车", "?", hint="车前、车后、车架号各一张"),
    _when("vehicle_tax", "已完税或者减免税"),
    _must("real_name", hint="投保人本人实名认证、实名缴费"),
)
_A8 = (
    _must("application", "原"),
    _when("business_licence", "投保人为单位", "customer_kind = organisation", "复"),
    _when("identity_card", "投保人为个人", "customer_kind = person", "复", hint=_WHOLE_CARD),
    _must("property_list"),
    _must("title_deed", "复", hint="房产证或者租赁合同"),
    _must("risk_questionnaire", hint="消防、仓储情况逐项填写"),
    _when("survey_report", "须查勘风险"),
    _when("financial_statement", "按账面价值承保", "?", "复"),
    _must("applicant_statement", "原", basis="保险法第十七条", hint="责任免除说明回执"),
    _when("coinsurance", "共保或者临分"),
)
_A9 = (
    _must("application", "原"),
    _must("qualification", "复"),
    _when("insured_list", "雇主责任险", "?"),
    _must("turnover"),
    _must("loss_history"),
)
_A10 = (_must("application", "原"), _must("trade_papers", "复", hint="合同、发票、提单"))
_A11 = (
    _must("application", "原", hint="集体投保的另附分户清单"),
    _when("property_list", "集体投保", "?", hint="分户清单，农户逐户签名"),
    _when("publication_record", "集体投保", "?", hint="公示照片能看出时间和地点"),
    _must("title_deed", "复", hint="土地承包经营权证或者租赁合同"),
    _must("photographs", hint="验标影像"),
    _must("identity_card", "复", hint=_WHOLE_CARD),
    _must("bank_card", "复", hint="一卡通"),
    _when("qualification", "养殖险", "?", hint="免疫证明"),
)
_A12 = (
    _must("application", "原"),
    _must("loan_contract", "复"),
    _must("credit_report"),
    _when("counter_guarantee", "有反担保"),
)
_INTERNAL_SCOPE = (
    # 原司归档范围: of every policy
    _must("policy_copy", hint="保单副本及附表"),
    _may("endorsement"),
    _may("special_agreement"),
)

# B: which change is asked for only a person can tell.
_SERVICING = (
    _must("change_request", "原", basis="人身保险业务基本服务规定第十九条", hint=_PERSONAL_SIGN),
    _must("identity_card", "复", hint=f"变更投保人的，双方各一份；{_WHOLE_CARD}"),
    _when("policy_copy", "变更投保人、受益人，退保", "?", "原"),
    _when("consent", "变更受益人", "?", "原", basis="保险法第四十一条", hint="被保险人亲笔签名"),
    _when("surrender", "退保", "?", "原", basis="保险法第四十七条", hint=_PERSONAL_SIGN),
    _when("bank_card", "退保、领取或者贷款", "?", "复", hint="户名为投保人本人"),
    _when("power_of_attorney", "委托他人办理", "?", "原", hint="写明权限，附双方证件"),
    _when("health_declaration", "复效", "?", basis="保险法第三十七条"),
    _when("premium_receipt", "复效补交保险费", "?", "复"),
    _when("loan_request", "保单贷款", "?", "原"),
    _when("loss_statement", "挂失补发", "?", "原"),
    _when("endorsement", "理赔终止、豁免须批注"),
)

_K = ClaimKind
# C: one row a kind of claim, one column a document of the matrix: 必 required, 条 conditional, － none.
MATRIX_COLUMNS: tuple[tuple[str, ...], ...] = (
    ("claim_request",),
    ("policy_copy",),
    ("identity_card",),
    ("outpatient_record", "discharge_summary", "diagnosis_certificate"),
    ("invoice", "charge_list"),
    ("outpatient_invoice",),
    ("pathology_report", "examination_report"),
    ("accident_report",),
    ("disability_report",),
    ("incapacity_report",),
    ("death_certificate",),
    ("relationship_proof",),
    ("bank_card",),
)
MATRIX: dict[ClaimKind, str] = {
    _K.ACCIDENT_MEDICAL: "必－必必必必－必－－－－必",
    _K.INPATIENT: "必－必必必必－－－－－－必",
    _K.OUTPATIENT: "必－必必－必－－－－－－必",  # 疾病医疗 without a stay in hospital
    _K.CRITICAL_ILLNESS: "必－必必－－必条－－－－必",
    _K.MODERATE_ILLNESS: "必－必必－－必条－－－－必",
    _K.MILD_ILLNESS: "必－必必－－必条－－－－必",
    _K.DISABILITY: "必－必必－－－必必－－－必",
    _K.DEATH_ACCIDENT: "必必必必－－－必－－必必必",
    _K.DEATH_ILLNESS: "必必必必－－必－－－必必必",
    _K.PREMIUM_WAIVER: "必－必必－－必条条条条条必",
    _K.HOSPITAL_ALLOWANCE: "必－必必－－－－－－－－必",
    _K.CARE: "必－必必－－－－－必－－必",
    _K.SURVIVAL_BENEFIT: "必必必－－－－－－－－－必",
}
_CELLS: dict[str, Seed] = {
    "claim_request": _must("claim_request", "原", hint=f"含转账授权；{_PERSONAL_SIGN}"),
    "policy_copy": _must("policy_copy", "原"),
    "identity_card": _must("identity_card", "复", hint=f"被保险人的；{_WHOLE_CARD}"),
    "outpatient_record": _must("outpatient_record", hint="含首诊病历，逐页拍全"),
    "discharge_summary": _when("discharge_summary", "住过院", hint="加盖医院章"),
    "diagnosis_certificate": _must("diagnosis_certificate", hint="加盖诊断证明专用章"),
    "invoice": _must("invoice", "原", hint="住院发票原件"),
    "charge_list": _must("charge_list", hint="住院费用清单逐页拍全"),
    "outpatient_invoice": _must("outpatient_invoice", "原", hint="门诊发票原件，附清单或者处方"),
    "pathology_report": _when("pathology_report", "做过病理检查"),
    "examination_report": _must("examination_report"),
    "accident_report": _must("accident_report", hint="交通事故认定书、工伤证明或者公安证明"),
    "disability_report": _must("disability_report", "原"),
    "incapacity_report": _must("incapacity_report", "原"),
    "death_certificate": _must("death_certificate", hint="居民死亡医学证明；没有的，户籍注销、火化、死亡证明三样齐全"),
    "relationship_proof": _must("relationship_proof", "复", hint="受益人身份证件及与被保险人的关系证明"),
    "bank_card": _must("bank_card", "复", hint="领款人本人账户"),
}
_CELL_CONDITIONS = {
    "accident_report": "因意外引起",
    "disability_report": "因残疾豁免",
    "incapacity_report": "因丧失劳动能力豁免",
    "death_certificate": "因身故豁免",
    "relationship_proof": "因身故豁免",
}
_MATRIX_BASIS = "保险法第二十二条；人身险理赔单证表"
_PERSONAL_CLAIM = "(insurance = personal or line = short_health_accident)"
_CLAIM_EXTRAS = (
    _when("court_ruling", "宣告死亡、失踪或者有诉讼", f"{_PERSONAL_CLAIM} and ?", "复"),
    _when("inheritance_proof", "保险金作为遗产", f"{_PERSONAL_CLAIM} and ?", basis="保险法第四十二条"),
    _when("guardian_identity", "被保险人或受益人未成年", f"{_PERSONAL_CLAIM} and (minor or ?)", "复", hint=_WHOLE_CARD),
    _when("power_of_attorney", "委托他人办理", f"{_PERSONAL_CLAIM} and ?", "原", hint="附双方身份证件"),
    _when("refusal_notice", "拒赔", "outcome = refused", "原", basis="保险法第二十四条"),
    _when("service_proof", "拒赔", "outcome = refused", basis="保险法第二十四条"),
    _when("claim_approval", "拒赔", "outcome = refused"),
    _when("survey_report", "拒赔", f"{_PERSONAL_CLAIM} and outcome = refused", hint="调查报告"),
)

_MOTOR_ALL = (
    _must("claim_request", "原", hint=_PERSONAL_SIGN),
    _may("policy_copy", "复"),
    _must("identity_card", "复", hint=f"被保险人的；{_WHOLE_CARD}"),
    _must("vehicle_licence", "复", hint="正副页都要，检验在有效期内"),
    _must("driving_licence", "复", hint="正副页都要；B 照以上附体检回执"),
    _must("bank_card", "复"),
    _must("photographs", hint="查勘照片"),
    _when("operating_licence", "营运车、特种车", "?", "复"),
    _when("towing_invoice", "有施救费", "?", "原"),
    _may("loss_report"),
    _may("survey_report"),
    _may("claim_calculation"),
)
_MOTOR: dict[ClaimKind, tuple[Seed, ...]] = {
    _K.MOTOR_DAMAGE: (
        _must("loss_assessment", "原"),
        _must("repair_invoice", "原", hint="附维修清单"),
        _when("accident_report", "涉及对方车辆", "?", hint="事故认定书或者自行协商记录书，含对方交强险保单号"),
        _when("third_party_papers", "涉及对方车辆"),
    ),
    _K.PROPERTY_DAMAGE: (
        _must("accident_report", hint="事故认定书或者自行协商记录书"),
        _must("damage_list"),
        _must("repair_invoice", "原"),
        _must("claim_receipt", "原"),
        _when("third_party_papers", "涉及对方车辆"),
    ),
    _K.BODILY_INJURY: (
        _must("accident_report"),
        _must("third_party_papers", "复", hint="伤者身份证、户口"),
        _must("outpatient_record"),
        _when("discharge_summary", "住过院"),
        _must("diagnosis_certificate"),
        _must("invoice", "原"),
        _must("charge_list"),
        _when("work_loss_proof", "有误工、护理损失", "?", hint="近三个月工资条；超过起征点的附完税证明"),
        _when("disability_report", "有伤残", "?", "原"),
        _when("death_certificate", "有死亡", "?", hint="死亡、户籍注销、火化证明"),
        _when("relationship_proof", "有被扶养人"),
        _when("settlement_agreement", "经调解"),
        _when("court_ruling", "经诉讼"),
        _must("claim_receipt", "原"),
    ),
    _K.VEHICLE_THEFT: (
        _must("vehicle_title", "原", hint="登记证书、购车发票"),
        _must("vehicle_keys", hint="全套钥匙"),
        _must("official_proof", "原", hint="公安机关立案、未侦破证明"),
        _must("subrogation", "原"),
    ),
}
_MOTOR_BASIS = "保险法第二十二条；机动车交通事故责任强制保险条例第二十八条"
_PROPERTY_CLAIM = tuple(
    _when(paper, words, f"{_NOT_MOTOR}{' and ?' if is_asked else ''}", form, hint=hint)
    for paper, words, is_asked, form, hint in (
        ("claim_request", "非车险", False, "原", ""),
        ("loss_report", "非车险", False, "", ""),
        ("policy_copy", "非车险", False, "复", "保单和批单抄件"),
        ("damage_list", "非车险", False, "原", "受损标的逐项列明"),
        ("official_proof", "自然灾害、火灾、盗抢", True, "", "气象、消防、公安证明"),
        ("expert_report", "经检测、鉴定、公估", True, "", ""),
        ("trade_papers", "须证明价值", True, "复", "买卖合同、原始发票"),
        ("repair_invoice", "可以修复", True, "原", "维修清单和发票"),
        ("financial_statement", "按账面价值理算", True, "复", "资产负债表、固定资产明细、库存清单"),
        ("survey_report", "非车险", False, "", ""),
        ("photographs", "非车险", False, "", "查勘照片粘贴页"),
        ("claim_calculation", "非车险", False, "", ""),
        ("claim_approval", "非车险", False, "", ""),
        ("claim_receipt", "已经赔付", True, "原", ""),
        ("subrogation", "第三者有责任", True, "原", ""),
        ("bank_card", "非车险", False, "复", ""),
        ("inquiry_record", "做过询问", True, "", ""),
        ("advance_request", "预付赔款", True, "原", ""),
        ("salvage", "有残值", True, "", ""),
        ("settlement_agreement", "经调解", True, "", ""),
        ("court_ruling", "经诉讼、仲裁", True, "", ""),
        ("power_of_attorney", "委托他人办理", True, "原", ""),
        ("closing_report", "非车险", False, "", ""),
    )
)

_COMPLAINT = "有投诉"
_SERVICE = (
    _when("call_back", "保险期间超过一年", "term_kind = long", basis="人身保险业务基本服务规定第十五条"),
    _when("consultation", "有咨询"),
    _when("survey", "做过满意度调查"),
    _when("complaint", _COMPLAINT, basis="银行业保险业消费投诉处理管理办法第三十条"),
    _when("identity_card", _COMPLAINT, "?", "复"),
    _when("power_of_attorney", "委托他人投诉", "?", "原"),
    _when("inheritance_proof", "继承人投诉"),
    _when("finding_record", _COMPLAINT),
    _when("complaint_decision", _COMPLAINT),
    _when("complaint_notice", _COMPLAINT, "?", hint="告知凭证"),
    _when("settlement_agreement", "经调解"),
    _when("rectification", "须整改"),
)
_OTHER = (_may("credit_report"), _may("notarial_deed"), _may("lawyer_letter"), _may("other"))

_L = ProductLine
_PERSON_KIND, _GROUP_KIND = "person", "organisation"


def _placed(seeds: tuple[Seed, ...], business: Business, **scope: Any) -> Iterator[Seed]:
    return (replace(seed, business=business.value, **scope) for seed in seeds)


def _applications() -> Iterator[Seed]:
    business = Business.APPLICATION
    yield from _placed(_INTERNAL_SCOPE, business)
    yield from _placed((*_PERSON, *_A1), business, line=_L.LIFE, customer_kind=_PERSON_KIND)
    yield from _placed((*_PERSON, *_A2), business, line=_L.HEALTH, customer_kind=_PERSON_KIND)
    for line in (_L.ACCIDENT, _L.SHORT_HEALTH_ACCIDENT):
        yield from _placed(_A3, business, line=line, customer_kind=_PERSON_KIND)
    for line in (_L.LIFE, _L.HEALTH, _L.ACCIDENT, _L.SHORT_HEALTH_ACCIDENT):
        yield from _placed(_A6, business, line=line, customer_kind=_GROUP_KIND)
    yield from _placed(_A7, business, line=_L.MOTOR)
    for line in (_L.ENTERPRISE_PROPERTY, _L.HOME_PROPERTY, _L.ENGINEERING):
        yield from _placed(_A8, business, line=line)
    yield from _placed(_A9, business, line=_L.LIABILITY)
    yield from _placed(_A10, business, line=_L.CARGO)
    yield from _placed((*_A10, _must("ship_survey", "复")), business, line=_L.HULL)
    yield from _placed(_A11, business, line=_L.AGRICULTURE)
    yield from _placed(_A12, business, line=_L.CREDIT_GUARANTEE)
    for line in (_L.SPECIAL_RISK, _L.OTHER):
        yield from _placed((_must("application", "原"), _must("identity_card", "复")), business, line=line)


def matrix_rules(kind: ClaimKind) -> Iterator[Seed]:
    """Yield the rules of one row of the matrix."""
    for papers, cell in zip(MATRIX_COLUMNS, MATRIX[kind], strict=True):
        for paper in papers if cell != "－" else ():
            seed = replace(_CELLS[paper], business=Business.CLAIM.value, claim_kind=kind.value, basis=_MATRIX_BASIS)
            yield (
                seed
                if cell == "必"
                else replace(seed, need=Need.CONDITIONAL.value, condition="?", condition_words=_CELL_CONDITIONS[paper])
            )


def _claims() -> Iterator[Seed]:
    business = Business.CLAIM
    for kind in MATRIX:
        yield from matrix_rules(kind)
    yield from _placed(_CLAIM_EXTRAS, business)
    for seed in _placed(_MOTOR_ALL, business, line=_L.MOTOR):
        yield replace(seed, basis=_MOTOR_BASIS)
    for kind, seeds in _MOTOR.items():
        for seed in _placed(seeds, business, line=_L.MOTOR, claim_kind=kind):
            yield replace(seed, basis=_MOTOR_BASIS)
    yield from _placed(_PROPERTY_CLAIM, business, line="property")


def all_seeds() -> tuple[Seed, ...]:
    """Return every rule as shipped, in the order of the checklists."""
    return (
        *_applications(),
        *_placed(_SERVICING, Business.SERVICING),
        *_claims(),
        *_placed(_SERVICE, Business.SERVICE),
        *_placed(_OTHER, Business.OTHER),
    )
