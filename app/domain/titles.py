"""Titles 题名 of catalogued items: 责任者 + 事由 + 文种, neither vague nor lengthy.

Example: 王*住院医疗给付案卷（赔案号…）. Warnings only: an archivist may know better.
"""

from __future__ import annotations

import re
from enum import StrEnum

from app.domain.normal import clean_text

LONGEST_TITLE = 120
_SHORTEST_TITLE = 4

# 文种: with what words a title ends, so that a reader knows what sort of paper it is.
_TYPES = (
    "书 单 表 证 照 函 卷 册 报告 证明 凭证 记录 通知 协议 合同 发票 清单 病历 小结 照片 材料 资料 问卷 回执 声明 授权 "
    "意见 笔录 登记 副本 抄件 存根 簿 影像 收据 批复 决定 目录 档案 摘要 条款 说明 复印件 签名 账单 台账 录音 索引 附件 规定 办法 纪要 信"
)
DOCUMENT_TYPES = tuple(_TYPES.split())

_TRAILING_REMARK = re.compile(r"(?:[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]|[0-9])+$")
_VAGUE_WHOLE = re.compile(
    r"(?:新建)?(?:文件|文档|资料|材料|图片|图像|照片|扫描件?|附件|其他|其它|杂项|无标题|未命名|未知|测试|test|scan|image|untitled)"
    r"[\s_\-()（）0-9]*",
    re.IGNORECASE,
)
_VAGUE_PART = re.compile(
    r"有关(?:材料|资料|文件)|相关(?:材料|资料|文件)|若干|一批|一些|等等|某某|XX|ＸＸ|××|\bIMG[_\-]?\d+|\bDSC[_\-]?\d+|微信图片"
    r"|\.(?:pdf|jpe?g|png|tiff?|docx?|xlsx?)\b",
    re.IGNORECASE,
)


class TitleWarning(StrEnum):
    """What is wrong with a title."""

    EMPTY = "title.empty"
    ONLY_PUNCTUATION = "title.only_punctuation"
    TOO_SHORT = "title.too_short"
    TOO_LONG = "title.too_long"
    VAGUE = "title.vague"
    MISSING_DOCUMENT_TYPE = "title.missing_document_type"


def suggest_title(author: str, subject: str, document_type: str) -> str:
    """Return 责任者 + 事由 + 文种 without saying a part twice."""
    author, subject, document_type = map(clean_text, (author, subject, document_type))
    title = subject if subject.startswith(author) else author + subject
    return title if title.endswith(document_type) else title + document_type


def check_title(title: str) -> list[TitleWarning]:
    """Return what a person should look at, nothing when the title is good."""
    cleaned = clean_text(title)
    if not cleaned:
        return [TitleWarning.EMPTY]
    if not any(character.isalnum() for character in cleaned):
        return [TitleWarning.ONLY_PUNCTUATION]
    return [warning for warning, applies in _FAULTS if applies(cleaned)]


def _is_too_short(title: str) -> bool:
    return len(title) < _SHORTEST_TITLE


def _is_too_long(title: str) -> bool:
    return len(title) > LONGEST_TITLE


def _is_vague(title: str) -> bool:
    return bool(_VAGUE_WHOLE.fullmatch(title) or _VAGUE_PART.search(title))


def _lacks_document_type(title: str) -> bool:
    # Only the end counts, and a pasted page of brackets must not keep the expression busy.
    return not _TRAILING_REMARK.sub("", title[-LONGEST_TITLE:]).rstrip(" 》”\"'").endswith(DOCUMENT_TYPES)


_FAULTS = (
    (TitleWarning.TOO_SHORT, _is_too_short),
    (TitleWarning.TOO_LONG, _is_too_long),
    (TitleWarning.VAGUE, _is_vague),
    (TitleWarning.MISSING_DOCUMENT_TYPE, _lacks_document_type),
)
