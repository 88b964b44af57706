"""First letters of pinyin, to choose from a long list by typing: 投保单 is `tbd`.

GB 2312 lists its 3755 common characters by pinyin, so where a character lies in GBK tells its first letter. Rarer characters
are listed by stroke and give none. Of a character with several readings it is the one under which it is listed.
"""

from __future__ import annotations

from bisect import bisect_right

# Where each letter begins; no reading begins with i, u or v.
_BEGINS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = tuple(letter.encode("gbk") for letter in _BEGINS)
_LAST = "座".encode("gbk")


def initials(text: str) -> str:
    """Return the letter of each common character, and letters and digits as they are, in lower case."""
    return "".join(_letter(character) for character in text)


def _letter(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    place = character.encode("gbk", "ignore")
    if not _STARTS[0] <= place <= _LAST:
        return ""
    return _LETTERS[bisect_right(_STARTS, place) - 1]
