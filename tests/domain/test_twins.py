"""Pages that came before: scanned again they are the same, filled in by another they are not."""

from __future__ import annotations

from hashlib import sha256
from random import Random

import pytest

from app.domain.twins import Verdict, Weights, compare, fingerprint, prints
from bench.noise import misread
from tests.paper_texts import another_contract, invent, pages_of

KINDS = ("claim_request", "application", "surrender", "discharge_summary", "policy_copy", "survey")


def seal(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def form(kind: str) -> Weights:
    """Return weights that know the blank form from other people's copies."""
    return Weights(fingerprint(page) for seed in range(50, 60) for page in pages_of(kind, seed))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_page_scanned_again_is_the_same(kind: str) -> None:
    page = pages_of(kind, 1)[0]
    again = misread(page, 0.01, Random(2))

    assert compare(fingerprint(page), fingerprint(again), form(kind)).verdict is Verdict.SAME


@pytest.mark.parametrize("kind", KINDS)
def test_another_filled_copy_of_the_form_is_another_page(kind: str) -> None:
    mine, other = fingerprint(pages_of(kind, 1)[0]), fingerprint(pages_of(kind, 2)[0])

    assert compare(mine, other, form(kind)).verdict is Verdict.OTHER
    assert compare(mine, other, Weights()).verdict is not Verdict.SAME


@pytest.mark.parametrize("kind", ["claim_request", "surrender", "policy_copy"])
def test_the_same_person_s_next_form_is_another_page(kind: str) -> None:
    facts = invent(kind, 1)
    next_one = pages_of(kind, 3, another_contract(facts, 3))[0]

    likeness = compare(fingerprint(pages_of(kind, 1, facts)[0]), fingerprint(next_one), form(kind))

    assert likeness.verdict is not Verdict.SAME


def test_a_blank_form_is_not_the_filled_one() -> None:
    page = pages_of("claim_request", 1)[0]
    blank = "\n".join(line for line in page.splitlines() if not any(mark.isdigit() for mark in line))

    assert compare(fingerprint(page), fingerprint(blank), form("claim_request")).verdict is not Verdict.SAME


def test_pages_without_text_are_compared_by_their_pictures() -> None:
    one, near, far = fingerprint("", 0b1111), fingerprint("", 0b1110), fingerprint("", (1 << 40) - 1)

    assert compare(one, near, Weights()).verdict is Verdict.SAME
    assert compare(one, far, Weights()).verdict is Verdict.OTHER
    assert compare(one, fingerprint(""), Weights()).verdict is Verdict.OTHER


@pytest.mark.parametrize("kind", [*KINDS, "charge_list", "check_up"])
def test_a_page_scanned_again_shares_a_print(kind: str) -> None:
    page = pages_of(kind, 4)[-1]

    again = prints(fingerprint(misread(page, 0.01, Random(5))), seal)

    assert set(prints(fingerprint(page), seal)) & set(again)


def test_copies_of_a_form_share_no_print_where_there_are_numbers() -> None:
    mine, other = (prints(fingerprint(pages_of("claim_request", seed)[0]), seal) for seed in (1, 2))

    assert not set(mine) & set(other)


def test_prints_tell_nothing_without_the_key() -> None:
    page = fingerprint("身份证号 110101199003077758 保单号 812026000000001 报案号 R20240706000196")

    made = prints(page, lambda text: sha256(b"key" + text.encode()).hexdigest())

    assert made
    assert not set(made) & set(prints(page, seal))
    assert all("110101" not in mark for mark in made)


def test_dates_alone_do_not_find_a_page() -> None:
    assert not [mark for mark in prints(fingerprint("2026年11月22日 20261122"), lambda text: text) if mark[0] == "n"]
