"""Cursors in addresses: they lead on, and tell nothing."""

from __future__ import annotations

import base64

from app.queries.keyset import Cursor
from app.web.paging import decode_cursor, encode_cursor

NAME = "王小明".encode("gb18030").hex()


def test_a_cursor_comes_back_as_it_went() -> None:
    cursor = Cursor(True, (NAME, 42))

    assert decode_cursor(encode_cursor(cursor)) == cursor


def test_a_cursor_does_not_show_the_name_that_it_holds() -> None:
    sealed = encode_cursor(Cursor(False, (NAME, 42))) or ""

    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    assert NAME.encode() not in raw
    assert "王小明".encode("gb18030") not in raw


def test_a_spoilt_cursor_means_the_first_page() -> None:
    assert decode_cursor("garbage") is None
    assert decode_cursor("") is None
