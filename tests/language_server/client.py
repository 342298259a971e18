"""The YAML language server as VS Code runs it: over its standard streams, with a folder's settings.

Only as much of the protocol as the tests need. https://microsoft.github.io/language-server-protocol
"""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

TIMEOUT = 30
"""Seconds to wait for what the server takes a fraction of one for."""


@dataclass(frozen=True)
class Problem:
    """What the server marks in a file: the line (from 1), the text that is marked, the message."""

    line: int
    marked: str
    message: str


class LanguageServer:
    """A server that has opened a folder; a context manager, because it has to be ended."""

    def __init__(self, script: Path, folder: Path) -> None:
        self.folder = folder
        self.settings = json.loads((folder / ".vscode/settings.json").read_text("utf-8"))
        self._numbers = count(1)
        self._versions = count(1)
        self._messages: queue.Queue[Mapping[str, Any]] = queue.Queue()
        self._diagnostics: dict[str, list[Any]] = {}
        self._process = subprocess.Popen(
            ["node", str(script), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self._start()

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    # ---------------------------------------------------------------------------- questions

    def problems(self, path: str, text: str | None = None) -> list[Problem]:
        """What is marked in a file, with `text` in it as if it had just been typed."""
        uri, text = self._show(path, text)
        lines = text.split("\n")
        return [
            Problem(start["line"] + 1, _marked(lines, start, found["range"]["end"]), message)
            for found in self._judged(uri)
            for start, message in [(found["range"]["start"], found["message"])]
        ]

    def faulty(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """The messages in those files that have any, as they stand on disk."""
        uris = {path: self._show(path)[0] for path in paths}
        found = {path: [p["message"] for p in self._judged(uri)] for path, uri in uris.items()}
        return {path: messages for path, messages in found.items() if messages}

    def changed(self, paths: Iterable[str]) -> None:
        """Tell the server, as VS Code does, that files were written by another program."""
        uris = [(self.folder / path).as_uri() for path in paths]
        changes = [{"uri": uri, "type": 2} for uri in uris]
        self._tell("workspace/didChangeWatchedFiles", {"changes": changes})

    def completions(self, path: str, text: str) -> dict[str, Mapping[str, Any]]:
        """What is offered where `|` stands in the text, by label."""
        answer = self._at_cursor("textDocument/completion", path, text)
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items or ()}

    def hover(self, path: str, text: str) -> str:
        """What is shown where the mouse rests: at the `|` in the text."""
        answer = self._at_cursor("textDocument/hover", path, text)
        return str(answer["contents"]["value"]) if answer else ""

    def _at_cursor(self, method: str, path: str, text: str) -> Any:
        head, _, tail = text.partition("|")
        uri, _ = self._show(path, head + tail)
        self._judged(uri)
        line, character = head.count("\n"), len(head) - head.rfind("\n") - 1
        return self._ask(
            method,
            {
                "textDocument": {"uri": uri},
                "position": {"line": line, "character": character},
            },
        )

    # ----------------------------------------------------------------------------- protocol

    def _start(self) -> None:
        root = self.folder.as_uri()
        capabilities = {
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {
                "completion": {
                    "completionItem": {
                        "snippetSupport": True,
                        "documentationFormat": ["markdown", "plaintext"],
                    }
                },
                "hover": {"contentFormat": ["markdown", "plaintext"]},
            },
        }
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "capabilities": capabilities,
                "workspaceFolders": [{"uri": root, "name": self.folder.name}],
            },
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {}})

    def _section(self, name: str) -> Any:
        """The settings below a name, nested as VS Code hands them out."""
        if name in self.settings:
            return self.settings[name]
        # Nothing is fetched from elsewhere, whatever the server's own setting is.
        section: dict[str, Any] = {"schemaStore": {"enable": False}} if name == "yaml" else {}
        for key, value in self.settings.items():
            if key.startswith(f"{name}."):
                *path, last = key.removeprefix(f"{name}.").split(".")
                inner = section
                for step in path:
                    inner = inner.setdefault(step, {})
                inner[last] = value
        return section

    def _show(self, path: str, text: str | None = None) -> tuple[str, str]:
        """Open a file, or change it where it is open."""
        file = self.folder / path
        text = file.read_text("utf-8") if text is None else text
        uri = file.as_uri()
        document: dict[str, Any] = {"uri": uri, "version": next(self._versions)}
        if uri in self._diagnostics:
            changes = {"textDocument": document, "contentChanges": [{"text": text}]}
            self._tell("textDocument/didChange", changes)
            del self._diagnostics[uri]
        else:
            document |= {"languageId": "yaml", "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        return uri, text

    def _judged(self, uri: str) -> list[Any]:
        """What the server says of a file it was shown; it says so once each time."""
        while uri not in self._diagnostics:
            self._handle(self._messages.get(timeout=TIMEOUT))
        return self._diagnostics[uri]

    def _ask(self, method: str, params: Mapping[str, Any]) -> Any:
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._messages.get(timeout=TIMEOUT)
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._handle(message)

    def _tell(self, method: str, params: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _handle(self, message: Mapping[str, Any]) -> None:
        params = message.get("params") or {}
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[params["uri"]] = params["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            result = [self._section(item["section"]) for item in params["items"]]
            self._send({"id": message["id"], "result": result})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream
        while line := stream.readline():
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                while stream.readline().strip():
                    pass
                self._messages.put(json.loads(stream.read(int(value))))


def _marked(lines: list[str], start: Mapping[str, int], end: Mapping[str, int]) -> str:
    line = lines[start["line"]]
    last = end["character"] if end["line"] == start["line"] else len(line)
    return line[start["character"] : last]
