"""What every search index must do, whatever it is made of."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.search_whoosh import WhooshIndex
from app.domain.search import PartKind, Question, matches, understand
from app.ports import IndexUnavailable, ScopeClause, SearchEntry, SearchIndex

KINDS = frozenset({"customer", "policy", "claim", "document"})
EVERYTHING = [ScopeClause(KINDS, None, None, 4)]
ID_NUMBER = "110101199003070011"

_SURNAMES = "王李张刘陈杨"
_GIVEN = ["芳", "伟", "芳华", "大伟", "秀英", "王芳"]
_SENTENCES = ["责任认定书", "住合肥市蜀山区长江西路", "责任，认定", "意外伤害保险", "由张经理经办", "责任\n认 定"]


def blind(text: str) -> str:
    return blake2b(text.encode(), key=b"index key of the tests", digest_size=8).hexdigest()


def make_entry(key: str = "customer-1", **changes: object) -> SearchEntry:
    kind = key.split("-", maxsplit=1)[0]
    plain = SearchEntry(
        key=key, kind=kind, title="", numbers=(), body="", branch_id=1, agent_id=None, level=1, newest=20_000
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def make_entries(count: int, seed: int = 1) -> list[SearchEntry]:
    chance = random.Random(seed)
    return [
        make_entry(
            f"{chance.choice(sorted(KINDS))}-{number}",
            title=chance.choice(_SURNAMES) + chance.choice(_GIVEN),
            numbers=(f"P{number:012d}", f"1{chance.randrange(3, 10)}9{number:08d}"),
            body="。".join(chance.choices(_SENTENCES, k=3)) + f"证件号{ID_NUMBER[:-3]}{number:03d}投保",
            branch_id=chance.randrange(1, 6),
            agent_id=chance.choice([None, 7, 8]),
            registrar_id=(None, 7, 9)[number % 3],
            level=chance.randrange(1, 5),
            newest=20_000 + chance.randrange(50),
        )
        for number in range(count)
    ]


HALF = frozenset(entry.key for entry in make_entries(300)[::2])


def answers(question: Question, entry: SearchEntry) -> bool:
    """The plain truth that the index is measured by."""
    return matches(question, entry.title, entry.body, *entry.numbers)


def covers(clause: ScopeClause, entry: SearchEntry) -> bool:
    return (
        entry.kind in clause.kinds
        and (clause.branches is None or entry.branch_id in clause.branches)
        and (clause.agent_id is None or entry.agent_id == clause.agent_id)
        and (clause.registrar_id is None or entry.registrar_id == clause.registrar_id)
        and entry.level <= clause.max_level
        and entry.key not in clause.without
    )


def expected(entries: Sequence[SearchEntry], text: str, scope: Sequence[ScopeClause] = EVERYTHING) -> set[str]:
    question = understand(text)
    return {e.key for e in entries if answers(question, e) and any(covers(clause, e) for clause in scope)}


def found(index: SearchIndex, text: str, scope: Sequence[ScopeClause] = EVERYTHING) -> set[str]:
    hits = index.search(text, scope, limit=10_000)
    assert len(hits.keys) == len(set(hits.keys)) == hits.total
    return set(hits.keys)


@pytest.fixture(params=[WhooshIndex], ids=["whoosh"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    made = request.param(tmp_path / "index", blind=blind)
    yield made
    made.close()


@pytest.fixture
def filled(index: SearchIndex) -> SearchIndex:
    index.rebuild(make_entries(300))
    return index


# --- finding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "张",
        "芳",
        "王芳",
        "责任认",
        "责任认定",
        "合肥市",
        "王芳 责任",
        "p000000000123",
        "P000000000123 张",
        "长江西路 芳",
    ],
)
def test_every_occurrence_is_found(filled: SearchIndex, text: str) -> None:
    assert found(filled, text) == expected(make_entries(300), text)


def test_a_number_glued_to_chinese_is_found(filled: SearchIndex) -> None:
    assert found(filled, ID_NUMBER[:-3] + "042") == expected(make_entries(300), ID_NUMBER[:-3] + "042")
    assert len(found(filled, ID_NUMBER[:-3] + "042")) == 1


def test_a_whole_policy_number_finds_its_entry_and_no_other(filled: SearchIndex) -> None:
    keys = found(filled, "Ｐ０００００００００１２３")

    assert keys == {entry.key for entry in make_entries(300) if entry.key.endswith("-123")}
    assert not found(filled, "P00000000012")


def test_an_archive_number_is_found_whole_and_by_parts(index: SearchIndex) -> None:
    index.rebuild(
        [
            make_entry("document-1", numbers=["J019-ZY·CB·2024·D30-00318"]),
            make_entry("document-2", numbers=["J019-ZY·CB·2024·D30-00319"]),
        ]
    )

    assert found(index, "J019-ZY·CB·2024·D30-00318") == {"document-1"}
    assert found(index, "j019-zy•cb•2024•d30－00318") == {"document-1"}
    assert found(index, "J019ZYCB2024D3000318") == {"document-1"}
    assert found(index, "D30-00319") == {"document-2"}
    assert found(index, "2024·D30") == {"document-1", "document-2"}


def test_a_number_is_found_with_and_without_its_marks(index: SearchIndex) -> None:
    index.rebuild(
        [
            make_entry("policy-1", numbers=["PA20240001"]),
            make_entry("policy-2", body="保单PA-2024-0001，电话138-1234-5678"),
        ]
    )

    assert found(index, "PA-2024-0001") == found(index, "pa20240001") == {"policy-1", "policy-2"}
    assert found(index, "13812345678") == found(index, "138 1234 5678") == {"policy-2"}


def test_all_words_must_be_found(filled: SearchIndex) -> None:
    assert found(filled, "王芳 保险") == found(filled, "王芳") & found(filled, "保险")


@pytest.mark.parametrize("text", ["", "  ", "*", "?", "？！", "字" * 500])
def test_a_question_without_words_finds_nothing(filled: SearchIndex, text: str) -> None:
    assert filled.search(text, EVERYTHING).total == 0


@pytest.mark.parametrize(
    "text", ["王*", "?芳", "title:王芳", '"王芳"', "王芳~2", "[a TO z]", "NOT 王芳", "王芳 OR 张", "\\"]
)
def test_query_syntax_has_no_meaning(filled: SearchIndex, text: str) -> None:
    assert found(filled, text) == expected(make_entries(300), text)


def test_a_wildcard_is_never_expanded(index: SearchIndex) -> None:
    index.rebuild([make_entry(title="*")])

    assert found(index, "*") == set()


# --- scope and counts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope",
    [
        [],
        [ScopeClause(frozenset({"customer"}), None, None, 4)],
        [ScopeClause(KINDS, frozenset({2, 3}), None, 2)],
        [ScopeClause(KINDS, frozenset(), None, 4)],
        [ScopeClause(KINDS, None, 7, 4)],
        [ScopeClause(KINDS, None, None, 0)],
        [ScopeClause(KINDS, None, None, 4, registrar_id=7)],
        [ScopeClause(KINDS, frozenset({1, 2}), 7, 3, registrar_id=9)],
        [ScopeClause(KINDS, None, None, 4, without=HALF)],
        [ScopeClause(KINDS, None, 7, 4, without=HALF), ScopeClause(KINDS, None, None, 4, registrar_id=9)],
        [ScopeClause(KINDS, None, None, 4, without=frozenset({"claim-unknown", ""}))],
        [ScopeClause(frozenset({"claim"}), frozenset({1}), None, 1), ScopeClause(frozenset({"document"}), None, 8, 3)],
    ],
)
def test_nothing_outside_the_scope_is_found_or_counted(filled: SearchIndex, scope: list[ScopeClause]) -> None:
    entries = {entry.key: entry for entry in make_entries(300)}
    for text in ("张", "责任认", "P000000000123"):
        hits = filled.search(text, scope, limit=1000)

        assert set(hits.keys) == expected(list(entries.values()), text, scope)
        assert hits.total == len(hits.keys)
        counted = {kind: sum(entries[key].kind == kind for key in hits.keys) for kind in KINDS}
        assert dict(hits.by_kind) == {kind: count for kind, count in counted.items() if count}


def test_what_is_left_out_is_found_again_by_everybody_else(filled: SearchIndex) -> None:
    key = sorted(expected(make_entries(300), "张"))[0]
    barred = [replace(EVERYTHING[0], without=frozenset({key}))]

    before, without, after = (found(filled, "张", scope) for scope in (EVERYTHING, barred, EVERYTHING))

    assert before == after == without | {key}
    assert key not in without


def test_what_is_left_out_stays_so_when_it_is_written_again(filled: SearchIndex) -> None:
    entry = next(entry for entry in make_entries(300) if "张" in entry.title)
    barred = [replace(EVERYTHING[0], without=frozenset({entry.key}))]
    assert entry.key not in found(filled, "张", barred)

    filled.apply([replace(entry, body="改后")], [])

    assert entry.key not in found(filled, "张", barred)
    assert entry.key in found(filled, "改后")
    assert found(filled, "改后", barred) == set()


def test_kinds_narrow_the_hits_but_not_the_counts_by_kind(filled: SearchIndex) -> None:
    everything = filled.search("张", EVERYTHING, limit=1000)

    claims = filled.search("张", EVERYTHING, kinds=frozenset({"claim"}), limit=1000)

    assert claims.keys == [key for key in everything.keys if key.startswith("claim-")]
    assert claims.total == everything.by_kind["claim"] == len(claims.keys)
    assert claims.by_kind == everything.by_kind


@pytest.mark.parametrize("text", ["责任", "张", "P000000000123 张"])
def test_pages_follow_each_other_without_gap_or_repeat(filled: SearchIndex, text: str) -> None:
    everything = list(filled.search(text, EVERYTHING, limit=1000).keys)

    pages = [list(filled.search(text, EVERYTHING, offset=start, limit=9).keys) for start in range(0, 310, 9)]

    assert [key for page in pages for key in page] == everything
    assert filled.search(text, EVERYTHING, limit=0).total == len(everything)


def test_own_numbers_come_first_then_titles_then_the_newest(index: SearchIndex) -> None:
    index.rebuild(
        [
            make_entry("customer-1", body="张三 P777", newest=9),
            make_entry("customer-2", title="张三 P777", newest=1),
            make_entry("customer-3", title="张三 P777", newest=2),
            make_entry("customer-4", body="张三", numbers=["P777"], newest=0),
            make_entry("customer-5", title="张三", body="P777", newest=8),
        ]
    )

    assert index.search("张三 P777", EVERYTHING).keys == [f"customer-{n}" for n in (4, 3, 2, 1, 5)]
    assert index.search("张三", EVERYTHING).keys == [f"customer-{n}" for n in (5, 3, 2, 1, 4)]


# --- changes ---------------------------------------------------------------------------------------


def test_a_change_is_seen_at_once_and_what_it_replaced_is_gone(filled: SearchIndex) -> None:
    for round_number in range(40):
        filled.apply([make_entry("customer-new", title=f"欧阳{chr(0x4E00 + round_number)}")], [])

        assert found(filled, "欧阳") == {"customer-new"}
        assert found(filled, f"欧阳{chr(0x4E00 + round_number)}") == {"customer-new"}
        assert not round_number or found(filled, f"欧阳{chr(0x4E00 + round_number - 1)}") == set()


def test_a_dropped_entry_is_gone_at_once(filled: SearchIndex) -> None:
    key = next(iter(found(filled, "P000000000123")))

    filled.apply([], [key])

    assert found(filled, "P000000000123") == set()
    assert key not in found(filled, "责任认")
    filled.apply([], [key, "customer-never-was"])


def test_applying_twice_is_applying_once(filled: SearchIndex) -> None:
    entries = make_entries(20, seed=5)
    filled.apply(entries, ["customer-1"])
    before = found(filled, "责任")

    filled.apply(entries, ["customer-1"])

    assert found(filled, "责任") == before


def test_of_two_entries_with_one_key_the_later_stands(index: SearchIndex) -> None:
    twice = [make_entry(title="旧名"), make_entry("customer-2"), make_entry(title="新名")]

    assert index.rebuild(twice) == 2
    assert found(index, "旧名") == set()
    assert found(index, "新名") == {"customer-1"}

    index.apply([make_entry(title="甲"), make_entry(title="乙")], ())

    assert found(index, "甲") == set()
    assert found(index, "乙") == {"customer-1"}


def test_what_is_both_new_and_gone_is_gone(filled: SearchIndex) -> None:
    filled.apply([make_entry("customer-9999", title="欧阳")], ["customer-9999"])

    assert found(filled, "欧阳") == set()


def test_a_rebuild_replaces_everything(filled: SearchIndex) -> None:
    assert filled.rebuild([make_entry(title="欧阳")]) == 1
    assert found(filled, "欧阳") == {"customer-1"}
    assert found(filled, "责任") == set()
    assert filled.rebuild([]) == 0
    assert found(filled, "欧阳") == set()


def test_there_is_no_answer_without_an_index(index: SearchIndex) -> None:
    with pytest.raises(IndexUnavailable):
        index.search("王芳", EVERYTHING)
    with pytest.raises(IndexUnavailable):
        index.apply([make_entry()], [])


# --- anything at all -------------------------------------------------------------------------------

_alphabet = st.sampled_from("王芳张责任a1Ｚ９0 -·，\n")
_texts = st.text(_alphabet, max_size=12)
_entries = st.builds(
    make_entry,
    st.builds("{}-{}".format, st.sampled_from(sorted(KINDS)), st.integers(1, 12)),
    title=_texts,
    body=_texts,
    numbers=st.lists(_texts, max_size=2),
    branch_id=st.integers(1, 3),
    agent_id=st.sampled_from([None, 1, 2]),
    level=st.integers(1, 4),
    newest=st.integers(0, 3),
)
_clauses = st.builds(
    ScopeClause,
    st.frozensets(st.sampled_from(sorted(KINDS))),
    st.none() | st.frozensets(st.integers(1, 3)),
    st.sampled_from([None, 1]),
    st.integers(1, 4),
)
_changes = st.tuples(st.lists(_entries, max_size=4), st.lists(st.sampled_from(["customer-1", "claim-2"]), max_size=2))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_entries, max_size=8),
    st.lists(_changes, max_size=12),
    st.lists(st.tuples(_texts, st.lists(_clauses, max_size=3)), min_size=1, max_size=6),
)
def test_an_index_finds_all_that_the_plain_search_finds(
    index: SearchIndex,
    first: list[SearchEntry],
    changes: list[tuple[list[SearchEntry], list[str]]],
    questions: list[tuple[str, list[ScopeClause]]],
) -> None:
    truth = {entry.key: entry for entry in first}
    index.rebuild(first)
    for entries, gone in changes:
        truth |= {entry.key: entry for entry in entries}
        truth = {key: entry for key, entry in truth.items() if key not in gone}
        index.apply(entries, gone)

    for text, scope in questions:
        keys = found(index, text, scope)

        assert keys >= expected(list(truth.values()), text, scope)
        assert all(key in truth and any(covers(clause, truth[key]) for clause in scope) for key in keys)
        assert all(_holds_the_pieces(understand(text), truth[key]) for key in keys)


def _holds_the_pieces(question: Question, entry: SearchEntry) -> bool:
    """What even a candidate must satisfy: all pairs of neighbours of a phrase stand somewhere in the entry."""
    pairs = [pair for part in question.parts if part.kind is PartKind.PHRASE for pair in part.readings[0]]
    return all(answers(understand(pair), entry) for pair in pairs)
