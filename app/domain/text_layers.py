"""Is the text layer of a PDF page what stands on the page? Then nothing has to be read off its image.

Three kinds of layers are not: none or almost none (a scan, perhaps with a stamp or a footer in letters), one whose letters
lost their meaning (fonts without a map: replacement characters, private use, rare characters at random), and one that a
reader of Latin script made of Chinese (single letters and signs).
"""

from __future__ import annotations

import re

ENOUGH = 60  # letters: a footer or a watermark over a scan has fewer
_MOST_LOST = 0.02  # of all characters
_LEAST_LETTERS = 0.5  # of all characters but blanks: the rest is signs
_LEAST_COMMON = 0.8  # of the Chinese ones: 97 of 100 in a true text, 18 of 100 in one made at random
_LEAST_LONG = 0.6  # of Latin letters that stand in a word of three or more
_LONG_WORD = re.compile(r"[A-Za-z]{3,}")
_FIRST_RARE = 0xD8  # lead byte of GB 2312: level 1 holds the 3,755 common characters


def is_good_layer(text: str) -> bool:
    """Say whether `text`, the layer of one page, may stand for what is on the page."""
    solid = [char for char in text if not char.isspace()]
    letters = [char for char in solid if char.isalnum()]
    if len(letters) < ENOUGH or len(letters) < _LEAST_LETTERS * len(solid):
        return False
    if sum(map(_is_lost, solid)) > _MOST_LOST * len(solid):
        return False
    chinese = [char for char in letters if "\u3400" <= char <= "\u9fff"]
    if sum(map(_is_common, chinese)) < _LEAST_COMMON * len(chinese):
        return False
    return _has_words(text, len(letters))


def _has_words(text: str, letters: int) -> bool:
    """Say whether Latin letters make words, where they are more than half of all."""
    latin = sum(char.isascii() and char.isalpha() for char in text)
    in_words = sum(len(word) for word in _LONG_WORD.findall(text))
    return 2 * latin <= letters or in_words >= _LEAST_LONG * latin


def _is_lost(char: str) -> bool:
    return char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or ord(char) >= 0xF0000


def _is_common(char: str) -> bool:
    lead = char.encode("gb2312", "ignore")[:1]
    return bool(lead) and lead[0] < _FIRST_RARE
