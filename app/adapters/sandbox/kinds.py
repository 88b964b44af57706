"""What a file is by its first bytes. The decoder has the last word; this only chooses which decoder is asked."""

from __future__ import annotations

from .refusal import Refusal

PDF, OFD = "application/pdf", "application/ofd"
JPEG, PNG, TIFF, HEIC = "image/jpeg", "image/png", "image/tiff", "image/heic"

_OURS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),  # BigTIFF
    (b"MM\0+", TIFF),
    (b"PK\x03\x04", OFD),  # or any other ZIP, which is told when its list of contents is read
)
_FOREIGN = (
    (b"\x7fELF", "elf"),
    (b"MZ", "exe"),
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
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
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
        return _heic_or_nothing(data)
    if b"%PDF-" in data[:_PDF_HEAD_WITHIN]:
        return PDF
    raise Refusal("unknown_type")


def _heic_or_nothing(data: bytes) -> str:
    """Return HEIC when the brands of the file say so; telephones write `mif1` first now and then, and so does AVIF."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & _HEIC_BRANDS:
        return HEIC
    raise Refusal("unknown_type", "avif" if b"avif" in brands else "video")
