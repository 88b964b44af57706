"""What the codes of surveys say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "question.none": _l("还没有题目，请先添加。"),
    "question.too_many": _l("一份问卷最多 40 题。"),
    "question.overall_twice": _l("只能有一题作为总体满意度，请先取消另一题的。"),
    "question.overall_no_scale": _l("总体满意度须为 1–5 分的题目。"),
    "question.nps_twice": _l("一份问卷只能有一道推荐意愿题。"),
    "question.key": _l("题目的内部编号有误，请删去后重新添加。"),
    "question.key_twice": _l("两道题的内部编号相同，请删去一题后重新添加。"),
    "question.text_missing": _l("请填写题目。"),
    "question.text_long": _l("题目最多 300 字。"),
    "question.basis_long": _l("依据最多 120 字。"),
    "question.kind_fixed": _l("这道题已经发布过，题型不能改；需要别的题型请另加一题。"),
    "question.choices_count": _l("请填写 2 至 12 个选项。"),
    "question.choices_needless": _l("这种题型没有选项。"),
    "question.choice_key": _l("选项的内部编号有误，请删去后重新填写。"),
    "question.choice_missing": _l("选项不能空白。"),
    "question.choice_twice": _l("有两个选项文字相同。"),
    "question.choice_long": _l("选项最多 60 字。"),
    "question.condition_later": _l("只能以前面的题目为条件。"),
    "question.condition_answer": _l("作为条件的回答已不存在，请重新选择。"),
    "question.condition_mixed": _l("条件只能取自同一道题，请只在一道题下勾选。"),
    "question.others_depend": _l("有别的题目以这道题或它的选项为条件，请先修改那些题目。"),
    "survey.title": _l("请填写问卷名称，最多 80 字。"),
    "survey.words_long": _l("最多 500 字。"),
    "survey.low_score": _l("请填写 0 至 5 的整数；0 表示不跟进。"),
    "survey.low_nps": _l("请填写 -1 至 10 的整数；-1 表示不跟进。"),
    "survey.valid_days": _l("请填写 1 至 365 的天数。"),
    "survey.source": _l("请从列表中选择以哪份问卷开始。"),
    "survey.has_draft": _l("已经有一份草稿，请直接修改它。"),
    "survey.first_draft": _l("这是唯一的版本，不能放弃。"),
    "survey.no_draft": _l("没有草稿。已发布的版本不能修改，请先改出新版本。"),
    "survey.changed": _l("刚才有人改过这份问卷，页面已按最新内容显示，请核对后再办。"),
    "survey.not_in_use": _l("这份问卷已经停用。"),
}
