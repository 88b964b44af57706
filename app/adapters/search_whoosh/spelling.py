"""How an entry and a question are spelled in the index, so that both are spelled alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.search import SECRET_DIGITS, needs_blinding, tokens_of
from app.ports import SearchEntry

_BLINDED = "#"  # no token of a text starts with it
_BLINDED_DIGITS = 16  # hexadecimal: 64 bits keep strangers apart


class Spelling:
    """Turns texts into tokens; long numbers only as `blind` returns them."""

    def __init__(self, blind: Callable[[str], str]) -> None:
        self._blind = blind

    def stored(self, token: str) -> str:
        """Return a token as it lies in the index."""
        return _BLINDED + self._blind(token)[:_BLINDED_DIGITS] if needs_blinding(token) else token

    def tokens(self, *texts: str) -> set[str]:
        """Return all tokens of some texts as they lie in the index."""
        found: set[str] = set().union(*map(tokens_of, texts))
        # Nearly all tokens are pairs of characters; a look at their length spares them the question.
        numbers = [token for token in found if len(token) >= SECRET_DIGITS and needs_blinding(token)]
        return found.difference(numbers).union(map(self.stored, numbers)) if numbers else found

    def fields(self, entry: SearchEntry) -> dict[str, Any]:
        """Return an entry as fields of the schema."""
        return {
            "key": entry.key,
            "kind": (entry.kind,),
            "branch": (str(entry.branch_id),),
            "agent": _people(entry),
            "level": (str(entry.level),),
            "title": self.tokens(entry.title),
            "number": self.tokens(*entry.numbers),
            "body": self.tokens(entry.body),
            "newest": entry.newest,
        }


def registrar_token(account_id: int) -> str:
    """Return how an entry names who wrote it down, beside whose own it is."""
    return f"r{account_id}"


def _people(entry: SearchEntry) -> tuple[str, ...]:
    own = () if entry.agent_id is None else (str(entry.agent_id),)
    return own if entry.registrar_id is None else (*own, registrar_token(entry.registrar_id))
