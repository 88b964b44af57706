"""First letters of pinyin: what people type to find a kind of paper."""

from __future__ import annotations

import pytest

from app.domain.paper_types import BY_CODE
from app.domain.pinyin import initials


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("投保单", "tbd"),
        ("身份证复印件", "sfzfyj"),
        ("啊座", "az"),
        ("理赔申请书（A）", "lpsqsa"),
        ("", ""),
        ("鑫🙂", ""),
    ],
)
def test_common_characters_give_their_first_letter(text: str, letters: str) -> None:
    assert initials(text) == letters


def test_every_kind_of_paper_is_found_by_its_letters() -> None:
    assert not [kind.name for kind in BY_CODE.values() if len(initials(kind.name)) < 2]
