"""How long a save takes to show: from writing a YAML file to its text on the page.

    python -m benchmarks.saves COMMAND    prints its times as JSON; roadmap_site or mkdocs

A page is asked for, and then, as its script does, whether there is anything new; once the answer
comes, the page is asked for again until it has the new text. The browser's own work is not seen.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.generate import SITE_CONFIG

from roadmap_site import check, load, render

COMMANDS = ("roadmap_site", "mkdocs")
SAVES = 20
PATIENCE = 30.0
"""Seconds until a server or a save is given up."""
PAUSE = 0.7
"""Seconds between a save that shows and the next: MkDocs looks at the files twice a second."""

# Both commands' scripts: what they ask to hear of anything new.
_ASKS = (
    (re.compile(r"livereload\((\d+), (\d+)\);"), "/livereload/{}/{}"),
    (re.compile(r'client\.js" data-version="(\d+)()"'), "/livereload/{}/"),
)
_WORDS = re.compile(r"^\s+(?:- |brief: |text: )([A-Z][a-z]+(?: [a-z]+){1,8})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Saves:
    """The seconds each save took to show; `load` is the machine's, a minute's mean, afterwards."""

    seconds: tuple[float, ...]
    load: float

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """The nearest rank: of 20 saves, the 19th."""
        return sorted(self.seconds)[math.ceil(len(self.seconds) * 0.95) - 1]


@dataclass(frozen=True, slots=True)
class Edit:
    """Words in a YAML file, and the page that shows them."""

    file: str
    words: str
    page: str


def measure(command: str, saves: int = SAVES) -> Saves:
    """Serve a copy of the repository's own tracks, and save their files in turn."""
    with tempfile.TemporaryDirectory(prefix="roadmap-bench-") as name:
        project = Path(name)
        shutil.copy(SITE_CONFIG, project)
        shutil.copytree(SITE_CONFIG.parent / "curriculum", project / "curriculum")
        edits = list(_edits(project / "curriculum"))
        with _serving(project, command) as url:
            seconds = [
                _save(project / "curriculum", edits[number % len(edits)], url, number)
                for number in range(saves)
            ]
    return Saves(tuple(seconds), os.getloadavg()[0])


def _edits(folder: Path) -> Iterator[Edit]:
    """One edit a track that leaves the curriculum without a fault."""
    curriculum = load(folder).curriculum
    assert curriculum is not None
    pages = render(curriculum).pages
    for track in curriculum.tracks:
        yield next(
            Edit(file.path, words, page.path)
            for page in pages
            if page.span and page.track == track.id and page.kind in ("week", "phase")
            for file in (page.span.file,)
            for words in _WORDS.findall(file.text)
            if file.text.count(words) == 1 and words in page.html
            if _is_harmless(folder, file.path, words)
        )


def _is_harmless(folder: Path, file: str, words: str) -> bool:
    path = folder / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(words, f"{words} saved"), "utf-8")
    is_harmless = not check(load(folder)).fails()
    path.write_text(text, "utf-8")
    return is_harmless


@contextmanager
def _serving(project: Path, command: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{1}".format(*probe.getsockname())
    arguments = [sys.executable, "-m", command, "serve", "-a", address]
    # Published at the root, so that both commands serve it there.
    environment = {**os.environ, "SITE_URL": f"http://{address}/"}
    with (project / "log").open("wb") as log:
        process = subprocess.Popen(
            arguments, cwd=project, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://{address}"
        until = time.monotonic() + PATIENCE
        while not _get(url, "/"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((project / "log").read_text("utf-8", "replace"))
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def _get(url: str, path: str) -> str:
    try:
        with urllib.request.urlopen(url + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode("utf-8"))
    except urllib.error.URLError:
        return ""


def _save(folder: Path, edit: Edit, url: str, number: int) -> float:
    """The seconds until one save shows."""
    words, new = f"{edit.words}", f"{edit.words} saved {number} times"
    path = f"/{edit.page}"
    page = _get(url, path)
    waiting = threading.Thread(target=_get, args=(url, _question(page, path)))
    waiting.start()
    time.sleep(PAUSE)
    file = folder / edit.file
    text = re.sub(rf"{re.escape(words)}( saved \d+ times)?", new, file.read_text("utf-8"))
    start = time.perf_counter()
    file.write_text(text, "utf-8")
    waiting.join()
    while new not in (page := _get(url, path)):
        if time.perf_counter() - start > PATIENCE:
            raise RuntimeError(f"{path} does not show «{new}»")
        _get(url, _question(page, path))
    return time.perf_counter() - start


def _question(page: str, path: str) -> str:
    for pattern, address in _ASKS:
        if found := pattern.search(page):
            return address.format(*found.groups()) + ("" if found[2] else path[1:])
    raise RuntimeError(f"{path} has no live reload")


def measure_apart(command: str) -> Saves:
    """The same in a process of its own, which leaves nothing in the memory of this one."""
    arguments = [sys.executable, "-m", "benchmarks.saves", command]
    done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, cwd=SITE_CONFIG.parent)
    found = json.loads(done.stdout)
    return Saves(tuple(found["seconds"]), found["load"])


def main(arguments: Sequence[str]) -> None:
    print(json.dumps(asdict(measure(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
