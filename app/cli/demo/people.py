"""Invented persons and organisations, the same for the same seed, with numbers that belong to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.cli.demo.names import invent_given_name, invent_name, invent_surname
from app.cli.demo.numbers import bank_card_number, credit_code, identity_number, landline_number, mobile_number
from app.cli.demo.places import CITIES, Address, invent_address

# occupation, insurer's occupation code, risk class 1–6, usual yearly income in yuan
_OCCUPATIONS = (
    ("教师", "1202001", 1, 96_000), ("会计", "0701006", 1, 92_000), ("公务员", "0001001", 1, 105_000),
    ("软件工程师", "1401003", 1, 260_000), ("医生", "1101001", 1, 210_000), ("护士", "1101008", 2, 110_000),
    ("销售员", "0901011", 2, 98_000), ("个体经营者", "0901002", 2, 150_000), ("出租车司机", "0502014", 4, 84_000),
    ("货车司机", "0502021", 4, 108_000), ("建筑工人", "0602010", 5, 78_000), ("电工", "0603008", 4, 90_000),
    ("厨师", "0801005", 2, 72_000), ("农民", "0201001", 3, 38_000), ("保洁员", "0802004", 2, 42_000),
    ("民宿经营者", "0801011", 2, 130_000), ("全职家务", "1901004", 1, 0), ("企业管理人员", "0001010", 1, 320_000),
    ("快递员", "0502030", 4, 86_000), ("仓库管理员", "0503002", 2, 66_000), ("律师", "1301001", 1, 280_000),
)  # fmt: skip
_NATIONS = ("汉",) * 47 + ("满", "回", "壮")
_MARRIED = ("未婚", "已婚", "已婚", "已婚", "离异", "丧偶")
_BANKS = ("华禾银行", "江海银行", "中远商业银行", "惠民农村商业银行", "东方信托储蓄银行")
_TRADES = (
    "科技",
    "商贸",
    "物流",
    "建设工程",
    "食品",
    "医疗器械",
    "纺织",
    "餐饮管理",
    "教育咨询",
    "机电设备",
    "农业发展",
)
_WORDS = (
    "禾丰",
    "瑞澜",
    "博远",
    "鼎沐",
    "恒朗",
    "云栖",
    "盛泓",
    "安屿",
    "拓源",
    "晟禾",
    "景澄",
    "万榕",
    "启岚",
    "中屹",
    "天沐",
)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, an insured or a beneficiary. Money in whole yuan a year, height in cm, weight in kg."""

    name: str
    female: bool
    nation: str
    born: date
    identity_number: str
    identity_from: date
    identity_until: date | None  # None: 长期
    address: Address
    mobile: str
    email: str
    marital_status: str
    employer: str
    occupation: str
    occupation_code: str
    occupation_class: int
    income: int
    height: int
    weight: int
    bank: str
    bank_card: str

    @property
    def sex(self) -> str:
        return "女" if self.female else "男"

    def age(self, on: date) -> int:
        """Return the age in full years."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company that insures itself or its staff. Capital in 万元."""

    name: str
    credit_code: str
    representative: str
    address: Address
    trade: str
    employees: int
    capital: int
    founded: date
    telephone: str
    contact: str
    contact_mobile: str
    bank: str
    bank_account: str


def invent_person(rng: Random, *, on: date, youngest: int = 18, oldest: int = 78) -> Person:
    """Return somebody who is `youngest` to `oldest` years old on `on`."""
    female = rng.random() < 0.49
    born = on - timedelta(days=rng.randint(youngest * 366, oldest * 365))
    address = invent_address(rng)
    origin = address.city if rng.random() < 0.6 else rng.choice(CITIES)
    age = on.year - born.year
    occupation, code, risk, income = _occupation(rng, age)
    identity_from, identity_until = _validity(rng, born, on)
    mobile = mobile_number(rng)
    height = _height(rng, age, female=female)
    return Person(
        name=invent_name(rng, female=female),
        female=female,
        nation=rng.choice(_NATIONS),
        born=born,
        identity_number=identity_number(rng, origin.code, born, female=female),
        identity_from=identity_from,
        identity_until=identity_until,
        address=address,
        mobile=mobile,
        email=f"{mobile[-6:]}@example.com" if rng.random() < 0.4 else "",
        marital_status="未婚" if age < 22 else rng.choice(_MARRIED),
        employer=invent_company_name(rng, address.city.name) if income > 0 and age < 61 else "无",
        occupation=occupation,
        occupation_code=code,
        occupation_class=risk,
        income=int(income * rng.uniform(0.6, 1.9)) // 1000 * 1000,
        height=height,
        weight=int((height / 100) ** 2 * rng.uniform(18.5, 28.5)),
        bank=rng.choice(_BANKS),
        bank_card=bank_card_number(rng),
    )


def _height(rng: Random, age: int, *, female: bool) -> int:
    grown = rng.gauss(160 if female else 172, 6)
    return int(grown if age >= 17 else grown * (0.45 + 0.55 * max(age, 1) / 17))


def invent_people(rng: Random, count: int, *, on: date) -> Iterator[Person]:
    """Yield `count` persons, no two with the same identity number or mobile."""
    seen: set[str] = set()
    while count > 0:
        person = invent_person(rng, on=on)
        if person.identity_number in seen or person.mobile in seen:
            continue
        seen.update((person.identity_number, person.mobile))
        count -= 1
        yield person


def _occupation(rng: Random, age: int) -> tuple[str, str, int, int]:
    if age < 23:
        return ("学生" if age > 5 else "学龄前儿童"), "1901001", 1, 0
    if age > 60:
        return "退休人员", "1901002", 1, 54_000
    return rng.choice(_OCCUPATIONS)


def _validity(rng: Random, born: date, on: date) -> tuple[date, date | None]:
    """Return from when until when a card is good: 5, 10 or 20 years by age at issue, for ever from 46 (居民身份证法 Art. 5)."""
    grown = on - timedelta(days=rng.randint(2650, 3600))  # before the policies of the last seven years
    young = max(born + timedelta(days=30), on - timedelta(days=rng.randint(30, 1700)))
    since = grown if grown.year - born.year >= 16 else young
    age = since.year - born.year
    if age >= 46:
        return since, None
    years = 5 if age < 16 else 10 if age < 26 else 20
    return since, date(since.year + years, since.month, min(since.day, 28))


def invent_company_name(rng: Random, city: str, trade: str = "") -> str:
    """Return the full name of a company of `trade`, or of any."""
    form = "有限公司" if rng.random() < 0.85 else "股份有限公司"
    return f"{city.removesuffix('市')}{rng.choice(_WORDS)}{trade or rng.choice(_TRADES)}{form}"


def invent_organisation(rng: Random, *, on: date) -> Organisation:
    """Return a company founded before `on`."""
    address = invent_address(rng)
    female = rng.random() < 0.5
    trade = rng.choice(_TRADES)
    return Organisation(
        name=invent_company_name(rng, address.city.name, trade),
        credit_code=credit_code(rng, address.city.code),
        representative=invent_name(rng, female=False),
        address=address,
        trade=trade,
        employees=rng.choice((8, 15, 26, 43, 88, 120, 260, 540)),
        capital=rng.choice((50, 100, 200, 500, 1000, 3000, 5000)),
        founded=on - timedelta(days=rng.randint(400, 9000)),
        telephone=landline_number(rng),
        contact=invent_surname(rng) + invent_given_name(rng, female=female),
        contact_mobile=mobile_number(rng),
        bank=rng.choice(_BANKS),
        bank_account=f"{rng.randrange(10**15, 10**16)}",
    )
