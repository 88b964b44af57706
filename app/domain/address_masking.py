"""Addresses masked to the level of a district or county 区/县.

Without a gazetteer a place is read by its form: province (known by name), city, then a short name that ends in
区, 县, 旗 or 市. Words that only look like a district (小区, 社区, 园区, 超市 …) and names with a road or a village in
them end the reading: when in doubt, less is shown.
"""

from __future__ import annotations

import re

_HIDDEN = "****"

_PROVINCE = re.compile(
    "(?:北京|天津|上海|重庆)市?"
    "|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省?"
    "|内蒙古(?:自治区)?|广西(?:壮族自治区)?|西藏(?:自治区)?|宁夏(?:回族自治区)?|新疆(?:维吾尔自治区)?"
    "|(?:香港|澳门)(?:特别行政区)?"
)
# A character inside the name of a place; 路, 道 and 镇 may only begin one (路桥区, 道里区, 镇海区).
_BODY = "(?:(?![路道镇街村巷弄号栋苑区县旗市])[\u3400-\u9fff])"
_CITY_ENDS = "市(?![场集政民])"
_CITY = re.compile(
    f"(?:镇{_BODY}{{1,4}}?|{_BODY}{{2,5}}?){_CITY_ENDS}|{_BODY}{{2}}镇市|{_BODY}{{2,10}}?(?:自治州|地区)|{_BODY}{{2,5}}?盟"
)
_DISTRICT = re.compile(
    f"[道镇]?{_BODY}{{2,15}}?自治[县旗]"
    f"|{_BODY}{{2,6}}?旗"
    f"|(?:[路道镇市]{_BODY}{{0,3}}?|{_BODY}{{1,4}}?)(?:[区县](?![间域道])|{_CITY_ENDS})"
)
_ONLY_LOOKS_LIKE_A_PLACE = re.compile(
    "[小社园校厂库街宅舍活属墅营景公寓装游务业储保税]区$|.矿区$|开发区$|新村区$"
    "|...[东西南北中一二三四五六七八九十]区$"
    "|[超门菜集夜花股上]市$|..城市$|[联同加]盟$"
)


def mask_address(address: str | None) -> str:
    """Return 北京市朝阳区****: nothing finer than a district, and **** alone when no place is recognised."""
    text = re.sub(r"\s+", "", address or "")
    if not text:
        return ""
    shown = 0
    for form in (_PROVINCE, _CITY, _DISTRICT):
        shown = _end_of(form, text, shown)
    return text[:shown] + _HIDDEN


def _end_of(form: re.Pattern[str], text: str, start: int) -> int:
    """Return where the place that begins at `start` ends, or `start` when there is none."""
    match = form.match(text, start)
    if not match or _ONLY_LOOKS_LIKE_A_PLACE.search(match[0]):
        return start
    return match.end()
