"""Words of templates: the catalogue of a request is looked up once, not once a word.

A long list asks for some hundred words; the source language needs no catalogue at all.
"""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import Babel, Domain, get_translations


class SourceWords:
    """The words as they stand in the code."""

    @staticmethod
    def ugettext(text: str) -> str:
        """Return the text itself."""
        return text

    @staticmethod
    def ungettext(singular: str, plural: str, count: int) -> str:
        """Return the form for `count`; Chinese has one."""
        return singular if count == 1 else plural

    @staticmethod
    def upgettext(_context: str, text: str) -> str:
        """Return the text itself; Chinese does not tell one from many."""
        return text


SOURCE = SourceWords()


class HouseDomain(Domain):  # type: ignore[misc]
    """Where Flask-Babel finds its words, labels made at import among them: looked up once a request as well."""

    def get_translations(self) -> Any:
        """Return the catalogue of the request at hand."""
        words = g.get("words")
        if words is None:
            from app.web.context import choose_locale

            words = g.words = SOURCE if choose_locale() == "zh" else super().get_translations()
        return words


class HouseBabel(Babel):  # type: ignore[misc]
    """Flask-Babel with the words of the house."""

    domain_instance = HouseDomain()


def gettext(text: str, /, **values: Any) -> str:
    """Return `text` in the language of the request, with `values` put into its %(name)s places."""
    found: str = _catalogue().ugettext(text)
    return found % values if values else found


def ngettext(singular: str, plural: str, num: int, /, **values: Any) -> str:
    """Return the form for `num`, which also stands for %(num)s."""
    found: str = _catalogue().ungettext(singular, plural, num)
    return found % {"num": num, **values}


def pgettext(context: str, text: str, /) -> str:
    """Return `text` in the language of the request, where `context` is "one" thing or "many"."""
    found: str = _catalogue().upgettext(context, text)
    return found


def _catalogue() -> Any:
    words = g.get("words")
    return get_translations() if words is None else words
