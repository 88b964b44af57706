"""Chinese personal names that sound right: frequent surnames weighted, compound ones, and now and then a rare character."""

from __future__ import annotations

from itertools import accumulate
from random import Random

# Rough shares per thousand of the population, so that 王 and 李 crowd a list as they do in any branch office.
_SURNAME_WEIGHTS = {
    "王": 72, "李": 70, "张": 66, "刘": 53, "陈": 46, "杨": 31, "黄": 23, "赵": 22, "吴": 21, "周": 20, "徐": 15, "孙": 14,
    "马": 13, "朱": 13, "胡": 12, "郭": 12, "何": 11, "林": 11, "高": 10, "罗": 9, "郑": 9, "梁": 8, "谢": 8, "宋": 7,
    "唐": 7, "许": 7, "韩": 7, "邓": 6, "冯": 6, "曹": 6, "彭": 6, "曾": 6, "肖": 6, "田": 5, "董": 5, "潘": 5, "袁": 5,
    "蔡": 5, "蒋": 5, "余": 5, "于": 5, "杜": 5, "叶": 5, "程": 4, "魏": 4, "苏": 4, "吕": 4, "丁": 4, "任": 4, "卢": 4,
    "姚": 4, "沈": 4, "钟": 4, "姜": 4, "崔": 4, "谭": 4, "陆": 4, "范": 3, "汪": 3, "廖": 3, "石": 3, "金": 3, "韦": 3,
    "贾": 3, "夏": 3, "付": 3, "方": 3, "邹": 3, "熊": 3, "白": 3, "孟": 3, "秦": 3, "邱": 3, "侯": 3, "江": 3, "尹": 2,
    "薛": 2, "闫": 2, "段": 2, "雷": 2, "龙": 2, "黎": 2, "史": 2, "陶": 2, "贺": 2, "毛": 2, "郝": 2, "顾": 2, "龚": 2,
    "邵": 2, "万": 2, "覃": 2, "武": 2, "钱": 2, "戴": 2, "严": 2, "莫": 2, "孔": 2, "向": 2, "常": 2, "区": 1, "单": 1,
    "仇": 1, "解": 1, "查": 1, "盖": 1, "逄": 1, "亓": 1, "仉": 1, "禤": 1, "麴": 1, "粘": 1,
}  # fmt: skip
_COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "令狐", "慕容", "端木", "夏侯")
_MALE = "伟强磊军洋勇杰涛超明刚平辉鹏华飞波斌宇浩凯健俊帆帅旭宁龙林阳建文志国庆东海峰亮成松柏翔博睿泽轩晨毅诚启航振家荣"
_FEMALE = "芳娜敏静丽艳娟霞秀桂兰玲燕红梅莉萍玉凤洁颖琳雪慧婷倩莹雅欣怡佳晶蓉岚瑶菲蕾婉清月荷菊淑珍琴云妍悦涵诗梦若彤"
_RARE = "喆犇翀龑祎珺燚堃淼垚昇玥峣璟赟甯槿骉祺瑄頔彧飏䶮㛃𬱖𫖯"
_MINORITY = ("阿不力米提·热合曼", "古丽娜尔·买买提", "阿依古丽·吐尔逊", "扎西·次仁", "卓玛·央金", "巴特尔·苏和")  # fmt: skip

_SURNAMES = tuple(_SURNAME_WEIGHTS)
_CUMULATIVE = tuple(accumulate(_SURNAME_WEIGHTS.values()))


def invent_surname(rng: Random) -> str:
    """Return a surname; about one in eighty is compound."""
    if rng.random() < 0.0125:
        return rng.choice(_COMPOUND_SURNAMES)
    return rng.choices(_SURNAMES, cum_weights=_CUMULATIVE)[0]


def invent_given_name(rng: Random, *, female: bool) -> str:
    """Return one or two characters; about one name in thirty holds a rare character, some outside the basic plane."""
    pool = _FEMALE if female else _MALE
    first = rng.choice(_RARE) if rng.random() < 0.035 else rng.choice(pool)
    if rng.random() < 0.27:
        return first
    return first + rng.choice(pool)


def invent_name(rng: Random, *, female: bool) -> str:
    """Return a full name; a few in a thousand are written with the middle dot of the minorities' names."""
    if rng.random() < 0.004:
        return rng.choice(_MINORITY)
    return invent_surname(rng) + invent_given_name(rng, female=female)
