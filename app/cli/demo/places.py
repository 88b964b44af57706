"""Where invented people live: real cities, invented roads and house numbers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class City:
    """A prefecture: its first four digits of GB/T 2260, names, the letter on its car plates and a postcode's head."""

    code: str
    province: str
    name: str
    districts: tuple[str, ...]
    plate: str
    post: str


CITIES = (
    City("3201", "江苏省", "南京市", ("玄武区", "秦淮区", "建邺区", "鼓楼区", "江宁区"), "苏", "2100"),
    City("3205", "江苏省", "苏州市", ("姑苏区", "虎丘区", "吴中区", "相城区"), "苏", "2150"),
    City("3301", "浙江省", "杭州市", ("上城区", "拱墅区", "西湖区", "滨江区", "余杭区"), "浙", "3100"),
    City("3302", "浙江省", "宁波市", ("海曙区", "江北区", "鄞州区", "镇海区"), "浙", "3150"),
    City("3401", "安徽省", "合肥市", ("瑶海区", "庐阳区", "蜀山区", "包河区"), "皖", "2300"),
    City("3502", "福建省", "厦门市", ("思明区", "湖里区", "集美区", "同安区"), "闽", "3610"),
    City("3701", "山东省", "济南市", ("历下区", "市中区", "槐荫区", "天桥区"), "鲁", "2500"),
    City("3702", "山东省", "青岛市", ("市南区", "市北区", "崂山区", "城阳区"), "鲁", "2660"),
    City("4101", "河南省", "郑州市", ("中原区", "二七区", "金水区", "惠济区"), "豫", "4500"),
    City("4201", "湖北省", "武汉市", ("江岸区", "江汉区", "武昌区", "洪山区", "江夏区"), "鄂", "4300"),
    City("4301", "湖南省", "长沙市", ("芙蓉区", "天心区", "岳麓区", "开福区", "雨花区"), "湘", "4100"),
    City("4401", "广东省", "广州市", ("越秀区", "海珠区", "天河区", "白云区", "番禺区"), "粤", "5100"),
    City("4406", "广东省", "佛山市", ("禅城区", "南海区", "顺德区", "三水区"), "粤", "5280"),
    City("5101", "四川省", "成都市", ("锦江区", "青羊区", "金牛区", "武侯区", "成华区"), "川", "6100"),
    City("6101", "陕西省", "西安市", ("新城区", "碑林区", "莲湖区", "雁塔区", "未央区"), "陕", "7100"),
    City("2101", "辽宁省", "沈阳市", ("和平区", "沈河区", "大东区", "皇姑区"), "辽", "1100"),
    City("5301", "云南省", "昆明市", ("五华区", "盘龙区", "官渡区", "西山区"), "云", "6500"),
    City("6501", "新疆维吾尔自治区", "乌鲁木齐市", ("天山区", "沙依巴克区", "新市区"), "新", "8300"),
)
_ROAD_HEADS = (
    "青禾",
    "望江",
    "稻香",
    "云帆",
    "枫桥",
    "栖霞",
    "杏林",
    "澄湖",
    "长乐",
    "锦绣",
    "梧桐",
    "安平",
    "石榴",
    "映月",
    "听松",
    "白鹭",
)
_ROAD_TAILS = ("路", "街", "大道", "巷", "东路", "西路", "南街", "北路")
_ESTATES = ("花园", "小区", "家园", "新村", "公寓", "雅苑", "名邸")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in its parts; `str()` writes it as on a form."""

    city: City
    district: str
    street: str
    postcode: str

    def __str__(self) -> str:
        return f"{self.city.province}{self.city.name}{self.district}{self.street}"


def invent_address(rng: Random, city: City | None = None) -> Address:
    """Return an address in `city`, or anywhere."""
    home = city or rng.choice(CITIES)
    street = f"{rng.choice(_ROAD_HEADS)}{rng.choice(_ROAD_TAILS)}{rng.randint(1, 398)}号"
    return Address(home, rng.choice(home.districts), street + _door(rng), f"{home.post}{rng.randrange(100):02d}")


def _door(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.25:
        return ""
    estate = f"{rng.choice(_ROAD_HEADS)}{rng.choice(_ESTATES)}" if kind < 0.7 else ""
    return f"{estate}{rng.randint(1, 36)}幢{rng.randint(1, 4)}单元{rng.randint(1, 28)}{rng.randint(1, 4):02d}室"


def invent_hospital(rng: Random, city: City) -> str:
    """Return a hospital with a number higher than any city has."""
    return f"{city.name}第{rng.choice(('二十一', '二十二', '二十六', '二十七', '三十一', '三十三'))}人民医院"
