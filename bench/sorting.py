"""Knowing what papers are: kinds, numbers on them, and which came before; on invented papers with a reader's mistakes.

The texts are those of the demo's forms for people that neither rules nor model met; the rules were written by somebody who
knew these forms, so their figures flatter them: pages whose head is torn off are measured as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from app.adapters.sorter_sklearn import LinearSorter
from app.cli.demo.contracts import Facts, invent_claim, invent_facts, invent_policy
from app.cli.demo.forms import KINDS
from app.cli.demo.pages import page_texts
from app.domain.extracting import extract
from app.domain.finds import FindKind
from app.domain.paper_rules import guess
from app.domain.sorting import blend
from app.domain.twins import Fingerprint, Verdict, Weights, compare, fingerprint, prints
from bench.noise import misread
from bench.table import Figure, figure

ON = date(2026, 11, 1)
RATES = (0.0, 0.01, 0.02, 0.03)
LEARNT_EACH, HELD_OUT_EACH = 30, 10
COPIES, KNOWN_COPIES = 10, 12
KIND_GOAL, FOUND_GOAL, RIGHT_GOAL = 95, 95, 99
TORN = 4  # lines of a head that is torn off
# Copies of these say the same for the same person, whenever they are made.
_SAME_FOR_EVER = frozenset({"identity_card", "household_register", "business_licence"})
_KINDS_OF_NUMBERS = {
    "identity numbers": (FindKind.IDENTITY,),
    "policy numbers": (FindKind.POLICY,),
    "claim and report numbers": (FindKind.CLAIM, FindKind.REPORT),
    "telephones": (FindKind.PHONE,),
    "names": (FindKind.NAME,),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper whose kind and people are known."""

    kind: str
    facts: Facts
    pages: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)


def run() -> list[Figure]:
    """Return what was measured."""
    learnt_from = list(_papers(LEARNT_EACH, 1_000_000))
    held_out = list(_papers(HELD_OUT_EACH, 5_000_000))
    return [*_sorting(learnt_from, held_out), *_extraction(held_out), *_twins()]


def _papers(each: int, start: int) -> Iterator[Paper]:
    """Yield papers of every kind of people whose serials begin at `start`."""
    for place, (code, kind) in enumerate(KINDS.items()):
        serial, made = start + place * 10_000, 0
        while made < each:
            facts = invent_facts(Random(serial), serial, on=ON)
            if kind.fits(facts):
                made += 1
                yield Paper(code, facts, tuple(page_texts(code, facts, Random(serial))))
            serial += 1


def _sorting(learnt_from: Sequence[Paper], held_out: Sequence[Paper]) -> list[Figure]:
    sorter = LinearSorter()
    texts = [misread(paper.text, 0.01, Random(at)) for at, paper in enumerate(learnt_from)]
    began = time.perf_counter()
    model = sorter.train(texts, [paper.kind for paper in learnt_from])
    figures = [
        figure(f"learning {len(texts)} papers of {len(KINDS)} kinds", [time.perf_counter() - began], "s", goal=30),
        figure("size of the model", [len(model) / 1e6], "MB", goal=5),
    ]
    for rate in RATES:
        read = [misread(paper.text, rate, Random(at)) for at, paper in enumerate(held_out)]
        figures += _accuracies(sorter, model, held_out, read, f"{rate:.0%} misread")
    torn = [misread("\n".join(paper.text.splitlines()[TORN:]), 0.01, Random(at)) for at, paper in enumerate(held_out)]
    figures += _accuracies(sorter, model, held_out, torn, "head torn off, 1% misread")
    single = [(paper, page) for paper in held_out for page in paper.pages]
    pages = [misread(page, 0.01, Random(at)) for at, (_, page) in enumerate(single)]
    return [*figures, *_accuracies(sorter, model, [paper for paper, _ in single], pages, "each page alone, 1% misread")]


def _accuracies(
    sorter: LinearSorter, model: bytes, papers: Sequence[Paper], texts: Sequence[str], how: str
) -> list[Figure]:
    began = time.perf_counter()
    ruled = [guess(text) for text in texts]
    by_rules = (time.perf_counter() - began) / len(texts) * 1000
    learnt = sorter.rank(model, list(texts))
    by_model = (time.perf_counter() - began) / len(texts) * 1000 - by_rules
    both = [blend(rules, ranks) for rules, ranks in zip(ruled, learnt, strict=True)]
    said = {
        "rules alone": [rules[0].code if rules else "" for rules in ruled],
        "model alone": [ranks[0][0] for ranks in learnt],
        "both": [found[0].code if found else "" for found in both],
    }
    figures = [
        figure(
            f"kind right, {how}, {who}", [_share(said[who], [paper.kind for paper in papers])], "%", at_least=KIND_GOAL
        )
        for who in said
    ]
    return [*figures, figure(f"telling a kind, {how}", [by_rules + by_model], "ms")]


def _share(said: Sequence[str], true: Sequence[str]) -> float:
    return 100 * sum(map(str.__eq__, said, true)) / len(true)


def _extraction(papers: Sequence[Paper]) -> list[Figure]:
    figures, forged = [], 0
    for rate in (RATES[0], RATES[1], RATES[-1]):
        for name, kinds in _KINDS_OF_NUMBERS.items():
            asked = found = taken = right = 0
            for at, paper in enumerate(papers):
                there = _there(paper, kinds[0])
                got = {value for kind, value in _found(misread(paper.text, rate, Random(at))) if kind in kinds}
                bare = _bare(paper.text)
                genuine = {value for value in got if _bare(value) in bare}
                asked, found = asked + len(there), found + len(there & got)
                taken, right = taken + len(got), right + len(genuine)
                forged += len(got - genuine) if name == "identity numbers" else 0
            figures.append(figure(f"{name} found, {rate:.0%} misread, of {asked}", [100 * found / asked], "%"))
            figures.append(figure(f"{name} right, {rate:.0%} misread, of {taken}", [100 * right / taken], "%"))
    return [*figures, figure("identity numbers that pass their check and stand on no paper", [forged], "numbers")]


def _found(text: str) -> Iterator[tuple[FindKind, str]]:
    for find in extract(text, ON):
        if find.checked is not False and find.score >= 0.6:
            yield find.kind, find.value


def _there(paper: Paper, kind: FindKind) -> set[str]:
    """Return what of a kind the facts know and the paper holds."""
    policy, claim = paper.facts.policy, paper.facts.claim
    people = [paper.facts.person, policy.applicant, policy.insured]
    values = {
        FindKind.IDENTITY: [person.identity_number for person in people],
        FindKind.POLICY: [policy.number],
        FindKind.CLAIM: [claim.number, claim.report_number],
        FindKind.PHONE: [person.mobile for person in people],
        FindKind.NAME: [person.name for person in people],
    }[kind]
    return {value for value in values if value in _bare(paper.text)}


def _bare(text: str) -> str:
    return "".join(text.split())


def _twins() -> list[Figure]:
    pages = {code: list(_some(code, COPIES + KNOWN_COPIES)) for code in KINDS}
    return [*_judged(pages, "form known"), *_judged(pages, "form new"), *_candidates(pages)]


def _judged(pages: dict[str, list[Paper]], how: str) -> list[Figure]:
    """Measure verdicts; a form is known where twelve other copies of it are in the house."""
    same: dict[float, list[bool]] = {rate: [] for rate in RATES}
    others: list[bool] = []
    following: list[bool] = []
    for copies in pages.values():
        mine, background = copies[:COPIES], copies[COPIES:] if how == "form known" else []
        weights = Weights(fingerprint(page) for paper in background for page in paper.pages)
        for rate in RATES:
            same[rate] += [_judge(page, page, rate, at, weights) for at, one in enumerate(mine) for page in one.pages]
        pairs = [(one.pages[0], two.pages[0]) for one in mine for two in mine if one is not two]
        others += [_judge(one, two, 0.01, at, weights) for at, (one, two) in enumerate(pairs)]
        following += [
            _judge(one.pages[0], two, 0.01, at, weights) for at, one in enumerate(mine) for two in _next_page(one, at)
        ]
    hits = sum(map(sum, same.values()))
    figures = [
        figure(f"rescans found, {how}, {rate:.0%} misread both times", [100 * sum(found) / len(found)], "%")
        for rate, found in same.items()
    ]
    return [
        *figures,
        figure(
            f"rescans found, {how}, {sum(map(len, same.values()))} pages",
            [100 * hits / sum(map(len, same.values()))],
            "%",
            at_least=FOUND_GOAL,
        ),
        figure(
            f"right among those found, {how}, with {len(others)} other copies",
            [100 * hits / (hits + sum(others))],
            "%",
            at_least=RIGHT_GOAL,
        ),
        figure(
            f"taken for a rescan: the same person's next form, {how}, of {len(following)}",
            [100 * sum(following) / len(following)],
            "%",
        ),
    ]


def _some(code: str, count: int) -> Iterator[Paper]:
    serial, made = 9_000_000, 0
    while made < count:
        facts = invent_facts(Random(serial), serial, on=ON)
        if KINDS[code].fits(facts):
            made += 1
            yield Paper(code, facts, tuple(page_texts(code, facts, Random(serial))))
        serial += 1


def _next_page(paper: Paper, seed: int) -> Iterator[str]:
    """Yield the first page of the form that the same person fills in for another contract, where there is such a thing."""
    rng = Random(seed)
    policy = invent_policy(rng, 7_000_000 + seed, paper.facts.person, on=ON, product=paper.facts.policy.product)
    facts = replace(paper.facts, policy=policy, claim=invent_claim(rng, 7_000_000 + seed, policy, on=ON))
    if paper.kind not in _SAME_FOR_EVER and KINDS[paper.kind].fits(facts):
        yield page_texts(paper.kind, facts, Random(seed))[0]


def _judge(one: str, other: str, rate: float, seed: int, weights: Weights) -> bool:
    """Say whether two readings are taken for the same page; both are misread, each in its own way."""
    left, right = misread(one, rate, Random(seed * 2 + 1)), misread(other, rate, Random(seed * 2 + 2))
    return compare(fingerprint(left), fingerprint(right), weights).verdict is Verdict.SAME


def _candidates(pages: dict[str, list[Paper]]) -> list[Figure]:
    """Measure how many rescans share a print with the page that came first, and how many other pages do."""
    kept: dict[str, set[tuple[str, int, int]]] = {}
    everything = [
        ((code, at, number), page)
        for code, copies in pages.items()
        for at, paper in enumerate(copies)
        for number, page in enumerate(paper.pages)
    ]
    for place, (key, page) in enumerate(everything):
        for mark in _prints(misread(page, 0.01, Random(place))):
            kept.setdefault(mark, set()).add(key)
    figures = []
    for rate in RATES[1:]:
        found = [_meets(kept, misread(page, rate, Random(-place))) for place, (_, page) in enumerate(everything, 1)]
        hits = sum(key in met for (key, _), met in zip(everything, found, strict=True))
        strangers = [float(len(met - {key})) for (key, _), met in zip(everything, found, strict=True)]
        figures.append(figure(f"rescans that share a print, {rate:.0%} misread", [100 * hits / len(everything)], "%"))
        figures.append(
            figure(f"other pages that share one, of {len(everything)}, {rate:.0%} misread", strangers, "pages")
        )
    return figures


def _meets(kept: dict[str, set[tuple[str, int, int]]], text: str) -> set[tuple[str, int, int]]:
    return set().union(*(kept.get(mark, set()) for mark in _prints(text)))


def _prints(text: str) -> tuple[str, ...]:
    seal: Callable[[str], str] = str
    page: Fingerprint = fingerprint(text)
    return prints(page, seal)
