"""The search port on Whoosh 2.7.4: see docs/adr/0003-search.md. Whoosh itself is loaded at first use."""

from app.adapters.search_whoosh.index import WhooshIndex

__all__ = ["WhooshIndex"]
