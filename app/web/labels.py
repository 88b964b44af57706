"""Names of the trade's values as screens show them.

Members of the domain's enums are strings, so a value as it lies in the database finds its name too:
`ID_KINDS["passport"]`. Sentences about problems are in `sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.claims import ClaimKind, ClaimOutcome, ClaimStatus, RefusalReason
from app.domain.contact_numbers import PhoneKind
from app.domain.identity_numbers import IdKind, Sex
from app.domain.levels import Level
from app.domain.policies import Channel, DesignType, PartyRole, PayFrequency, PayMode, PolicyStatus, TermKind
from app.domain.product_lines import InsuranceClass, ProductLine
from app.domain.retention import Period, RetentionState

ID_KINDS: dict[IdKind, Any] = {
    IdKind.RESIDENT_ID: _l("居民身份证"),
    IdKind.PASSPORT: _l("护照"),
    IdKind.HK_MACAO_PERMIT: _l("港澳居民来往内地通行证"),
    IdKind.TAIWAN_PERMIT: _l("台湾居民来往大陆通行证"),
    IdKind.HMT_RESIDENCE: _l("港澳台居民居住证"),
    IdKind.FOREIGN_PERMANENT: _l("外国人永久居留身份证"),
    IdKind.MILITARY_ID: _l("军官证"),
    IdKind.HOUSEHOLD_BOOK: _l("户口簿"),
    IdKind.BIRTH_CERTIFICATE: _l("出生医学证明"),
    IdKind.USCC: _l("统一社会信用代码"),
    IdKind.OTHER: _l("其他证件"),
}

SEXES: dict[Sex, Any] = {
    Sex.MALE: _l("男"),
    Sex.FEMALE: _l("女"),
    Sex.UNKNOWN: _l("未说明"),
}

LEVELS: dict[Level, Any] = {
    Level.INTERNAL: _l("内部"),
    Level.SENSITIVE: _l("敏感"),
    Level.SECRET: _l("秘密"),
    Level.CONFIDENTIAL: _l("机密"),
}

PHONE_KINDS: dict[PhoneKind, Any] = {
    PhoneKind.MOBILE: _l("手机"),
    PhoneKind.LANDLINE: _l("固定电话"),
    PhoneKind.SERVICE: _l("400/800 电话"),
    PhoneKind.HOTLINE: _l("客服热线"),
}

INSURANCE_CLASSES: dict[InsuranceClass, Any] = {
    InsuranceClass.PERSONAL: _l("人身险"),
    InsuranceClass.PROPERTY: _l("财产险"),
}

PRODUCT_LINES: dict[ProductLine, Any] = {
    ProductLine.LIFE: _l("人寿保险"),
    ProductLine.HEALTH: _l("健康保险"),
    ProductLine.ACCIDENT: _l("意外伤害保险"),
    ProductLine.MOTOR: _l("机动车辆保险"),
    ProductLine.ENTERPRISE_PROPERTY: _l("企业财产保险"),
    ProductLine.HOME_PROPERTY: _l("家庭财产保险"),
    ProductLine.ENGINEERING: _l("工程保险"),
    ProductLine.CARGO: _l("货物运输保险"),
    ProductLine.HULL: _l("船舶保险"),
    ProductLine.SPECIAL_RISK: _l("特殊风险保险"),
    ProductLine.LIABILITY: _l("责任保险"),
    ProductLine.CREDIT_GUARANTEE: _l("信用保证保险"),
    ProductLine.AGRICULTURE: _l("农业保险"),
    ProductLine.SHORT_HEALTH_ACCIDENT: _l("短期健康和意外保险"),
    ProductLine.OTHER: _l("其他财产险"),
}

TERM_KINDS: dict[TermKind, Any] = {
    TermKind.SHORT: _l("短期（一年及以下）"),
    TermKind.LONG: _l("长期（一年以上）"),
}

DESIGN_TYPES: dict[DesignType, Any] = {
    DesignType.ORDINARY: _l("普通型"),
    DesignType.PARTICIPATING: _l("分红型"),
    DesignType.UNIVERSAL: _l("万能型"),
    DesignType.UNIT_LINKED: _l("投资连结型"),
    DesignType.VARIABLE: _l("变额型"),
}

CHANNELS: dict[Channel, Any] = {
    Channel.AGENT: _l("个人代理"),
    Channel.BANK: _l("银邮代理"),
    Channel.BROKER: _l("专业中介"),
    Channel.PHONE: _l("电话销售"),
    Channel.INTERNET: _l("互联网"),
    Channel.DIRECT: _l("直销"),
    Channel.GROUP: _l("团险"),
}

PAY_MODES: dict[PayMode, Any] = {
    PayMode.SINGLE: _l("趸交"),
    PayMode.PERIODIC: _l("期交"),
}

PAY_FREQUENCIES: dict[PayFrequency, Any] = {
    PayFrequency.ANNUAL: _l("年交"),
    PayFrequency.SEMIANNUAL: _l("半年交"),
    PayFrequency.QUARTERLY: _l("季交"),
    PayFrequency.MONTHLY: _l("月交"),
    PayFrequency.IRREGULAR: _l("不定期交"),
}

PARTY_ROLES: dict[PartyRole, Any] = {
    PartyRole.HOLDER: _l("投保人"),
    PartyRole.INSURED: _l("被保险人"),
    PartyRole.BENEFICIARY: _l("受益人"),
}

POLICY_STATUSES: dict[PolicyStatus, Any] = {
    PolicyStatus.APPLIED: _l("投保中"),
    PolicyStatus.UNDERWRITING: _l("待核保"),
    PolicyStatus.DECLINED: _l("拒保"),
    PolicyStatus.POSTPONED: _l("延期承保"),
    PolicyStatus.WITHDRAWN: _l("撤单"),
    PolicyStatus.ACCEPTED: _l("已承保"),
    PolicyStatus.PENDING: _l("待生效"),
    PolicyStatus.IN_FORCE: _l("有效"),
    PolicyStatus.GRACE: _l("宽限期"),
    PolicyStatus.LAPSED: _l("效力中止"),
    PolicyStatus.PAID_UP: _l("减额交清"),
    PolicyStatus.ON_LOAN: _l("贷款中"),
    PolicyStatus.WAIVED: _l("豁免保费"),
    PolicyStatus.ENDORSING: _l("批改中"),
    PolicyStatus.COOLED_OFF: _l("犹豫期退保"),
    PolicyStatus.SURRENDERED: _l("退保"),
    PolicyStatus.CLAIMED_OUT: _l("理赔终止"),
    PolicyStatus.MATURED: _l("满期"),
    PolicyStatus.RESCINDED: _l("合同解除"),
    PolicyStatus.LAPSE_ENDED: _l("失效满二年解除"),
    PolicyStatus.CANCELLED: _l("注销"),
    PolicyStatus.EXPIRED: _l("到期终止"),
    PolicyStatus.RENEWED: _l("到期已续保"),
    PolicyStatus.TERMINATED: _l("终止（其他）"),
}

CLAIM_KINDS: dict[ClaimKind, Any] = {
    ClaimKind.DEATH_ILLNESS: _l("疾病身故"),
    ClaimKind.DEATH_ACCIDENT: _l("意外身故"),
    ClaimKind.DISABILITY: _l("全残/伤残"),
    ClaimKind.CRITICAL_ILLNESS: _l("重大疾病"),
    ClaimKind.MODERATE_ILLNESS: _l("中症"),
    ClaimKind.MILD_ILLNESS: _l("轻症"),
    ClaimKind.INPATIENT: _l("住院医疗"),
    ClaimKind.OUTPATIENT: _l("门急诊医疗"),
    ClaimKind.ACCIDENT_MEDICAL: _l("意外医疗"),
    ClaimKind.HOSPITAL_ALLOWANCE: _l("住院津贴"),
    ClaimKind.PREMIUM_WAIVER: _l("豁免保费"),
    ClaimKind.CARE: _l("失能/护理"),
    ClaimKind.SURVIVAL_BENEFIT: _l("满期/生存/年金给付"),
    ClaimKind.MOTOR_DAMAGE: _l("车损"),
    ClaimKind.PROPERTY_DAMAGE: _l("物损"),
    ClaimKind.BODILY_INJURY: _l("人伤"),
    ClaimKind.VEHICLE_THEFT: _l("车辆盗抢"),
    ClaimKind.FIRE: _l("火灾"),
    ClaimKind.EXPLOSION: _l("爆炸"),
    ClaimKind.FLOOD_STORM: _l("水灾/暴雨/台风"),
    ClaimKind.THEFT: _l("盗窃"),
    ClaimKind.LIABILITY: _l("责任"),
    ClaimKind.CARGO_DAMAGE: _l("货损"),
    ClaimKind.AGRICULTURAL: _l("农险灾害"),
    ClaimKind.CREDIT_DEFAULT: _l("信用保证违约"),
    ClaimKind.OTHER: _l("其他赔案"),
}

CLAIM_STATUSES: dict[ClaimStatus, Any] = {
    ClaimStatus.REPORTED: _l("报案"),
    ClaimStatus.OPENED: _l("立案"),
    ClaimStatus.INVESTIGATING: _l("查勘调查"),
    ClaimStatus.ASSESSING: _l("定损理算"),
    ClaimStatus.APPROVING: _l("核赔"),
    ClaimStatus.NOTIFIED: _l("已通知"),
    ClaimStatus.PAYING: _l("支付"),
    ClaimStatus.CLOSED: _l("结案"),
    ClaimStatus.ARCHIVED: lazy_pgettext("event", "归档"),
    ClaimStatus.RECONSIDERING: _l("复议"),
    ClaimStatus.LITIGATING: _l("诉讼"),
    ClaimStatus.RECOVERING: _l("追偿"),
    ClaimStatus.REOPENED: _l("重开"),
}

CLAIM_OUTCOMES: dict[ClaimOutcome, Any] = {
    ClaimOutcome.FULL: _l("全额赔付"),
    ClaimOutcome.PARTIAL: _l("部分赔付"),
    ClaimOutcome.REFUSED: _l("拒赔"),
    ClaimOutcome.EX_GRATIA: _l("通融赔付"),
    ClaimOutcome.SETTLED: _l("协议赔付"),
    ClaimOutcome.ZERO: _l("零结案"),
    ClaimOutcome.WITHDRAWN: _l("注销/撤案"),
    ClaimOutcome.RESCINDED_REFUND: _l("解除合同（退费）"),
    ClaimOutcome.RESCINDED_NO_REFUND: _l("解除合同（不退费）"),
    ClaimOutcome.LITIGATED: _l("转诉讼"),
    ClaimOutcome.ADVANCE: _l("预付"),
}

REFUSAL_REASONS: dict[RefusalReason, Any] = {
    RefusalReason.NOT_COVERED: _l("非保险责任"),
    RefusalReason.EXCLUDED: _l("责任免除"),
    RefusalReason.NOT_DISCLOSED: _l("未如实告知"),
    RefusalReason.WAITING_PERIOD: _l("等待期内"),
    RefusalReason.POLICY_LAPSED: _l("保单失效"),
    RefusalReason.TIME_BARRED: _l("超过时效"),
    RefusalReason.FALSE_DOCUMENTS: _l("材料不实"),
    RefusalReason.OTHER: _l("其他原因"),
}

RETENTION_STATES: dict[RetentionState, Any] = {
    RetentionState.PERMANENT: _l("永久保管"),
    RetentionState.NOT_STARTED: _l("起算条件未成就"),
    RetentionState.RUNNING: _l("保管中"),
    RetentionState.EXPIRED: _l("已到期，待鉴定"),
}

BRANCH_KINDS: dict[str, Any] = {
    "head": _l("总公司"),
    "province": _l("分公司"),
    "city": _l("支公司"),
    "outlet": _l("营业部"),
}


def period_label(code: str) -> Any:
    """Return 永久 or 定期10年 for a period code; raises `BadPeriod`."""
    years = Period.parse(code).years
    return _l("永久") if years is None else _l("定期%(years)s年", years=years)


def choices(labels: Mapping[Any, Any], *only: Any) -> list[tuple[str, Any]]:
    """Return (value, name) pairs for a select field, all or those in `only`, in that order."""
    return [(str(value), labels[value]) for value in only or labels]
