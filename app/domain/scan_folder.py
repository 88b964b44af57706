"""A folder that scanners write into: which files are taken, when one is whole, and what it is told that is not taken.

The texts lie as files beside what was refused: they are for who stands at the scanner, in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

TAKEN, REFUSED = "已接收", "未接收"  # the sub-folders where files end up
EMPTY_FOR = timedelta(minutes=10)  # as long an empty file may still be about to be written
_BRANCH_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".lock", "~")
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini"})
EXPLANATIONS: Mapping[str, str] = {
    "empty": "文件是空的（0 字节）。请重新扫描。",
    "unknown_type": "只收 PDF、OFD、JPEG、PNG、TIFF、HEIC 和 ZIP。这个文件的内容不是其中任何一种（与文件名无关）。",
    "damaged": "文件已损坏，打不开。请重新扫描。",
    "encrypted": "文件设有密码，无法长期保存。请去掉密码后再放入。",
    "too_many_pages": "页数超过 500 页。请分成几份扫描。",
    "too_many_pixels": "图像尺寸过大。请用 200–300 dpi 重新扫描。",
    "too_costly": "文件打开所需的时间或内存超出限度。请重新扫描或另存后再放入。",
    "too_many_files": "压缩包里的文件过多。请分成几个压缩包。",
    "too_large": "文件超过大小上限。请分开扫描或降低分辨率。",
    "no_plain_file": "这不是普通文件（链接等），没有读取。请放入文件本身。",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one look saw of a file; two equal ones in a row mean that nobody writes to it any more."""

    inode: int
    size: int
    changed_ns: int


def is_branch_folder(code: str) -> bool:
    """Say whether a branch's code can be the name of a folder."""
    return _BRANCH_CODE.fullmatch(code) is not None


def is_wanted(name: str) -> bool:
    """Say whether a file of this name is one to take: neither hidden, nor unfinished, nor a system's own."""
    lower = name.lower()
    return not (name.startswith((".", "~")) or lower.endswith(_UNFINISHED) or lower in _OF_SYSTEMS)


def explain(reason: str, name: str, at: str) -> str:
    """Return what is written beside a refused file."""
    return (
        f"{name}\n{at} 没有接收：{EXPLANATIONS.get(reason, EXPLANATIONS['damaged'])}\n处理后请重新放入上一级文件夹。\n"
    )


def numbered(name: str, number: int) -> str:
    """Return `name` as it is called when the same name lies there already: `a.pdf` → `a-2.pdf`."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{number}{dot}{ending}" if stem else f"{name}-{number}"
