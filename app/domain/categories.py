"""The two-level classification 分类方案 as it is shipped: a seed for an editable table.

Five classes of records with their sub-classes. Each row gives the series code of its archive numbers, the level of
confidentiality and the retention period that new items start with, and the basis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.levels import Level


@dataclass(frozen=True, slots=True)
class CategorySeed:
    """A class (code of one digit) or a sub-class (two digits, the first is its class)."""

    code: str
    name: str
    series: str
    level: Level
    period: str
    basis: str

    @property
    def parent(self) -> str | None:
        """The code of the class above, None for a class."""
        return self.code[:-1] or None


_INSURANCE_ACT = "保险法第八十七条：保险合同终止之日起，一年以下不少于五年，超过一年不少于十年"
_LAUNDERING_ACT = "反洗钱法（2024）第三十四条：业务关系结束后至少保存十年"
_SUITABILITY = "金融机构产品适当性管理办法第十七条：合同关系终止后不少于五年"
_COMPLAINTS = "银行业保险业消费投诉处理管理办法第二十八条：登记与档案管理"
_DISPUTES = "保监发〔2017〕54号第十三条：纠纷结束后至少再保存二年；从长"
_OWN_RULE = "本单位保管期限表"

_MARKS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INTERNAL, _SENSITIVE, _SECRET, _CONFIDENTIAL = Level

SEED: tuple[CategorySeed, ...] = (
    CategorySeed("1", "基本信息类", "KH", _SENSITIVE, "D10", _LAUNDERING_ACT),
    CategorySeed("11", "身份信息", "KH", _SENSITIVE, "D10", _LAUNDERING_ACT),
    CategorySeed("12", "联系方式", "KH", _SENSITIVE, "D10", _LAUNDERING_ACT),
    CategorySeed("13", "职业与收入", "KH", _SENSITIVE, "D10", _LAUNDERING_ACT),
    CategorySeed("14", "健康信息", "KH", _SECRET, "D10", _INSURANCE_ACT),
    CategorySeed("2", "投保记录类", "CB", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("21", "保单信息", "CB", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("22", "投保申请表", "CB", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("23", "附加条款", "CB", _INTERNAL, "D10", _INSURANCE_ACT),
    CategorySeed("24", "保全变更", "BQ", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("25", "保费收付", "CB", _SENSITIVE, "D10", _LAUNDERING_ACT),
    CategorySeed("26", "未承保件", "CB", _SENSITIVE, "D5", _SUITABILITY),
    CategorySeed("3", "理赔记录类", "LP", _SECRET, "D10", _INSURANCE_ACT),
    CategorySeed("31", "理赔申请表", "LP", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("32", "理赔证明材料", "LP", _SECRET, "D10", _INSURANCE_ACT),
    CategorySeed("33", "理赔结果", "LP", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("34", "拒赔与诉讼", "LP", _CONFIDENTIAL, "D30", _DISPUTES),
    CategorySeed("4", "客户服务类", "KF", _SENSITIVE, "D5", _OWN_RULE),
    CategorySeed("41", "咨询记录", "KF", _INTERNAL, "D5", _OWN_RULE),
    CategorySeed("42", "投诉记录", "TS", _SECRET, "D10", _COMPLAINTS),
    CategorySeed("43", "满意度调查", "HF", _INTERNAL, "D5", _OWN_RULE),
    CategorySeed("44", "回访记录", "HF", _SENSITIVE, "D10", _INSURANCE_ACT),
    CategorySeed("5", "其他相关材料", "QT", _SENSITIVE, "D10", _OWN_RULE),
    CategorySeed("51", "信用评估报告", "QT", _SECRET, "D10", _OWN_RULE),
    CategorySeed("52", "法律文件", "FL", _SECRET, "D30", _OWN_RULE),
    CategorySeed("53", "其他", "QT", _INTERNAL, "D10", _OWN_RULE),
)


def top_level() -> tuple[CategorySeed, ...]:
    """Return the five classes."""
    return tuple(row for row in SEED if row.parent is None)


def children_of(code: str) -> tuple[CategorySeed, ...]:
    """Return the sub-classes of a class, in order."""
    return tuple(row for row in SEED if row.parent == code)


def next_code(parent: str, taken: Iterable[str]) -> str | None:
    """Return the next code for a sub-class of `parent`: 11 … 19, 1A … 1Z; None when the class is full.

    Codes are never given again, so it follows the highest one taken.
    """
    last = max((_MARKS.index(code[-1]) for code in taken if code[:-1] == parent and code[-1] in _MARKS), default=-1)
    return f"{parent}{_MARKS[last + 1]}" if last + 1 < len(_MARKS) else None
