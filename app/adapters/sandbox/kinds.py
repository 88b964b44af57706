"""What a file is by its first bytes. The decoder has the last word; this only chooses which decoder is asked."""

from __future__ import annotations

from .refusal import Refusal

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"

_OURS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
)
_FOREIGN = (
    (b"\x7fELF", "elf"),
    (b"MZ", "exe"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"BM", "bmp"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"\xca\xfe\xba\xbe", "class"),
    (b"#!", "script"),
    (b"<", "markup"),
    (b"\xef\xbb\xbf<", "markup"),
    (b"{\\rtf", "rtf"),
)
# Real printers write a few stray bytes before the head; PDFium looks for it as far as this.
_PDF_HEAD_WITHIN = 1024


def kind_of(data: bytes) -> str:
    """Return the media type that `data` claims by content; raises `Refusal`."""
    for magic, kind in _OURS:
        if data.startswith(magic):
            return kind
    for magic, name in _FOREIGN:
        if data.lstrip().startswith(magic):
            raise Refusal("unknown_type", name)
    if data[4:8] == b"ftyp":
        raise Refusal("unknown_type", "heif" if data[8:12] in {b"heic", b"heix", b"mif1", b"avif"} else "video")
    if b"%PDF-" in data[:_PDF_HEAD_WITHIN]:
        return PDF
    raise Refusal("unknown_type")
