"""Static files: addressed by their content, so that a browser keeps them for ever and compressed only once."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, url_for

from app.web.access import public

FOLDER = Path(__file__).resolve().parent.parent / "static"
WORTH_COMPRESSING = 600
assets = Blueprint("static_files", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    packed: bytes | None
    media_type: str
    mark: str


@lru_cache(maxsize=128)
def load_asset(path: str) -> Asset | None:
    """Return a file of the static folder, or None; the folder does not change while the portal runs."""
    file = (FOLDER / path).resolve()
    if not file.is_relative_to(FOLDER) or not file.is_file():
        return None
    body = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type in {"application/javascript", "image/svg+xml"}
    packed = gzip.compress(body, 9, mtime=0) if is_text and len(body) > WORTH_COMPRESSING else None
    return Asset(body, packed, media_type, hashlib.sha256(body).hexdigest()[:12])


def asset(path: str) -> str:
    """Return the address of a static file; raises `LookupError` for one that is not there."""
    found = load_asset(path)
    if found is None:
        raise LookupError(path)
    return url_for("static_files.send_asset", path=path, v=found.mark)


@assets.get("/static/<path:path>")
@public
def send_asset(path: str) -> Response:
    """Send a file of the static folder."""
    found = load_asset(path)
    if found is None:
        abort(404)
    packed = found.packed if request.accept_encodings["gzip"] else None
    response = Response(packed or found.body, mimetype=found.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    fresh = request.args.get("v") == found.mark
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    response.set_etag(found.mark)
    response.make_conditional(request)
    return response
