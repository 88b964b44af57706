"""Files made for the tests of the image tool: honest ones, and ones that want to hurt."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageDraw

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def drawn(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Return a white image with its upper left quarter red, dark in grey modes, black in the bilevel one."""
    image = Image.new("RGB", size, "white")
    ink = "black" if mode == "1" else (200, 0, 0)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=ink)
    return _deep(image) if mode == "I;16" else image.convert(mode)


def _deep(image: Image.Image) -> Image.Image:
    return image.convert("I").point(lambda value: value * 257).convert("I;16")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return `image` as a file of this kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    """Return a JPEG."""
    return saved(drawn(size, mode), "JPEG", **options)


def png(size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> bytes:
    """Return a PNG."""
    return saved(drawn(size, mode), "PNG", **options)


def fax(pages: int = 3, size: tuple[int, int] = (600, 800)) -> bytes:
    """Return a TIFF of bilevel pages, Group 4, as document scanners write it."""
    image = drawn(size, "1")
    return saved(image, "TIFF", compression="group4", save_all=True, append_images=[image] * (pages - 1))


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first of which is the catalogue."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def page(more: bytes = b"", box: bytes = b"0 0 400 400") -> bytes:
    """Return a page object, to be object 3."""
    return b"<</Type/Page/Parent 2 0 R/MediaBox[%s]%s>>" % (box, more)


def stream(data: bytes, more: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(data), data)


def pdf_with_text(text: str = "保险合同 Policy") -> bytes:
    """Return a PDF whose Chinese font is not embedded, as electronic policies often have it."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
        b"/ItalicAngle 0/Ascent 752/Descent -271/CapHeight 737/StemV 58>>"
    )
    shown = stream(b"BT /F1 40 Tf 20 300 Td <%s> Tj ET" % text.encode("utf-16-be").hex().encode())
    resources = b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
    return pdf(CATALOG, ONE_PAGE, page(resources), shown, font, descendant, descriptor)


def pdf_of_pages(pages: int) -> bytes:
    """Return a PDF that shows the same page so many times."""
    kids = b"3 0 R " * pages
    return pdf(CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), page())


def pdf_with_image(width: int, height: int, pages: int = 1) -> bytes:
    """Return a PDF with an embedded black image of this size on each page, small as a file and slow to draw."""
    image = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % (width, height)
    pixels = stream(deflated_zeros(min(width * height, 100_000_000)), image + b"/Filter/FlateDecode")
    kids = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * pages, pages)
    drawing = stream(b"q 400 0 0 400 0 0 cm /I Do Q")
    return pdf(CATALOG, kids, page(b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"), drawing, pixels)


def pdf_content_bomb(size: int) -> bytes:
    """Return a PDF of a few kB whose content stream unfolds to `size` bytes."""
    packed = zlib.compress(deflated_zeros(size), 9)
    bomb = stream(packed, b"/Filter[/FlateDecode/FlateDecode]")
    return pdf(CATALOG, ONE_PAGE, page(b"/Contents 4 0 R"), bomb)


def pdf_billion_laughs(depth: int) -> bytes:
    """Return a PDF whose forms draw ten forms each, `depth` deep."""
    objects = [CATALOG, ONE_PAGE, page(b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>"), stream(b"/F Do")]
    for level in range(depth):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 400 400]/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        objects.append(stream(b"/F Do " * 10, form))
    objects.append(stream(b"0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 400 400]"))
    return pdf(*objects)


def png_of_one_colour(width: int, height: int) -> bytes:
    """Return a bilevel PNG of any size in few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = deflated_zeros(height * (1 + (width + 7) // 8))
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_mended_checksums(data: bytes) -> bytes:
    """Return a PNG whose chunks, as far as they can be followed, carry the checksums of what is in them now."""
    out, at = bytearray(data), 8
    while at + 12 <= len(out):
        end = at + 8 + int.from_bytes(out[at : at + 4], "big")
        if end + 4 <= len(out):
            out[end : end + 4] = struct.pack(">I", zlib.crc32(out[at + 4 : end]))
        at = end + 4
    return bytes(out)


def deflated_zeros(size: int) -> bytes:
    """Return `size` zeros, deflated."""
    squeeze, block = zlib.compressobj(9), bytes(1 << 20)
    parts = [squeeze.compress(block) for _ in range(size // len(block))]
    return b"".join((*parts, squeeze.compress(bytes(size % len(block))), squeeze.flush()))
