"""The sorter of texts: learns, ranks, keeps its model without code in it, doubts what it never saw."""

from __future__ import annotations

import io
import zipfile
from random import Random

import pytest

from app.adapters.sorter_sklearn import LinearSorter
from bench.noise import misread
from tests.paper_texts import text_of

KINDS = ("application", "surrender", "claim_request", "discharge_summary", "lawyer_letter")


@pytest.fixture(scope="module")
def model() -> bytes:
    pairs = [(text_of(kind, seed), kind) for kind in KINDS for seed in range(12)]
    return LinearSorter().train([text for text, _ in pairs], [kind for _, kind in pairs])


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_put_where_those_like_it_were_put(model: bytes, kind: str) -> None:
    ranked = LinearSorter().rank(model, [misread(text_of(kind, 90), 0.03, Random(1))])[0]

    assert ranked[0][0] == kind
    assert ranked[0][1] > 0.8
    assert sum(share for _, share in ranked) <= 1.0001


def test_what_it_never_saw_it_doubts(model: bytes) -> None:
    ranked = LinearSorter().rank(model, ["今天天气很好，我们去公园玩", ""])

    assert all(share < 0.5 for ranks in ranked for _, share in ranks)


def test_a_model_holds_no_code_and_no_numbers_of_customers(model: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(model)) as packed:
        names, head = packed.namelist(), packed.read("head.json").decode()

    assert sorted(names) == ["arrays.npz", "head.json"]
    assert len(model) < 3_000_000
    assert not any(digit in head.partition('"words"')[2] for digit in "123456789")


def test_two_kinds_are_enough() -> None:
    sorter = LinearSorter()

    model = sorter.train(["投保单 投保人", "律师函 律师事务所"] * 3, ["a", "b"] * 3)

    assert sorter.rank(model, ["律师事务所函"])[0][0][0] == "b"
    assert sorter.rank(model, ["投保人填写投保单"])[0][0][0] == "a"


def test_one_kind_is_nothing_to_tell_apart() -> None:
    with pytest.raises(ValueError):
        LinearSorter().train(["投保单", "投保单"], ["a", "a"])


def test_the_same_papers_make_the_same_model() -> None:
    texts, labels = ["投保单 投保人", "律师函 律师事务所"] * 3, ["a", "b"] * 3
    sorter = LinearSorter()

    first, second = sorter.train(texts, labels), sorter.train(texts, labels)

    assert first == second


@pytest.mark.parametrize("damaged", [b"", b"PK\x03\x04", b"no model at all", b"\x80\x04\x95"])
def test_what_is_no_model_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        LinearSorter().rank(damaged, ["投保单"])


def test_a_model_cut_short_is_refused(model: bytes) -> None:
    with pytest.raises(ValueError):
        LinearSorter().rank(model[: len(model) // 2], ["投保单"])


def test_arrays_with_objects_in_them_are_refused(model: bytes) -> None:
    import numpy as np

    arrays = io.BytesIO()
    np.savez(arrays, rarity=np.array([object()]), lines=np.zeros((1, 1)), shift=np.zeros(1))
    with zipfile.ZipFile(io.BytesIO(model)) as packed:
        head = packed.read("head.json")
    forged = io.BytesIO()
    with zipfile.ZipFile(forged, "w") as packed:
        packed.writestr("head.json", head)
        packed.writestr("arrays.npz", arrays.getvalue())

    with pytest.raises(ValueError):
        LinearSorter().rank(forged.getvalue(), ["投保单"])
