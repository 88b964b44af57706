"""Words that are printed or burnt in: Chinese whatever language the reader's screens have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.domain.office_time import CHINA

PLACES: Mapping[str, str] = {"room": "库房", "zone": "区", "row": "列", "bay": "节", "shelf": "层"}
VOLUME = "案卷"
BOX = "盒"
NO_NUMBER = "未编档号"


def mark_lines(name: str, number: str, loan: str, page: int, at: datetime) -> tuple[tuple[str, str], str]:
    """Return what is burnt into a page on loan: who reads and when for the face of it, everything for its foot."""
    reader, when = f"{name}（{number}）", f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    foot = f"{reader}　{when}　借阅单 {loan}　第 {page} 页　仅供本次借阅，不得外传"
    return (reader, f"{when}　{loan}"), foot


def survey_message(unit: str, address: str, until: str) -> str:
    """Return the text of an SMS that asks a customer: no personal datum, and the way out."""
    return (
        f"【{unit}】您好，诚邀您评价我们近期的服务：{address} （{until}前有效，限作答一次）。"
        "自愿参与，不作答不影响您的权益；不愿再收到请回复R。"
    )


SURVEY_SLIP_GREETING = "感谢您选择我们。诚邀您评价我们近期的服务，您的意见将用于改进工作。"
