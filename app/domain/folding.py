"""Text as it is compared when searching: one width, one letter case, one kind of blank, hyphen and middle dot.

Nothing that is kept or shown goes through here (see `normal.py` for that): folding rewrites rare characters of
names, which is right only because question and text are rewritten alike. Characters are folded one by one, each
with the marks that belong to it, so that a place in the folded text leads back to its place in the original.
"""

from __future__ import annotations

import unicodedata

# PDF text layers write radicals instead of characters; NFKC knows only some of them.
_RADICALS = dict(
    zip(
        map(ord, "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰"),
        "民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙",
        strict=True,
    )
)
_MARKS = dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("•‧∙⋅・●˙", "·") | {"⁄": "/"}


class _Folding(dict[int, str]):
    """Folds one character; remembers those it has met."""

    def __missing__(self, code: int) -> str:
        compatible = unicodedata.normalize("NFKC", _RADICALS.get(code, chr(code))).casefold()
        self[code] = folded = "".join(map(_settle, compatible))
        return folded


def _settle(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Mn", "Me"}:
        return ""
    return " " if category in {"Cc", "Zs", "Zl", "Zp"} else _MARKS.get(character, character)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return `text` as it is compared: half width, one letter case, one kind of blank, hyphen and middle dot."""
    if unicodedata.is_normalized("NFC", text):
        return text.translate(_FOLDING)
    return "".join(map(_fold_cluster, _clusters(text)))


def _fold_cluster(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster).translate(_FOLDING)


def _clusters(text: str) -> list[str]:
    """Cut `text` into characters, each with the marks that belong to it (e + ´ is one character é)."""
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.combining(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def fold_with_origin(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the folded text and for each of its characters the stretch of `text` that it came from."""
    folded: list[str] = []
    origin: list[tuple[int, int]] = []
    at = 0
    for cluster in text if unicodedata.is_normalized("NFC", text) else _clusters(text):
        became = _fold_cluster(cluster)
        folded.append(became)
        origin += [(at, at + len(cluster))] * len(became)
        at += len(cluster)
    return "".join(folded), origin
