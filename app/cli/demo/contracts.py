"""Invented policies and claims whose numbers, dates and amounts agree with each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from app.cli.demo.ailments import Ailment, invent_ailment
from app.cli.demo.names import invent_name
from app.cli.demo.people import Organisation, Person, invent_organisation, invent_person
from app.cli.demo.places import invent_hospital
from app.domain.claims import ClaimKind, RefusalReason
from app.domain.policies import DesignType, PayFrequency
from app.domain.product_lines import InsuranceClass, ProductLine, class_of
from app.domain.retention import add_years

LIFE_INSURER = "安禾人寿保险股份有限公司"
PROPERTY_INSURER = "安禾财产保险股份有限公司"


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold. `years` 0 means for life; `rate` is the yearly premium per mille of the sum insured."""

    code: str
    name: str
    line: ProductLine
    design: DesignType
    years: int
    rate: int

    @property
    def is_life(self) -> bool:
        return class_of(self.line) is InsuranceClass.PERSONAL


PRODUCTS = (
    Product("1101", "安禾长青终身寿险", ProductLine.LIFE, DesignType.ORDINARY, 0, 28),
    Product("1102", "安禾传家增额终身寿险(分红型)", ProductLine.LIFE, DesignType.PARTICIPATING, 0, 62),
    Product("1103", "安禾守望定期寿险", ProductLine.LIFE, DesignType.ORDINARY, 20, 4),
    Product("1104", "安禾福满堂两全保险", ProductLine.LIFE, DesignType.ORDINARY, 15, 55),
    Product("1105", "安禾颐年养老年金保险", ProductLine.LIFE, DesignType.ORDINARY, 0, 74),
    Product("1106", "安禾金彩年金保险(万能型)", ProductLine.LIFE, DesignType.UNIVERSAL, 0, 80),
    Product("1201", "安禾佑安重大疾病保险", ProductLine.HEALTH, DesignType.ORDINARY, 0, 22),
    Product("1202", "安禾康护防癌疾病保险", ProductLine.HEALTH, DesignType.ORDINARY, 30, 12),
    Product("1203", "安禾百万医疗保险", ProductLine.HEALTH, DesignType.ORDINARY, 1, 1),
    Product("1204", "安禾住院津贴医疗保险", ProductLine.HEALTH, DesignType.ORDINARY, 1, 3),
    Product("1301", "安禾综合意外伤害保险", ProductLine.ACCIDENT, DesignType.ORDINARY, 1, 2),
    Product("1302", "安禾出行无忧交通意外伤害保险", ProductLine.ACCIDENT, DesignType.ORDINARY, 1, 1),
    Product("2101", "机动车商业保险", ProductLine.MOTOR, DesignType.ORDINARY, 1, 9),
    Product("2201", "企业财产综合险", ProductLine.ENTERPRISE_PROPERTY, DesignType.ORDINARY, 1, 2),
    Product("2301", "家庭财产保险", ProductLine.HOME_PROPERTY, DesignType.ORDINARY, 1, 1),
    Product("2401", "雇主责任保险", ProductLine.LIABILITY, DesignType.ORDINARY, 1, 3),
    Product("2501", "国内货物运输保险", ProductLine.CARGO, DesignType.ORDINARY, 1, 2),
)
_RELATIONS = ("配偶", "子女", "父母", "本人")
FREQUENCIES = {
    "年交": PayFrequency.ANNUAL,
    "半年交": PayFrequency.SEMIANNUAL,
    "季交": PayFrequency.QUARTERLY,
    "月交": PayFrequency.MONTHLY,
    "趸交": None,
}
_USUAL_FREQUENCIES = ("年交", "年交", "年交", "半年交", "月交", "趸交")
LIFE_CLAIMS = {
    "疾病医疗": ClaimKind.INPATIENT,
    "意外医疗": ClaimKind.ACCIDENT_MEDICAL,
    "重大疾病": ClaimKind.CRITICAL_ILLNESS,
    "住院津贴": ClaimKind.HOSPITAL_ALLOWANCE,
    "意外伤残": ClaimKind.DISABILITY,
}
PROPERTY_CLAIMS = {
    "车损": ClaimKind.MOTOR_DAMAGE,
    "人伤": ClaimKind.BODILY_INJURY,
    "火灾": ClaimKind.FIRE,
    "水灾": ClaimKind.FLOOD_STORM,
    "盗窃": ClaimKind.THEFT,
    "责任": ClaimKind.LIABILITY,
    "货损": ClaimKind.CARGO_DAMAGE,
}
_LOSSES = {
    ProductLine.MOTOR: (
        ("车损", "追尾致车头受损", "被保险车辆行驶中因前车急刹避让不及发生追尾，前保险杠、散热器、大灯受损。"),
        ("人伤", "碰撞致骑行人受伤", "被保险车辆右转时与直行电动自行车相撞，骑行人倒地受伤，由急救车送医。"),
    ),
    ProductLine.ENTERPRISE_PROPERTY: (
        ("火灾", "仓库起火", "仓库东侧配电箱线路老化起火，部分存货及货架烧毁，消防部门到场扑灭。"),
        ("水灾", "暴雨致厂房进水", "持续暴雨致厂房积水约四十厘米，设备底座及原材料浸水受损。"),
    ),
    ProductLine.HOME_PROPERTY: (
        ("水灾", "水管爆裂", "厨房水管接头爆裂，木地板、橱柜及楼下吊顶浸水受损。"),
        ("盗窃", "入室盗窃", "家中无人时门锁被撬，笔记本电脑及首饰被盗，已向公安机关报案。"),
    ),
    ProductLine.LIABILITY: (("责任", "员工工作中受伤", "员工在车间搬运物料时从平台跌落受伤，送医院治疗。"),),
    ProductLine.CARGO: (("货损", "运输途中货物受潮", "货车途中遇大雨，篷布破损，纸箱包装货物部分受潮变形。"),),
}
REFUSALS = {
    "非保险责任": RefusalReason.NOT_COVERED,
    "责任免除": RefusalReason.EXCLUDED,
    "未如实告知": RefusalReason.NOT_DISCLOSED,
    "等待期内出险": RefusalReason.WAITING_PERIOD,
    "保单效力中止": RefusalReason.POLICY_LAPSED,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """A contract between an insurer and `applicant` about `insured`. Money in yuan; `expires` None means for life."""

    number: str
    application_number: str
    product: Product
    insurer: str
    applicant: Person
    insured: Person
    relation: str
    beneficiary: str
    sum_insured: Decimal
    premium: Decimal
    frequency: str
    payment_years: int
    applied: date
    effective: date
    expires: date | None
    agent: str
    agent_number: str

    @property
    def term(self) -> str:
        return f"{self.product.years}年" if self.product.years else "终身"

    @property
    def pay_frequency(self) -> PayFrequency | None:
        """Return the code of the frequency, or None for a single premium."""
        return FREQUENCIES[self.frequency]


@dataclass(frozen=True, slots=True)
class Claim:
    """What happened to the insured, and what the insurer decided.

    `event` names it in a word or two, `story` tells it; the ailment is that of whoever was hurt. Money in yuan;
    `refusal` is empty when something was paid.
    """

    number: str
    report_number: str
    policy: Policy
    kind: str
    event: str
    story: str
    ailment: Ailment
    hospital: str
    record_number: str
    place: str
    occurred: date
    reported: date
    admitted: date
    discharged: date
    decided: date
    claimed: Decimal
    paid: Decimal
    refusal: str
    doctor: str

    @property
    def kind_code(self) -> ClaimKind:
        return (LIFE_CLAIMS | PROPERTY_CLAIMS)[self.kind]

    @property
    def refusal_code(self) -> RefusalReason | None:
        return REFUSALS[self.refusal] if self.refusal else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the papers of one customer file may say; `on` is the day the paper in hand was filled in."""

    person: Person
    policy: Policy
    claim: Claim
    organisation: Organisation
    clerk: str
    on: date


def invent_policy(rng: Random, serial: int, applicant: Person, *, on: date, product: Product | None = None) -> Policy:
    """Return a policy of `applicant`, who is 19 or older, that began four months or more before `on`.

    Two serials never give the same numbers.
    """
    sold = product or rng.choice(PRODUCTS)
    longest = max(131, min(2600, (applicant.age(on) - 18) * 365))
    applied = on - timedelta(days=rng.randint(130, longest))
    effective = applied + timedelta(days=rng.randint(1, 9))
    relation = rng.choice(_RELATIONS)
    insured = applicant if relation == "本人" else _relative(rng, applicant, relation, applied)
    whole = Decimal(rng.choice((5, 10, 20, 30, 50, 80, 100))) * 10_000
    return Policy(
        number=_policy_number(sold, applied, serial),
        application_number=f"{applied:%y%m}{sold.code}{serial % 10**6:06d}",
        product=sold,
        insurer=LIFE_INSURER if sold.is_life else PROPERTY_INSURER,
        applicant=applicant,
        insured=insured,
        relation=relation,
        beneficiary="法定" if rng.random() < 0.6 else invent_name(rng, female=rng.random() < 0.5),
        sum_insured=whole,
        premium=(whole * sold.rate / 1000 * Decimal(rng.randint(80, 130)) / 100).quantize(Decimal("0.01")),
        frequency=rng.choice(_USUAL_FREQUENCIES) if sold.years != 1 else "趸交",
        payment_years=rng.choice((3, 5, 10, 20)) if sold.years != 1 else 1,
        applied=applied,
        effective=effective,
        expires=add_years(effective, sold.years) - timedelta(days=1) if sold.years else None,
        agent=invent_name(rng, female=rng.random() < 0.6),
        agent_number=f"{rng.randrange(10**7, 10**8)}",
    )


def _relative(rng: Random, applicant: Person, relation: str, on: date) -> Person:
    """Return one of the family who is alive on `on`, the day of the application."""
    age = applicant.age(on)
    youngest, oldest = {
        "子女": (0, max(2, age - 22)),
        "父母": (min(age + 20, 85), min(age + 35, 90)),
        "配偶": (max(20, age - 5), max(24, age + 5)),
    }[relation]
    return invent_person(rng, on=on, youngest=youngest, oldest=oldest)


def _policy_number(product: Product, applied: date, serial: int) -> str:
    """Life: 15 digits; property: 22 characters of product, branch, year and serial (DOMAIN 6.1)."""
    if product.is_life:
        return f"8{product.code}{applied:%y}{serial % 10**8:08d}"
    return f"PDAA{applied:%Y}3201{product.code[:2]}{serial % 10**8:08d}"


def invent_claim(rng: Random, serial: int, policy: Policy, *, on: date) -> Claim:
    """Return a claim under `policy` decided before `on`; about one in eight is refused."""
    kind, event, story, ailment = _what_happened(rng, policy)
    span = max(1, (on - policy.effective).days - 62)
    occurred = policy.effective + timedelta(days=rng.randint(0, span))
    admitted = occurred if ailment.accident else occurred + timedelta(days=rng.randint(0, 3))
    discharged = admitted + timedelta(days=max(2, ailment.days + rng.randint(-2, 4)))
    claimed = Decimal(int(ailment.cost * rng.uniform(0.7, 1.5) * 100)) / 100
    refused = rng.random() < 0.125
    city = policy.insured.address.city
    return Claim(
        number=f"C{occurred:%Y%m}{serial % 10**8:08d}",
        report_number=f"R{occurred:%Y%m%d}{serial % 10**6:06d}",
        policy=policy,
        kind=kind,
        event=event,
        story=story,
        ailment=ailment,
        hospital=invent_hospital(rng, city),
        record_number=f"{rng.randrange(10**6, 10**7)}",
        place=f"{city.name}{rng.choice(city.districts)}",
        occurred=occurred,
        reported=occurred + timedelta(days=rng.randint(0, 6)),
        admitted=admitted,
        discharged=discharged,
        decided=discharged + timedelta(days=rng.randint(5, 32)),
        claimed=claimed,
        paid=Decimal(0) if refused else (claimed * Decimal(rng.randint(55, 100)) / 100).quantize(Decimal("0.01")),
        refusal=rng.choice(tuple(REFUSALS)) if refused else "",
        doctor=invent_name(rng, female=rng.random() < 0.4),
    )


def _what_happened(rng: Random, policy: Policy) -> tuple[str, str, str, Ailment]:
    female = policy.insured.female
    if not policy.product.is_life:
        kind, event, story = rng.choice(_LOSSES[policy.product.line])
        return kind, event, story, invent_ailment(rng, female=female, accident=True, traffic=kind == "人伤")
    kind = rng.choice(tuple(LIFE_CLAIMS))
    ailment = invent_ailment(rng, female=female, accident=kind.startswith("意外"), critical=kind == "重大疾病")
    return kind, ailment.diagnosis, ailment.history, ailment


def invent_facts(rng: Random, serial: int, *, on: date) -> Facts:
    """Return a person with a policy, a claim and an employer: enough for any paper."""
    person = invent_person(rng, on=on, youngest=19)
    policy = invent_policy(rng, serial, person, on=on)
    return Facts(
        person=person,
        policy=policy,
        claim=invent_claim(rng, serial, policy, on=on),
        organisation=invent_organisation(rng, on=on),
        clerk=invent_name(rng, female=rng.random() < 0.6),
        on=on,
    )
