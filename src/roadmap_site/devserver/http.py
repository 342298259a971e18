"""A small HTTP server for one site on one machine."""

from __future__ import annotations

import ipaddress
import json
import mimetypes
import posixpath
import re
import socket
import socketserver
import sys
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from roadmap_site.devserver.live import LiveSite

CLIENT = Path(__file__).with_name("livereload.js")
POLL_TIMEOUT = 25.0
"""Seconds until a page that waits for news is answered that there are none."""
IDLE_TIMEOUT = 60
"""Seconds that a connection may be idle."""

_NEWS = re.compile(r"/livereload/(\d{1,20})(/.*)")
# What an operating system says of these may be wrong, and browsers run no script of another type.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class DevServer(ThreadingHTTPServer):
    """Serves a LiveSite at the root. Raises OSError where the address is taken or unknown."""

    daemon_threads = True

    def __init__(self, host: str, port: int, site: LiveSite) -> None:
        try:
            if ipaddress.ip_address(host).version == 6:
                self.address_family = socket.AF_INET6
        except ValueError:
            pass  # a name
        self.site = site
        self.client = CLIENT.read_bytes()
        super().__init__((host, port), _Handler)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind, without looking up the machine's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that have left."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: DevServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_TIMEOUT

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if found := _NEWS.fullmatch(path):
            self._tell_news(int(found[1]), found[2])
        elif path == "/livereload/client.js":
            self._send(HTTPStatus.OK, _TYPES[".js"], self.server.client)
        else:
            self._send_file(path)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _tell_news(self, since: int, page: str) -> None:
        site = self.server.site
        site.note_open(_page_path(page))
        news = site.news(since, POLL_TIMEOUT)
        pages = None if news.pages is None else sorted(news.pages)
        body = json.dumps(asdict(news) | {"pages": pages})
        self._send(HTTPStatus.OK, "application/json", body.encode())

    def _send_file(self, path: str) -> None:
        site = self.server.site
        name = posixpath.normpath(f"/{path}").lstrip("/")
        version = site.version  # before the file is read: rather loaded twice than never
        with site.lock:
            file = site.root / name
            if file.is_dir():
                if not path.endswith("/"):
                    self._redirect(f"/{name}/")
                    return
                file /= "index.html"
            is_found = file.is_file() and file.resolve().is_relative_to(site.root.resolve())
            if not is_found:
                file = site.root / "404.html"
            body = file.read_bytes() if file.is_file() else b""
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        if file.suffix == ".html":
            if is_found:
                site.note_open(_page_path(path))
            body = self._made_live(body, version)
            kind = "text/html; charset=utf-8"
        status = HTTPStatus.OK if is_found else HTTPStatus.NOT_FOUND
        self._send(status, kind or "application/octet-stream", body)

    def _made_live(self, page: bytes, version: int) -> bytes:
        """A page with the overlay and the script that keeps it up to date."""
        head, end, tail = page.rpartition(b"</body>")
        if not end:
            head, tail = page, b""
        script = f'<script src="/livereload/client.js" data-version="{version}" defer></script>'
        return b"".join((head, self.server.site.overlay.encode(), script.encode(), end, tail))

    def _redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", quote(path))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing: what the terminal tells is about the curriculum."""


def _page_path(path: str) -> str:
    """The site path of the page at an address: no leading slash, no index.html."""
    return path.lstrip("/").removesuffix("index.html")
