"""The words of printed forms: they stay Chinese whatever language the reader's screens have."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.retention import BadPeriod, Period

LEVELS = {1: "内部", 2: "敏感", 3: "秘密", 4: "机密"}
CARRIERS = {"paper": "纸质", "electronic": "电子", "dual": "双套"}
KINDS = {"person": "个人", "organisation": "单位"}
WAYS = {"read": "查阅", "lend": "借出", "copy": "复制", "excerpt": "摘录", "electronic": "电子借阅"}
CONDITIONS = {"intact": "完好", "damaged": "缺损", "short": "缺页"}
DIRECTIONS = {"in": "入", "out": "出"}
REASONS = {
    "loan": "借阅",
    "scan": "数字化",
    "repair": "修复",
    "transfer": "移交",
    "destruction": "销毁",
    "shelving": "上架",
    "count": "盘点",
}
RESULTS = {
    "open": "未盘",
    "found": "相符",
    "missing": "缺失",
    "misplaced": "错位",
    "damaged": "破损",
    "not_in_books": "账外",
    "on_loan_present": "账借实在",
    "away": "不在库",
}
CORRECTIONS = {"none": "", "proposed": "待批准", "approved": "已更正", "refused": "不予更正"}
HALVES = {"am": "上午", "pm": "下午"}
SIGNED = "电子签名"

PURPOSES = {
    "business": "业务查考",
    "claim": "理赔调查",
    "complaint": "投诉处理",
    "lawsuit": "诉讼仲裁",
    "audit": "审计检查",
    "research": "统计研究",
    "justice": "司法、监管调取",
    "data_right": "客户本人查询",
    "appraisal": "司法鉴定",
    "other": "其他",
}
EFFECTS = {
    "settled": "问题已解决",
    "evidence": "作为证据或依据",
    "reference": "供工作参考",
    "nothing": "没有查到所需内容",
    "later": "暂不清楚，以后补登",
}
PAPERS = {
    "officer_1": "办案人员",
    "officer_2": "办案人员",
    "letter": "文号",
    "identity": "身份证件",
    "kinship": "继承关系证明",
    "bag": "封装袋",
}
# What tells of no person is printed whole.
PLAIN_PAPERS = frozenset({"letter", "bag"})
DAMAGES = {
    "acid": "酸化",
    "aged": "老化",
    "mildew": "霉变",
    "insects": "虫蛀",
    "torn": "撕裂",
    "stain": "污染",
    "incomplete": "残缺",
    "stuck": "粘连",
    "ink_spread": "字迹扩散",
    "faded": "褪色",
}
GRADES = {"sound": "完好", "slight": "轻度", "medium": "中度", "severe": "严重", "extreme": "特残破损"}


def say(words: Mapping[str, str], code: str) -> str:
    """Return the word for a code; what has no word is printed as it was typed."""
    return words.get(code, code)


def period_word(code: str) -> str:
    """Return 永久 or 定期10年."""
    try:
        return Period.parse(code).label
    except BadPeriod:
        return code


def tenths(value: int | None) -> str:
    """Return 21.5 for 215, '' for none."""
    return "" if value is None else f"{value / 10:.1f}"


COLOURS = {"colour": "彩色", "grey": "灰度", "bilevel": "黑白"}
DEFECTS = {
    "blurred": "模糊",
    "skewed": "歪斜",
    "border": "黑边",
    "page_missing": "缺页",
    "order": "顺序错",
    "folded": "折角",
    "shows_through": "透印",
    "description": "著录有误",
    "wrong_class": "分类有误",
    "wrong_customer": "归错客户",
}
