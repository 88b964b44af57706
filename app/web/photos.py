"""Photos that come in with a form: re-drawn in the sandbox, so that nothing of the sender's file is kept."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from app.ports import RefusedFile, StoredBlob, Tools
from app.web.identity import settings

Drawn = tuple[StoredBlob, StoredBlob]
# A browser may show these bytes and do nothing else with them.
SANDBOX = "default-src 'none'; sandbox"
REFUSED: dict[str, Any] = {
    "empty": _l("照片是空的（0 字节），请重新拍摄或选择。"),
    "unknown_type": _l("照片只收 JPEG、PNG、TIFF，请转换后再上传。"),
    "damaged": _l("照片已损坏，打不开，请重新拍摄。"),
    "too_large": _l("照片太大，请降低分辨率后再上传。"),
    "too_many_files": _l("一次选的照片太多，请分几次上传。"),
}
REFUSED_OTHERWISE = _l("照片不能接收，请用手机或相机重新拍摄后再上传。")


def sent_photos(name: str) -> list[Drawn]:
    """Return image and thumbnail of every photo in a field, in the store; raises `RefusedFile`, `StorageFull`."""
    files = [file for file in request.files.getlist(name) if file.filename]
    if len(files) > settings().upload.max_files:
        raise RefusedFile("too_many_files")
    return [_draw(file) for file in files]


def refusal(refused: RefusedFile) -> str:
    """Return why a photo was refused."""
    return str(REFUSED.get(refused.reason, REFUSED_OTHERWISE))


def photo_response(digest: str) -> Response:
    """Return the bytes of a photo, decrypted."""
    response = Response(_tools().files.read(digest), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _draw(file: FileStorage) -> Drawn:
    limit = settings().upload.max_file_bytes
    data = file.stream.read(limit + 1)
    if len(data) > limit:
        raise RefusedFile("too_large")
    page = next(iter(_tools().images.render(data)), None)
    if page is None:
        raise RefusedFile("empty")
    store = _tools().files
    return store.put(io.BytesIO(page.image)), store.put(io.BytesIO(page.thumbnail))


def _tools() -> Tools:
    found: Tools = current_app.extensions["tools"]
    return found
