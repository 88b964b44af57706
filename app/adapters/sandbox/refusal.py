"""Why a file cannot be accepted, inside the child."""

from __future__ import annotations


class Refusal(Exception):
    """The file is refused; the reasons are those of `app.ports.RefusedFile`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
