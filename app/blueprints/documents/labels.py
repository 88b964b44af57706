"""Names that the document screens show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.web.document_labels import CARRIERS, DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.filters import filesize
from app.web.identity import settings
from app.web.labels import LEVELS

LABELS: dict[str, Any] = {
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "level": LEVELS,
    "state": DOCUMENT_STATES,
    "tone": STATE_TONES,
    "carrier": CARRIERS,
}
REASONS = (_l("监管或司法调取"), _l("客户申请复制"), _l("诉讼举证"), _l("笔迹鉴定"), _l("扫描质量复核"))

REFUSED_FILES: dict[str, Any] = {
    "empty": _l("文件是空的（0 字节）。请重新扫描或重新选择文件。"),
    "unknown_type": _l("只收 PDF、JPEG、PNG、TIFF。这个文件的内容不是其中任何一种（与文件名无关），请转换后再上传。"),
    "damaged": _l("文件已损坏，打不开。请重新扫描或重新导出后再上传。"),
    "encrypted": _l("PDF 设有密码，无法长期保存。请去掉密码后再上传。"),
    "too_many_pages": _l("页数超过 500 页。请分成几份上传。"),
    "too_many_pixels": _l("图像尺寸过大。请用 200–300 dpi 重新扫描后再上传。"),
    "too_costly": _l("文件打开所需的时间或内存超出限度，没有接收。请重新扫描或另存后再上传。"),
    "too_large": _l("文件超过 %(size)s。请分开扫描或降低分辨率后再上传。"),
    "missing": _l("请选择要上传的文件，或勾选“暂无扫描件”。"),
    "too_many_files": _l("一次最多上传 %(files)s 个文件，请分几次。"),
}


def refusal(reason: str) -> str:
    """Return why a file was refused, with the limits of this installation."""
    rules = settings().upload
    return str(REFUSED_FILES[reason]) % {"size": filesize(rules.max_file_bytes), "files": rules.max_files}
