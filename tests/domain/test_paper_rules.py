"""Kinds of papers told by their words: from the first day, with reasons, forgiving a misread character."""

from __future__ import annotations

from random import Random

import pytest

from app.cli.demo.forms import KINDS
from app.domain.categories import SEED as CLASSES
from app.domain.paper_rules import guess
from app.domain.paper_types import BY_CODE, SEED, fill_title
from app.domain.sorting import blend
from app.domain.titles import check_title
from bench.noise import misread
from tests.paper_texts import text_of


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_the_demo_is_told_by_its_words(kind: str) -> None:
    found = guess(text_of(kind, 7))

    assert found[0].code == kind
    assert found[0].score > 0.6
    assert found[0].why


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_three_misread_characters_in_a_hundred_change_nothing(kind: str) -> None:
    found = guess(misread(text_of(kind, 8), 0.03, Random(8)))

    assert found[0].code == kind


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"identity_card"}))
def test_a_page_whose_head_is_torn_off_is_told_by_its_body(kind: str) -> None:
    torn = "\n".join(text_of(kind, 9).splitlines()[4:])

    assert guess(torn)[0].code == kind


def test_a_title_with_one_character_wrong_is_still_a_title() -> None:
    assert guess("安禾人寿保险股份有限公司\n理陪决定通知书\n")[0].code == "decision_notice"


def test_a_number_of_a_policy_does_not_make_a_policy() -> None:
    found = guess("保单号：812026000000001")

    assert not [one for one in found if one.code == "policy_copy" and one.score > 0.5]


def test_an_empty_page_is_of_no_kind() -> None:
    assert guess("") == []
    assert guess("今天天气很好，我们去公园。") == []


def test_each_reason_stands_in_the_text() -> None:
    text = text_of("surrender", 3)

    why = guess(text)[0].why

    bare = "".join(character for character in text if character.isalnum())
    assert all(word in bare for word in why[:3])


def test_there_are_enough_kinds_and_each_has_its_class() -> None:
    assert len(SEED) >= 35
    assert len(BY_CODE) == len(SEED)
    assert {seed.category_code for seed in SEED} <= {category.code for category in CLASSES}
    assert set(KINDS) <= set(BY_CODE)


@pytest.mark.parametrize("seed", SEED, ids=lambda seed: seed.code)
def test_each_title_is_a_good_one(seed: object) -> None:
    pattern = BY_CODE[getattr(seed, "code", "")].title_pattern

    title = fill_title(pattern, {"name": "张**", "matter": "安禾佑安重大疾病保险", "policy": "812026000000001"})

    assert check_title(title) == []
    assert "{" not in title


def test_a_bracket_without_its_number_is_left_out() -> None:
    pattern = "{name}理赔申请书（赔案号{claim}）"

    assert fill_title(pattern, {"name": "王*"}) == "王*理赔申请书"
    assert fill_title(pattern, {"name": "王*", "claim": "C1"}) == "王*理赔申请书（赔案号C1）"


def test_what_the_model_never_saw_is_left_to_the_rules() -> None:
    rules = guess(text_of("lawyer_letter", 4))

    together = blend(rules, [("surrender", 0.2), ("application", 0.1)])

    assert together[0].code == "lawyer_letter"
    assert together[0].score > 0.7 * rules[0].score


def test_a_model_that_is_sure_outweighs_the_rules() -> None:
    rules = guess(text_of("lawyer_letter", 4))

    together = blend(rules, [("complaint", 0.99), ("lawyer_letter", 0.01)])

    assert together[0].code == "complaint"
