"""Rates, the interval of the NPS, and what small samples keep back."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.survey_figures import NpsFigures, ScaleFigures, Share, shown_rows


def test_a_scale_is_summed_up_by_the_formulas_of_the_trade() -> None:
    figures = ScaleFigures({1: 5, 2: 5, 3: 10, 4: 40, 5: 40})

    assert figures.n == 100
    assert figures.mean == pytest.approx(4.05)
    assert figures.hundred == pytest.approx(76.25)
    assert figures.satisfied.percent == pytest.approx(80)
    assert figures.delighted.percent == pytest.approx(40)


@pytest.mark.parametrize("n", [0, 1, 29])
def test_below_thirty_no_figure_is_told(n: int) -> None:
    scale, nps = ScaleFigures({5: n}), NpsFigures(n, 0, n)

    assert (scale.mean, scale.hundred, scale.satisfied.percent, scale.delighted.percent) == (None, None, None, None)
    assert (nps.score, nps.interval, Share(n, n).percent) == (None, None, None)
    assert scale.n == n


def test_thirty_are_enough() -> None:
    assert ScaleFigures({5: 30}).satisfied.percent == 100
    assert Share(0, 30).percent == 0


def test_the_nps_is_promoters_less_detractors() -> None:
    figures = NpsFigures.of({10: 30, 9: 20, 8: 10, 7: 10, 6: 15, 0: 15})

    assert (figures.promoters, figures.detractors, figures.n) == (50, 30, 100)
    assert figures.score == pytest.approx(20)


def test_the_interval_is_the_adjusted_wald() -> None:
    """By hand: 26.75 and 8.75 of 39, so 0.46154 ± 1.959964 · sqrt((0.91026 − 0.46154²) / 39)."""
    interval = NpsFigures(26, 8, 36).interval

    assert interval is not None
    assert interval[0] == pytest.approx(19.95, abs=0.01)
    assert interval[1] == pytest.approx(72.36, abs=0.01)


def test_the_interval_has_a_width_when_all_agree() -> None:
    interval = NpsFigures(50, 0, 50).interval

    assert interval is not None
    assert interval[0] < 98
    assert interval[1] == 100


@given(st.integers(0, 400), st.integers(0, 400), st.integers(30, 400))
def test_the_interval_is_whole_and_narrows_with_the_sample(promoters: int, detractors: int, passives: int) -> None:
    n = promoters + detractors + passives
    one = NpsFigures(promoters, detractors, n)
    more = NpsFigures(promoters * 9, detractors * 9, n * 9)

    assert one.interval is not None
    assert more.interval is not None
    assert -100 <= one.interval[0] < one.interval[1] <= 100
    assert more.interval[1] - more.interval[0] < one.interval[1] - one.interval[0]
    assert isclose(one.score or 0, 100 * (promoters - detractors) / n, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([], ()),
        ([30, 40], (True, True)),
        ([29], (False,)),
        ([100, 50, 10], (True, False, False)),
        ([100, 50, 20, 20], (True, True, False, False)),
        ([100, 50, 5, 5], (True, False, False, False)),
        ([100, 0, 40], (True, False, True)),
        ([60, 10], (False, False)),
    ],
)
def test_small_rows_are_hidden_and_not_told_by_the_total(sizes: list[int], shown: tuple[bool, ...]) -> None:
    assert shown_rows(sizes) == shown


@given(st.lists(st.integers(0, 120), max_size=12))
def test_what_is_hidden_is_never_few_unless_all_is(sizes: list[int]) -> None:
    shown = shown_rows(sizes)

    hidden = [size for size, is_shown in zip(sizes, shown, strict=True) if size and not is_shown]
    assert all(size >= 30 for size, is_shown in zip(sizes, shown, strict=True) if is_shown)
    if hidden and any(shown):
        assert len(hidden) > 1
        assert sum(hidden) >= 30
