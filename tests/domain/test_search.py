"""Folding, tokens, questions, exact matches and highlights must tell one story."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.folding import fold, fold_with_origin
from app.domain.search import (
    MAX_QUESTION,
    Part,
    PartKind,
    Unclear,
    highlight_spans,
    matches,
    needs_blinding,
    tokens_of,
    understand,
)

ID_NUMBER = "110101199003070011"
ARCHIVE_NUMBER = "J019-ZY·CB·2024·D30-00318"

_LETTERS = "王芳张责任认定保a1Z９é０x"
_JOINTS = " -·./_\n，*?(　‐•"
texts = st.text(alphabet=_LETTERS + _JOINTS + "138 62000000", max_size=60)
wild_texts = st.text(max_size=40)


def finds(question: str, *texts: str) -> bool:
    return matches(understand(question), *texts)


def candidate(part: Part, text: str) -> bool:
    """What an index answers for one part."""
    tokens = tokens_of(text)
    return any(set(reading) <= tokens for reading in part.readings)


def marked(question: str, text: str) -> list[str]:
    return [text[start:end] for start, end in highlight_spans(understand(question), text)]


# --- folding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｐ００１２３", "p00123"),
        ("J019－ZY•CB", "j019-zy·cb"),
        ("王\u200b芳\ufeff", "王芳"),
        ("王　芳", "王 芳"),
        ("⻓城 ⼈民", "长城 人民"),
        ("Cafe\u0301", "café"),
        ("㎡①", "m21"),
        ("\ud800王\x00", "王 "),
    ],
)
def test_what_looks_alike_is_folded_alike(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(wild_texts | texts)
def test_folding_with_places_gives_the_same_text(text: str) -> None:
    folded, origin = fold_with_origin(text)

    assert folded == fold(text)
    assert len(origin) == len(folded)
    assert all(0 <= start < end <= len(text) for start, end in origin)


# --- tokens ----------------------------------------------------------------------------------------


def test_chinese_is_found_by_characters_and_neighbours() -> None:
    assert tokens_of("责任认") == {"责", "任", "认", "责任", "任认"}


def test_a_number_glued_to_chinese_is_a_token_of_its_own() -> None:
    assert ID_NUMBER in tokens_of(f"证件号{ID_NUMBER}投保")


@pytest.mark.parametrize("number", ["P000000000777", ID_NUMBER, "11010119900307001X", "PDAA202411010000012345"])
def test_an_identifier_stays_one_token(number: str) -> None:
    assert tokens_of(number) == {number.lower()}


def test_an_archive_number_is_found_whole_by_parts_and_without_marks() -> None:
    for question in (ARCHIVE_NUMBER, "00318", "D30-00318", "zy·cb·2024", "J019ZYCB2024D3000318", "Ｊ０１９－ＺＹ"):
        assert finds(question, f"档号：{ARCHIVE_NUMBER}。")

    assert not finds("J019-ZY·CB·2024·D31-00318", ARCHIVE_NUMBER)
    assert not finds("0318", ARCHIVE_NUMBER)


@pytest.mark.parametrize("written", ["138-1234-5678", "138 1234 5678", "１３８ １２３４ ５６７８", "13812345678"])
def test_a_telephone_number_in_groups_is_one_number(written: str) -> None:
    assert tokens_of(f"电话{written}。") == {"电", "话", "电话", "13812345678"}
    assert finds("13812345678", f"电话{written}。")
    assert finds("138-1234-5678", f"电话{written}。")
    assert not finds("1234", f"电话{written}。")


def test_no_group_of_a_card_number_is_found_alone() -> None:
    assert tokens_of("6222 0212 3456 7890 123") == {"6222021234567890123"}
    assert tokens_of("021-65551234") == {"02165551234", "65551234"}


@pytest.mark.parametrize("question", ["2024", "2024-03", "2024年", "2024/03/15", "20240315", "03-15"])
def test_dates_are_found_by_year_and_month(question: str) -> None:
    assert finds(question, "2024-03-15，2024年3月")


def test_spans_of_dates_and_amounts_keep_their_parts() -> None:
    assert finds("2023", "保险期间2020.01.01-2023.12.31")
    assert finds("1234567", "金额1234567.89元")


def test_only_long_numbers_need_blinding() -> None:
    assert needs_blinding(ID_NUMBER)
    assert needs_blinding("p00000777")
    assert not needs_blinding("2024-03")
    assert not needs_blinding("beneficiary")


# --- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("", Unclear.EMPTY),
        (" 　\n", Unclear.EMPTY),
        ("\u200b", Unclear.EMPTY),
        ("*", Unclear.ONLY_MARKS),
        ("？！（）《》…", Unclear.ONLY_MARKS),
        ("字" * (MAX_QUESTION + 1), Unclear.TOO_LONG),
        ("ﷺ" * 20, Unclear.TOO_LONG),
    ],
)
def test_what_cannot_be_asked_says_why(text: str, unclear: Unclear) -> None:
    question = understand(text)

    assert question.unclear is unclear
    assert question.parts == ()
    assert not matches(question, text)


def test_a_question_falls_into_parts_that_know_what_they_are() -> None:
    question = understand("张  责任认 P000000000777 Smith 张")

    assert [(part.kind, part.text) for part in question.parts] == [
        (PartKind.CHARACTER, "张"),
        (PartKind.PHRASE, "责任认"),
        (PartKind.IDENTIFIER, "p000000000777"),
        (PartKind.WORD, "smith"),
    ]
    assert question.unclear is None


def test_all_words_are_wanted() -> None:
    assert finds("王芳 合肥", "投保人王芳，住合肥市")
    assert not finds("王芳 芜湖", "投保人王芳，住合肥市")


def test_words_may_stand_in_different_texts_but_no_word_across_two() -> None:
    assert finds("王芳 合肥", "王芳", "合肥市")
    assert not finds("芳合", "王芳", "合肥市")


@pytest.mark.parametrize("text", ["责任\n认定", "责 任 认 定", "责任认定书", "责·任认定"])
def test_blanks_between_chinese_characters_mean_nothing(text: str) -> None:
    assert finds("责任认定", text)


def test_punctuation_parts_chinese() -> None:
    assert not finds("责任认定", "责任，认定")


def test_query_syntax_is_only_punctuation() -> None:
    assert [part.text for part in understand('title:王* OR NOT "芳"~2 [a TO b]').parts] == [
        "title",
        "王",
        "or",
        "not",
        "芳",
        "2",
        "a",
        "to",
        "b",
    ]


@given(st.text(alphabet=_LETTERS + _JOINTS, max_size=20), texts)
@example("138-1234-5678", "A-138-1234-5678")
@example("芳张", "王芳 张")
@example("1-1-1", "1-1.1_1")
def test_the_index_misses_nothing_that_matches(question: str, text: str) -> None:
    understood = understand(question)

    if matches(understood, text):
        assert all(candidate(part, text) for part in understood.parts)


@given(texts | wild_texts)
@example("62 138 1234 5678 9")
def test_a_text_asked_as_a_question_finds_itself(text: str) -> None:
    question = understand(text)

    assert matches(question, text) == bool(question.parts)


@given(st.text(alphabet="王芳责任认定A1 ·\n，", max_size=40), st.data())
def test_every_stretch_of_chinese_is_found(text: str, data: st.DataObject) -> None:
    closed_up = [part.text for part in understand(text.replace(" ", "").replace("\n", "")).parts]
    for chinese in (part for part in closed_up if part.isalpha() and not part.isascii()):
        start = data.draw(st.integers(0, len(chinese) - 1))
        end = data.draw(st.integers(start + 1, len(chinese)))

        assert finds(chinese[start:end], text)


# --- highlights ------------------------------------------------------------------------------------


def test_highlights_lie_in_the_original_text() -> None:
    text = f"投保人王　芳，证件号{ID_NUMBER}；Ｐ００７７；王芳"

    assert marked("王芳", text) == ["王　芳", "王芳"]
    assert marked(f"p0077 {ID_NUMBER}", text) == [ID_NUMBER, "Ｐ００７７"]


def test_highlights_of_archive_numbers_cover_what_was_asked() -> None:
    assert marked("D30-00318", f"档号{ARCHIVE_NUMBER}") == ["D30-00318"]
    assert marked("2024", f"档号{ARCHIVE_NUMBER}") == ["2024"]
    assert marked("J019ZYCB2024D3000318", f"档号{ARCHIVE_NUMBER}") == [ARCHIVE_NUMBER]


def test_touching_highlights_become_one() -> None:
    assert marked("王芳 芳华 华", "王芳华") == ["王芳华"]
    assert marked("cafe\u0301 王芳", "un cafe\u0301，王芳") == ["cafe\u0301", "王芳"]


@given(st.text(alphabet=_LETTERS + _JOINTS, max_size=12), texts | wild_texts)
def test_there_is_a_highlight_for_every_part_that_matches(question: str, text: str) -> None:
    understood = understand(question)
    spans = highlight_spans(understood, text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    for part in understood.parts:
        alone = type(understood)((part,))
        assert bool(highlight_spans(alone, text)) == matches(alone, text)
