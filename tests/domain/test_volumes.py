"""The life of a volume, how papers are put into volumes and in order, how pages are counted, what is wrong with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import WrongState
from app.domain.volume_order import Paper, in_order
from app.domain.volumes import (
    STEPS,
    Bound,
    Condition,
    Fault,
    Measure,
    VolumeState,
    VolumeStep,
    claim_title,
    condition_note,
    find_faults,
    first_and_last,
    gather,
    longest_period,
    measure_from,
    moved,
    next_state,
    number_pages,
    part_word,
    policy_title,
    split,
    state_of,
)

MEASURE = Measure()


@dataclass(frozen=True)
class Sheaf:
    """So many pages."""

    page_count: int


def sheaves(*counts: int) -> list[Sheaf]:
    """Items of so many pages."""
    return [Sheaf(count) for count in counts]


def counts(parts: list[list[Sheaf]]) -> list[list[int]]:
    """The pages of each volume."""
    return [[item.page_count for item in part] for part in parts]


def paper(number: int, title: str = "", kind: str = "", category: str = "32", day: int = 1, policy: str = "") -> Paper:
    """A paper of January."""
    return Paper(number, title, kind, category, date(2026, 1, day), f"J019-{number}", policy)


@pytest.mark.parametrize(("state", "step"), list(product(VolumeState, VolumeStep)))
def test_only_declared_steps_are_taken(state: VolumeState, step: VolumeStep) -> None:
    if (state, step) in STEPS:
        assert next_state(state, step) is STEPS[state, step]
    else:
        with pytest.raises(WrongState, match=f"volume.is_{state.value}"):
            next_state(state, step)


def test_the_check_is_told_from_its_moment() -> None:
    assert [state_of("open", False), state_of("closed", False), state_of("closed", True)] == list(VolumeState)


@pytest.mark.parametrize(
    ("pages", "double", "millimetres"), [(0, False, 0), (1, False, 1), (200, False, 20), (201, True, 11)]
)
def test_thickness_comes_from_sheets(pages: int, double: bool, millimetres: int) -> None:
    assert Measure(double_sided=double).thickness(pages) == millimetres


def test_settings_make_the_measure() -> None:
    assert measure_from({}) == MEASURE
    assert measure_from({"volume_most_pages": "150", "volume_double_sided": "1"}) == Measure(150, 20, 10, True)


def test_items_fill_volumes_and_are_never_split() -> None:
    assert counts(split(sheaves(120, 80, 1, 250, 10), MEASURE)) == [[120, 80], [1], [250], [10]]
    assert counts(split(sheaves(0, 0, 200), MEASURE)) == [[0, 0], [200]]
    assert split([], MEASURE) == []


def test_policies_stay_together_unless_one_fits_into_no_volume() -> None:
    bundles = [sheaves(90, 20), sheaves(80), sheaves(20), sheaves(150, 100), sheaves(5)]

    assert counts(gather(bundles, MEASURE)) == [[90, 20, 80], [20], [150], [100], [5]]


@given(st.lists(st.integers(0, 300), max_size=40), st.integers(20, 300))
def test_no_volume_is_too_thick_but_for_one_item_and_nothing_is_lost(pages: list[int], most: int) -> None:
    measure = Measure(most_pages=most)

    parts = split(sheaves(*pages), measure)

    assert [item.page_count for part in parts for item in part] == pages
    assert all(len(part) == 1 or measure.holds(sum(item.page_count for item in part)) for part in parts)


@given(st.lists(st.integers(0, 50), max_size=40))
def test_page_numbers_run_from_one_without_gap_or_double(pages: list[int]) -> None:
    spans = [span for span in number_pages(pages) if span is not None]

    assert [page for first, last in spans for page in range(first, last + 1)] == list(range(1, sum(pages) + 1))


@pytest.mark.parametrize(
    ("moving", "position", "order"), [(3, 1, [3, 1, 2]), (1, 9, [2, 3, 1]), (2, 2, [1, 2, 3]), (2, -4, [2, 1, 3])]
)
def test_an_item_goes_to_its_place_and_the_others_make_room(moving: int, position: int, order: list[int]) -> None:
    assert moved([1, 2, 3], moving, position) == order


def test_without_a_lawsuit_the_decision_leads_a_claim() -> None:
    papers = [
        paper(1, "理赔申请书", "claim_request", "31", 2),
        paper(2, "病历", day=1),
        paper(3, "拒赔通知书", "refusal_notice", "34", 9),
        paper(4, "关于同意通融赔付的批复", "", "53", 8),
        paper(5, "赔付核定通知", "", "33", 7),
    ]

    assert [found.id for found in in_order("claim", papers)] == [4, 5, 3, 2, 1]


def test_with_a_lawsuit_the_judgment_leads_whether_told_or_found() -> None:
    papers = [paper(1, "理赔决定通知书", "decision_notice", "33"), paper(2, "民事判决书", "", "52", 9)]

    assert [found.id for found in in_order("claim", papers)] == [2, 1]
    assert [found.id for found in in_order("claim", [*papers[:1], paper(3)], litigated=True)] == [1, 3]


def test_underwriting_goes_by_policy_and_then_as_the_process_goes() -> None:
    kinds = [
        "endorsement",
        "policy_copy",
        "premium_receipt",
        "health_declaration",
        "identity_card",
        "application",
        "surrender",
    ]
    papers = [paper(at, kind, kind, "", policy="P2") for at, kind in enumerate(kinds)]
    papers += [paper(20, "保险单", "", "21", policy="P1"), paper(21, "人身保险投保单", "", "22", policy="P1")]

    ruled = in_order("policy", papers)

    assert [found.title for found in ruled] == [
        *("人身保险投保单", "保险单"),
        *("application", "identity_card", "health_declaration", "policy_copy", "premium_receipt"),
        *("endorsement", "surrender"),
    ]


def test_other_volumes_go_by_date_and_what_has_none_comes_last() -> None:
    undated = Paper(9, "", "", "11", None, "")

    assert [found.id for found in in_order("customer", [undated, paper(2, day=5), paper(1, day=3)])] == [1, 2, 9]


def bound(pages: int, first: int | None, position: int, year: int = 2026, state: str = "filed") -> Bound:
    """An item in its place."""
    return Bound(pages, first, None if first is None else first + pages - 1, position, year, state)


@pytest.mark.parametrize(
    ("items", "kind", "faults"),
    [
        ([bound(2, 1, 1), bound(3, 3, 2)], "policy", []),
        ([], "claim", [(Fault.EMPTY, "")]),
        ([bound(2, 1, 1), bound(3, 4, 2)], "policy", [(Fault.GAP, "")]),
        ([bound(2, 1, 1), bound(3, 3, 3)], "policy", [(Fault.GAP, "")]),
        ([bound(0, None, 1)], "policy", [(Fault.PAGES_MISSING, "1")]),
        ([bound(1, 1, 1, state="catalogued")], "policy", [(Fault.NOT_FILED, "1")]),
        ([bound(201, 1, 1)], "claim", [(Fault.TOO_MANY_PAGES, "201"), (Fault.TOO_THICK, "21")]),
        ([bound(1, 1, 1), bound(1, 2, 2, 2025)], "policy", [(Fault.MIXED_YEARS, "2025、2026")]),
        ([bound(1, 1, 1), bound(1, 2, 2, 2025)], "claim", []),
    ],
)
def test_what_is_wrong_is_found(items: list[Bound], kind: str, faults: list[tuple[Fault, str]]) -> None:
    assert [(found.fault, found.much) for found in find_faults(items, MEASURE, kind=kind)] == faults


def test_the_longest_period_counts() -> None:
    assert longest_period(["D10", "D30", "D5"]) == "D30"
    assert longest_period(["D30", "Y", "odd"]) == "Y"


def test_days_span_what_is_known() -> None:
    assert first_and_last([date(2026, 2, 1), None, date(2026, 1, 1)]) == (date(2026, 1, 1), date(2026, 2, 1))
    assert first_and_last([None]) == (None, None)


def test_the_note_says_what_is_not_as_it_should_be() -> None:
    assert condition_note(Condition(3, 7)) == "本卷共 3 件，7 页。文件齐全完整，无缺损。"
    assert condition_note(Condition(3, 7, [2], [1, 3], ["诊断证明"])) == (
        "本卷共 3 件，7 页。第 2 件为复制件，未归原件。第 1、3 件有破损，已送修。欠：诊断证明，补到后另行补入。"
    )


def test_titles_are_of_who_what_and_which() -> None:
    assert claim_title("王*", "住院医疗给付", "C1") == "王*住院医疗给付案卷（赔案号C1）"
    assert claim_title("王*", "车损赔付", "C1", 2) == "王*车损赔付案卷（赔案号C1）（卷二）"
    assert policy_title("张*", "平安福终身寿险", ["P1"], papers="投保资料") == "张*平安福终身寿险投保资料（保单号P1）"
    assert policy_title("张*", "", ["P1", "P7"], papers="投保资料") == "投保资料（保单号P1至P7，2 份）"
    assert [part_word(part) for part in (1, 9, 10, 11, 20, 35, 100)] == [
        *("卷一", "卷九", "卷十", "卷十一"),
        *("卷二十", "卷三十五", "卷100"),
    ]
