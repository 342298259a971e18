"""A server that is every host below .test, for tests that run the command line.

It has a thread of its own, since the command has an event loop of its own; what is tested within a
loop is served by `loopback.serving`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATUS = {"gone": 404, "wall": 403, "robots": 999, "busy": 503, "down": 500, "moved": 301}
PAGE = b"<!doctype html><title>A page</title><p id=here>Words that somebody wrote.</p>"


@dataclass
class Web:
    """What the server was asked for: whole addresses, in order."""

    port: int = 0
    addresses: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The paths alone."""
        return [f"/{address.split('/', 3)[3]}" for address in self.addresses]

    def forget(self) -> None:
        self.addresses.clear()

    def url(self, path: str, host: str = "a") -> str:
        """The address of a path, whose first word says what comes of it (200 for any other)."""
        return f"http://{host}.test:{self.port}/{path}"


@contextmanager
def serving_web() -> Iterator[Web]:
    """The server, until the end of the block."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.addresses.append(f"http://{self.headers['Host']}{self.path}")
            status = STATUS.get(self.path.split("/")[1], 200)
            self.send_response(status)
            if status == 301:
                self.send_header("Location", self.path.replace("/moved", "/new"))
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            """Nothing goes to the terminal."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512  # whoever finds it full comes again after a second, or three

        def handle_error(self, *_: object) -> None:
            """Who is asked hangs up as it likes; nothing of it goes to what the command says."""

    server = Server(("127.0.0.1", 0), Handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
