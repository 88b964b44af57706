"""Serves the gallery with the portal's own security policy, and answers uploads and htmx the way the portal does."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from app.web.headers import ALWAYS
from tests.web.gallery.images import draw_pages
from tests.web.gallery.scenes import ROOT, environment, scene, scene_names

REFUSAL = '<div class="notice" data-refusal><p data-message>{}</p></div>'
REPLIES = {
    "/reply/rows": (200, '<div id="rows"><p>新的一页</p></div>'),
    "/reply/invalid": (422, '<p id="rows" class="error">请填姓名</p>'),
    "/reply/moved": (409, '<p id="rows">别人先改了这一条</p>'),
    "/reply/state": (409, REFUSAL.format("现在不能这样办：已借出")),
    "/reply/broken": (500, REFUSAL.format("系统出错了：没有留下一半的数据")),
    "/reply/silent": (503, ""),
}


class Handler(BaseHTTPRequestHandler):
    """Pages by name, files of app/static, drawn images, prepared replies."""

    images: ClassVar[Path]
    uploads: ClassVar[list[bytes]]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path in REPLIES:
            self.answer(REPLIES[path][0], REPLIES[path][1].encode())
        elif path == "/reply/ended":
            self.answer(401, b"", {"HX-Redirect": "/public_login"})
        elif path.startswith("/static/"):
            self.send_path(ROOT / "app" / path[1:])
        elif path.startswith("/images/"):
            self.send_path(self.images / path.removeprefix("/images/"))
        elif path[1:] in scene_names():
            self.answer(200, scene(environment(), path[1:]).encode())
        else:
            self.answer(404, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.uploads.append(body)
        if self.headers["X-CSRF-Token"] != "gallery-token":
            self.answer(403, REFUSAL.format("页面已过期").encode())
        elif b"bad.pdf" in body:
            self.answer(422, REFUSAL.format("此文件不是 PDF 或图片").encode())
        else:
            self.answer(201, "<span>已收到，<a href='/customer'>2 页</a></span>".encode())

    def send_path(self, path: Path) -> None:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.answer(200, path.read_bytes(), {"Content-Type": kind})

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        said = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        for name, value in {**ALWAYS, **said, "Content-Length": str(len(body))}.items():
            if name != "Strict-Transport-Security":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Keep the test output quiet."""


@contextmanager
def serve(images: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the address of a running gallery and the list of the upload bodies that it has got."""
    draw_pages(images)
    uploads: list[bytes] = []
    handler = type("GalleryHandler", (Handler,), {"images": images, "uploads": uploads})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", uploads
        server.shutdown()
        thread.join()
