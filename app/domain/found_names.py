"""Names in a text: of people after their labels, of the house that wrote the paper, and words worth keeping."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.finds import Find, FindKind, Why, spaced
from app.domain.surnames import COMPOUND, has_surname

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ROLES = (
    "投保人 被保险人 受益人 申请人 出险人 投诉人 授权人 领款人 交款人 交费人 被鉴定人 委托人 客户姓名 受益人姓名 姓名 户名 患者 "
    "持卡人 所有人 当事人 当事人甲 当事人乙 死者 被保险人姓名 投保人姓名 客户签名 申请人签名 投保人签名 投保人签收 "
    "授权人签名 被保险人签名 当事人签名 收件人签名 户主 代办人"
)
_SIGNED = r"(?:\([^()\n]{0,10}\))?(?:签名|签字|签章)?"
_NAME = rf"([{_HAN}]{{2,8}}·[{_HAN}]{{2,10}}|[{_HAN}]{{2,4}}?)"
# Apart from its label a name ends at a blank or a stop, or at the next label; in a sentence, at a word that goes on.
_END = (
    r"(?=[ \n,，。、;；:()（）\d×]|$|性 ?别|民 ?族|出 ?生|年 ?龄|证 ?件|身 ?份|职 ?业|电 ?话|联 ?系|女士|先生|日 ?期)"
)
_GOING_ON = r"(?=[ \n,，。、;；:()（）\d于因在的向负与提]|$|申请|身份)"
_APART = re.compile(rf"({spaced(_ROLES)}){_SIGNED}(?:[ :]{{1,4}}\n?|\n) ?{_NAME}{_END}")
_GLUED = re.compile(rf"({spaced(_ROLES)}){_SIGNED}{_NAME}{_GOING_ON}")
_ADDRESSED = re.compile(rf"尊敬的[ ]?{_NAME}[ ]?(?:女士|先生)")
_ACCEPTED = re.compile(rf"接受[ ]?{_NAME}[ ]?\(")
_NO_NAMES = re.compile(
    "法定|本人|配偶|子女|父母|资料|信息|声明|签名|姓名|关系|证件|性别|被保|投保|职业|与被|应当|保险|公司|同意|已|未|不|是否|电话|"
    "地址|单位|年龄|日期|银行|账|编号|号码|授权|受益|申请|客户|户名|开户|帐|出险|金额|民族|出生"
)
_HOUSE = re.compile(
    rf"[{_HAN}()（）]{{2,30}}?(?:有限责任公司|股份有限公司|有限公司|医院|卫生院|律师事务所|司法鉴定所|鉴定所|交通警察支队|交警大队|"
    r"公安局|派出所|公证处|人民法院|仲裁委员会|支公司|分公司|中心支公司)"
)
_LEAD = re.compile("^(?:本人在|本人|患者在|至|由|向|与|在|致|或者向)")
_NO_HOUSES = re.compile("就诊|加盖|管辖|本证明|有关")
_SHORTEST_HOUSE = 5
_KEYWORDS = re.compile(
    rf"({spaced('险种名称 险种 出院诊断 初步诊断 入院诊断 批改类型 拒赔原因')})[ :]{{1,4}}\n?"
    rf"([{_HAN}()（）0-9A-Za-z、]{{3,30}})"
)


def find_names(text: str) -> Iterator[Find]:
    """Yield the names that stand after a label; `text` must be evened."""
    for pattern in (_APART, _GLUED, _ADDRESSED, _ACCEPTED):
        for match in pattern.finditer(text):
            label = _plain(match[1]) if pattern.groups > 1 else ""
            find = _name(match[pattern.groups], label, match.start(pattern.groups), apart=pattern is _APART)
            if find is not None:
                yield find


def find_houses(text: str) -> Iterator[Find]:
    """Yield companies, hospitals and offices; those at the head wrote the paper."""
    seen: set[str] = set()
    for match in _HOUSE.finditer(text):
        name = _LEAD.sub("", match[0].strip("()（）"))
        if name in seen or len(name) < _SHORTEST_HOUSE or _NO_HOUSES.search(name):
            continue
        seen.add(name)
        heads = text.count("\n", 0, match.start()) < 4
        why = (Why.FORM, Why.PLACE) if heads else (Why.FORM,)
        yield Find(FindKind.ORGANISATION, name, "", match.start(), 0.85 if heads else 0.5, why)


def find_keywords(text: str) -> Iterator[Find]:
    """Yield what a paper is about: products, diagnoses, reasons."""
    for match in _KEYWORDS.finditer(text):
        word = match[2] if match[2].count("(") >= match[2].count(")") else match[2].rpartition(")")[0]
        yield Find(FindKind.KEYWORD, word, _plain(match[1]), match.start(2), 0.8, (Why.LABEL,))


def _name(name: str, label: str, at: int, *, apart: bool) -> Find | None:
    if "·" not in name and _NO_NAMES.search(name):
        return None
    if not has_surname(name):
        return Find(FindKind.NAME, name, label, at, 0.45, (Why.LABEL,)) if apart and len(name) <= 3 else None
    # Four characters are a name with a compound surname, or a name and the beginning of something else.
    score = 0.6 if len(name) == 4 and name[:2] not in COMPOUND else 0.95
    return Find(FindKind.NAME, name, label, at, score, (Why.LABEL, Why.SURNAME))


def _plain(label: str) -> str:
    return label.replace(" ", "")
