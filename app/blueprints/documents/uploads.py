"""What comes in with a form: looked into in a sandbox, then kept in the store, before any row is written."""

from __future__ import annotations

import io

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from app.ports import RefusedFile, Tools
from app.services.documents import ReceivedFile
from app.web.identity import settings


def tools() -> Tools:
    """Return the adapters of this process."""
    found: Tools = current_app.extensions["tools"]
    return found


def sent_files(name: str) -> list[FileStorage]:
    """Return the files that were chosen in a field; an empty choice is none."""
    return [file for file in request.files.getlist(name) if file.filename]


def take_in(file: FileStorage) -> ReceivedFile:
    """Return a file that is safe to keep, in the store; raises `RefusedFile`, `StorageFull`."""
    limit = settings().upload.max_file_bytes
    data = file.stream.read(limit + 1)
    if len(data) > limit:
        raise RefusedFile("too_large")
    found = tools().images.examine(data)
    blob = tools().files.put(io.BytesIO(data))
    return ReceivedFile(blob, file.filename or "", found.media_type, found.pages)


def take_in_one(name: str) -> ReceivedFile:
    """Return the one file of a field, in the store; raises `RefusedFile` also when none was chosen."""
    files = sent_files(name)
    if not files:
        raise RefusedFile("missing")
    return take_in(files[0])
