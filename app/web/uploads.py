"""What comes in with a form: looked into in a sandbox, then kept in the store, before any row is written."""

from __future__ import annotations

import io
from typing import Any

from flask import current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from app.ports import RefusedFile, Tools
from app.services.documents import ReceivedFile
from app.services.unpacking import ARCHIVE
from app.web.filters import filesize
from app.web.identity import settings

ZIP = b"PK\x03\x04"
REFUSED_FILES: dict[str, Any] = {
    "empty": _l("文件是空的（0 字节）。请重新扫描或重新选择文件。"),
    "unknown_type": _l(
        "只收 PDF、OFD、JPEG、PNG、TIFF、HEIC。这个文件的内容不是其中任何一种（与文件名无关），请转换后再上传。"
    ),
    "damaged": _l("文件已损坏，打不开。请重新扫描或重新导出后再上传。"),
    "encrypted": _l("文件设有密码，无法长期保存。请去掉密码后再上传。"),
    "too_many_pages": _l("页数超过 500 页。请分成几份上传。"),
    "too_many_pixels": _l("图像尺寸过大。请用 200–300 dpi 重新扫描后再上传。"),
    "too_costly": _l("文件打开所需的时间或内存超出限度，没有接收。请重新扫描或另存后再上传。"),
    "too_large": _l("文件超过 %(size)s。请分开扫描或降低分辨率后再上传。"),
    "missing": _l("请选择要上传的文件，或勾选“暂无扫描件”。"),
    "none_chosen": _l("请选择要上传的文件。"),
    "too_many_files": _l("一次最多上传 %(files)s 个文件，请分几次。"),
}


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


def take_in_packed(file: FileStorage) -> ReceivedFile:
    """Return a file that is safe to keep, or a ZIP that is not looked into yet; raises `RefusedFile`, `StorageFull`."""
    try:
        return take_in(file)
    except RefusedFile as refused:
        file.stream.seek(0)
        if refused.reason != "unknown_type" or file.stream.read(len(ZIP)) != ZIP:
            raise
    file.stream.seek(0)
    blob = tools().files.put(io.BytesIO(file.stream.read()))
    return ReceivedFile(blob, file.filename or "", ARCHIVE, 0)


def take_in_one(name: str) -> ReceivedFile:
    """Return the one file of a field, in the store; raises `RefusedFile` also when none was chosen."""
    files = sent_files(name)
    if not files:
        raise RefusedFile("missing")
    return take_in(files[0])


def refusal(reason: str) -> str:
    """Return why a file was refused, with the limits of this installation."""
    rules = settings().upload
    return str(REFUSED_FILES[reason]) % {"size": filesize(rules.max_file_bytes), "files": rules.max_files}
