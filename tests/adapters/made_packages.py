"""ZIPs and OFD documents made for the tests of the image tool, and one tiny picture of a telephone."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping, Sequence

# 64 × 48, white with its upper left quarter red; kept as text because nothing here encodes HEIC.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABoQABAAAAAAAAAE0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA"
    "AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAF"
    "VtZGF0AAAASSgBrxOA5Ta3/7oDX8/oB6w2pruSLKF+XpH0v1/IZliDck4hrsP7Q15jqzv/yPpQunal//5hpttqfwDiyuSYzIc314XCevw6dxk="
)
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def zipped(files: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """Return a ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped_as_in_china(name: str, data: bytes) -> bytes:
    """Return a ZIP whose one name stands in GB 18030 without saying so, as Windows writes it."""
    raw = name.encode("gb18030")
    stand_in = "x" * len(raw)
    return zipped({stand_in: data}, compressed=False).replace(stand_in.encode(), raw)


def locked(data: bytes) -> bytes:
    """Return a ZIP of one file that says that its file wants a password."""
    out = bytearray(data)
    out[6] |= 1
    out[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(out)


def ofd(pages: Sequence[str], *, before: str = "") -> bytes:
    """Return an OFD with a line of text on each page; `before` stands in front of the first page's XML."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/{n}.xml"/>' for n in range(1, len(pages) + 1))
    files = {
        "OFD.xml": f"<ofd:OFD {_NAMESPACE}><ofd:DocBody><ofd:DocRoot>Doc/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc/Document.xml": f"<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, text in enumerate(pages, 1):
        body = (
            f'<ofd:Page {_NAMESPACE}><ofd:Content><ofd:Layer><ofd:TextObject ID="9" Boundary="20 20 160 10" Size="5">'
            f'<ofd:TextCode X="0" Y="5">{text}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>'
        )
        files[f"Doc/Pages/{number}.xml"] = (before if number == 1 else "") + body
    return zipped({name: text.encode() for name, text in files.items()})
