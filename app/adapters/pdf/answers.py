"""What the press answers to each request. Runs in the press only."""

from __future__ import annotations

from typing import Any

from app.adapters.pdf.bind import bind, join, keep_honest
from app.adapters.pdf.compose import ARCHIVAL, Composer, Piece
from app.adapters.pdf.copies import print_copy
from app.adapters.pdf.wire import Wire


class Service:
    """Sets, binds and copies for one parent."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._composer = Composer()

    def answer(self, head: dict[str, Any], blobs: list[bytes]) -> None:
        """Do what `head` asks for and send the answer."""
        if head["do"] == "set":
            self._set(Piece(**head["piece"]))
        elif head["do"] == "join":
            self._wire.send({}, [join(blobs)])
        elif head["do"] == "copy":
            pdf = print_copy(head["sheet"], head["pages"], blobs)
            self._wire.send({"pages": len(blobs)}, [keep_honest(pdf)])
        elif head["do"] == "form":
            pdf, pages = self._composer.set_form(head["form"], head["values"])
            self._wire.send({"pages": pages}, [pdf])
        elif head["do"] == "paper":
            pdf, pages = self._composer.set_form(head["form"], head["values"], variant=ARCHIVAL)
            self._wire.send({"pages": pages}, [keep_honest(pdf)])
        else:
            pdf, pages = bind(blobs, self._composer.set_type_case)
            self._wire.send({"pages": pages}, [pdf])

    def _set(self, piece: Piece) -> None:
        forme = self._composer.set_piece(piece)
        # The parent can already fill another press while this one prints.
        self._wire.send({"kept": forme.kept})
        if forme.kept or piece.closing:
            pdf, pages = forme.print()
            self._wire.send({"pages": pages}, [keep_honest(pdf) if piece.page_kind == "whole" else pdf])
