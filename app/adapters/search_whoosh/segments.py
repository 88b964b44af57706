"""What the index holds of an entry, and what the table of contents says of a segment."""

from __future__ import annotations

import secrets
from typing import Any

from whoosh.codec.base import Segment
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence

INDEX_NAME = "MAIN"
TERMS_EXT = ".trm"
DOCUMENTS_EXT = ".doc"

# Every term is kept under one letter for its field and its own bytes.
KEY, KIND, BRANCH, AGENT, LEVEL, TITLE, BODY, NUMBER = b"k", b"c", b"r", b"a", b"l", b"t", b"b", b"n"
FIELD_OF = {
    "key": KEY,
    "kind": KIND,
    "branch": BRANCH,
    "agent": AGENT,
    "level": LEVEL,
    "title": TITLE,
    "body": BODY,
    "number": NUMBER,
}


class Given(FieldType):  # type: ignore[misc]  # whoosh has no types
    """A field that Whoosh hands to the codec as it is: it neither analyses it nor makes a tuple of each posting."""

    indexed = False

    def __init__(self) -> None:
        super().__init__(Existence(), None, stored=True)


# Which entries hold a token is all that is kept of the first eight, neither how often nor where.
SCHEMA = Schema(**{name: Given() for name in [*FIELD_OF, "newest"]})


class BitSegment(Segment):  # type: ignore[misc]  # whoosh has no types
    """An immutable part of the index, with the set of its documents that are deleted since."""

    def __init__(self, segid: str = "", documents: int = 0, deleted: int = 0) -> None:
        super().__init__(INDEX_NAME)
        self.segid: str = segid or secrets.token_hex(8)
        self.documents = documents
        self.deleted = deleted

    def as_json(self) -> dict[str, Any]:
        """Return what the table of contents keeps."""
        return {"segid": self.segid, "documents": self.documents, "deleted": f"{self.deleted:x}"}

    @staticmethod
    def from_json(found: dict[str, Any]) -> Any:
        """Return the segment that `as_json` wrote; anything else stays as it is."""
        if "segid" not in found:
            return found
        return BitSegment(found["segid"], found["documents"], int(found["deleted"], 16))

    @property
    def live(self) -> int:
        """The set of documents that are not deleted."""
        return ((1 << self.documents) - 1) & ~self.deleted

    def should_assemble(self) -> bool:
        """Never one compound file: its reader would copy all of it into memory."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        """Remember how many documents were written."""
        self.documents = doccount

    def doc_count_all(self) -> int:
        """Return how many documents there are, deleted ones included."""
        return self.documents

    def deleted_count(self) -> int:
        """Return how many documents are deleted."""
        return self.deleted.bit_count()

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark a document as deleted, or as not."""
        bit = 1 << docnum
        self.deleted = self.deleted | bit if delete else self.deleted & ~bit

    def is_deleted(self, docnum: int) -> bool:
        """Say whether a document is deleted."""
        return bool(self.deleted >> docnum & 1)
