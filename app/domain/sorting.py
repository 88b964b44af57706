"""What rules and a learnt model say together: rules alone at first, the model more and more as it has seen more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.paper_rules import Guess

MODEL_SHARE = 0.6  # of a kind that the model knows
_LIKELY = 0.02


@dataclass(frozen=True, slots=True)
class Sorted:
    """A kind of paper, how sure (0..1), the words of the rules, and how sure the model is of it."""

    code: str
    score: float
    words: tuple[str, ...]
    learnt: float


def blend(rules: Sequence[Guess], learnt: Sequence[tuple[str, float]]) -> list[Sorted]:
    """Return the kinds, likeliest first.

    For a kind that the model never saw the rules count in full, less as far as the model is sure of another.
    """
    by_rule = {guess.code: guess for guess in rules}
    by_model: Mapping[str, float] = dict(learnt)
    surest = max(by_model.values(), default=0.0)
    found = [_together(code, by_rule.get(code), by_model.get(code), surest) for code in {*by_rule, *by_model}]
    return sorted((one for one in found if one.score >= _LIKELY), key=lambda one: (-one.score, one.code))


def _together(code: str, rule: Guess | None, learnt: float | None, surest: float) -> Sorted:
    ruled, words = (rule.score, rule.why) if rule else (0.0, ())
    if learnt is None:
        return Sorted(code, ruled * (1 - MODEL_SHARE * surest), words, 0.0)
    return Sorted(code, learnt * MODEL_SHARE + ruled * (1 - MODEL_SHARE), words, learnt)
