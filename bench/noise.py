"""What a reader of images makes of a text, imitated: look-alikes, lost and doubled characters, broken and joined lines."""

from __future__ import annotations

from random import Random

_ALIKE = {
    "0": "OoD8", "1": "lI7", "2": "Z", "3": "8", "5": "S6", "6": "8b", "7": "1", "8": "B3", "9": "g", "O": "0", "I": "1",
    "己": "已", "日": "曰", "未": "末", "人": "入", "大": "太", "土": "士", "保": "堡", "单": "単", "险": "检脸",
    "书": "节", "请": "清", "赔": "陪", "院": "皖", "证": "征", "费": "赀", "申": "甲", "理": "埋", "期": "斯", "号": "兮",
    "告": "吿", "金": "全", "户": "尸", "名": "各", "姓": "性", "病": "疠", "诊": "珍", "王": "玉", "张": "弘", "刘": "対",
}  # fmt: skip
_STRANGE = "的一是了我不在有他这上们来到时国说要就出会可也你对生能而子那得于着下自之年过发后作里"


def misread(text: str, rate: float, rng: Random) -> str:
    """Return `text` with about `rate` of its characters wrong; rows of a table may fall apart into lines."""
    return "".join(_misread(character, rate, rng) for character in text) if rate else text


def _misread(character: str, rate: float, rng: Random) -> str:
    if character == " " and rng.random() < 0.3:
        return "\n"
    if character.isspace() or rng.random() >= rate:
        return character
    lot = rng.random()
    if lot < 0.6:
        return rng.choice(_ALIKE.get(character, _STRANGE if not character.isascii() else "0123456789"))
    return "" if lot < 0.85 else character * 2
