"""Texts of invented papers for tests: the same seed gives the same paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

from app.cli.demo.contracts import Facts, invent_claim, invent_facts, invent_policy
from app.cli.demo.forms import KINDS
from app.cli.demo.pages import page_texts

ON = date(2026, 11, 1)


def invent(kind: str, seed: int) -> Facts:
    """Return facts that fit a paper of this kind; near seeds give other people."""
    at = seed * 1000
    while True:
        facts = invent_facts(Random(at), at, on=ON)
        if KINDS[kind].fits(facts):
            return facts
        at += 1


def pages_of(kind: str, seed: int, facts: Facts | None = None) -> list[str]:
    """Return what stands on each page of a paper."""
    return page_texts(kind, facts or invent(kind, seed), Random(seed))


def text_of(kind: str, seed: int, facts: Facts | None = None) -> str:
    """Return all that stands on a paper."""
    return "\n".join(pages_of(kind, seed, facts))


def another_contract(facts: Facts, seed: int) -> Facts:
    """Return the same person with another policy and claim."""
    rng = Random(seed)
    policy = invent_policy(rng, seed + 5_000_000, facts.person, on=ON, product=facts.policy.product)
    return replace(facts, policy=policy, claim=invent_claim(rng, seed + 5_000_000, policy, on=ON))
