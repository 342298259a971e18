"""The workflows that check links, with the very tool, against a server on loopback."""

from __future__ import annotations

import copy
import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any

import pytest

from links.web import STATUS, Web
from roadmap_site.report.links import NO_NETWORK
from roadmap_site.report.links_markdown import ISSUE_BYTES
from workflow_runner import (
    HEAD_OF_COMMAND,
    ON_PULL_REQUEST,
    REPOSITORY,
    WEEKLY,
    Run,
    Runner,
    new_project,
    put_github,
    run_scheduled,
)

HERE = Path(__file__).parent
HEAD = "github.event.pull_request.head.repo.full_name"
FILE = "curriculum/resources/documentation.yml"
# The library of a new project, at hosts of ours.
LIBRARY = new_project()[FILE].replace("https://docs.python.org", "http://docs.test")


def put_tool(runner: Runner, port: int, options: str = "") -> None:
    """This checkout's tool, whose network is the server; without a port it has none."""
    door = f'DOOR="*.test={port}"' if port else "DOOR="
    runner.put_program(
        "roadmap-site/bin/roadmap-site",
        f"#!/bin/sh\nexport {door} DOOR_OPTIONS='--gap 0 {options}'\n"
        f'exec {quote(sys.executable)} {quote(str(HERE / "door.py"))} "$@"\n',
    )


def library(*urls: str) -> str:
    """The library with further resources."""
    more = (
        f"\nmore-{i}:\n  title: More {i}\n  type: documentation\n  url: {json.dumps(url)}\n"
        for i, url in enumerate(urls)
    )
    return LIBRARY + "".join(more)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def check_pull_request(
    folder: Path,
    port: int,
    *added: str,
    before: tuple[str, ...] = (),
    head: str = REPOSITORY,
    more: Mapping[str, str] | None = None,
) -> Run:
    """What the step says of a pull request that adds addresses to a library that has some."""
    runner = Runner(
        folder,
        {FILE: library(*before, *added), **(more or {})},
        ON_PULL_REQUEST,
        begin={FILE: library(*before)},
    )
    runner.put_base()
    put_tool(runner, port)
    return runner.run("Check the links", values={HEAD: head})


# ------------------------------------------------------------------------------- on a pull request


def test_only_what_is_new_is_asked_for(tmp_path: Path, web: Web) -> None:
    """Among what is old is a 404, which others did."""
    done = check_pull_request(
        tmp_path, web.port, "http://new.test/a", before=("http://a.test/gone",)
    )
    assert done.code == 0, done.output
    assert web.addresses == ["http://new.test/a"]
    assert "::error" not in done.output


def test_a_new_404_is_marked_at_its_line(tmp_path: Path, web: Web) -> None:
    done = check_pull_request(tmp_path, web.port, "http://new.test/a", "http://new.test/gone")
    assert done.code == 1
    line = line_of(library("http://new.test/a", "http://new.test/gone"), "new.test/gone")
    errors = re.findall(r"^::error file=(.*?),line=(\d+),", done.output, re.MULTILINE)
    assert errors == [(FILE, str(line))]
    assert "http://new.test/gone" in done.summary
    assert f"{FILE}:{line}" in done.summary


def test_walls_and_weather_hold_nobody_up(tmp_path: Path, web: Web) -> None:
    urls = [f"http://{name}.test/{name}" for name in ("wall", "robots", "busy")]
    done = check_pull_request(tmp_path, web.port, *urls)
    assert done.code == 0, done.output
    assert set(web.addresses) == set(urls)
    assert all(url in done.summary for url in urls)
    assert "::error" not in done.output


def test_a_fork_may_have_300_asked(tmp_path: Path, web: Web) -> None:
    urls = [f"http://host-{i // 5}.test/{i}" for i in range(301)]
    done = check_pull_request(tmp_path, web.port, *urls, head="stranger/curriculum")
    assert done.code == 0, done.output
    assert len(web.addresses) == len(set(web.addresses)) == 300
    assert "unchecked" in done.summary


def test_no_network_is_said_in_a_line(tmp_path: Path) -> None:
    done = check_pull_request(tmp_path, 0, *(f"http://host-{i}.test/" for i in range(5)))
    assert done.code == 3
    assert done.output.count(NO_NETWORK) == 1
    assert "::error" not in done.output


CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
HOSTILE = (
    "http://new.test/gone/\n::error::x",
    "http://new.test/gone/%0A::error::x",
    "http://new.test/gone/|x|`y`<img src=x>",
    "http://new.test/gone/[a](http://new.test)",
    "http://new.test/gone/\x1b[31m\r##[error]x",
    "http://$(touch stolen).test/`touch stolen`",
    "javascript:alert(1)",
    "http://127.0.0.1:22/",
)


def test_words_of_a_stranger_give_no_orders(tmp_path: Path, web: Web) -> None:
    done = check_pull_request(tmp_path, web.port, *HOSTILE, head="stranger/curriculum")
    assert done.code == 1
    for line in done.output.splitlines():
        if HEAD_OF_COMMAND.match(line):
            assert line.startswith(("::error file=", "::warning file=", "::notice file="))
    assert "\x1b" not in done.output + done.summary
    assert not HEAD_OF_COMMAND.search(done.summary)
    assert done.output.count("::error file=") == len(HOSTILE)
    assert "<img" in done.summary
    assert "<img" not in CODE_SPAN.sub("", done.summary)
    rows = [line for line in done.summary.splitlines() if line.startswith("| ")]
    assert len({CODE_SPAN.sub("", row).count("|") for row in rows}) == 1
    assert not list(tmp_path.rglob("stolen"))
    assert {url.partition("/gone/")[0] for url in web.addresses} == {"http://new.test"}


def test_links_within_are_held_against_the_site_that_the_base_builds(
    tmp_path: Path, web: Web
) -> None:
    """Its anchors have underscores, where the usual ones have hyphens."""
    page = "curriculum/pages/new.md"
    settings = new_project()["mkdocs.yml"].replace("toc:\n", 'toc:\n      separator: "_"\n')
    runner = Runner(
        tmp_path,
        {page: "# Two words\n\n[Here](#two_words)\n\n[Nowhere](#two-words)\n"},
        ON_PULL_REQUEST,
        begin={"mkdocs.yml": settings},
    )
    runner.put_base()
    put_tool(runner, web.port)
    done = runner.run("Check the links", values={HEAD: REPOSITORY})
    assert done.code == 1
    errors = re.findall(r"^::error file=(.*?),line=(\d+),", done.output, re.MULTILINE)
    assert errors == [(page, "5")], done.output


def test_no_code_of_the_pull_request_runs(tmp_path: Path, web: Web) -> None:
    evil = "from pathlib import Path\nPath('stolen').touch()\n"
    more = {
        "mkdocs.yml": new_project()["mkdocs.yml"] + "\nhooks: [evil.py]\n",
        "evil.py": evil,
        "yaml.py": evil,
        "sitecustomize.py": evil,
    }
    done = check_pull_request(tmp_path, web.port, "http://new.test/a", more=more)
    assert done.code == 0, done.output
    assert not list(tmp_path.rglob("stolen"))


@pytest.mark.parametrize("folder", [".", "curriculum/.."])
def test_a_curriculum_beside_mkdocs_yml_is_not_taken_over(
    tmp_path: Path, web: Web, folder: str
) -> None:
    job = copy.deepcopy(ON_PULL_REQUEST)
    job["env"]["FOLDER"] = folder
    runner = Runner(tmp_path, {FILE: library("http://new.test/a")}, job, begin={FILE: library()})
    runner.put_base()
    put_tool(runner, web.port)
    done = runner.run("Check the links", values={HEAD: REPOSITORY})
    assert done.code == 1
    assert "::error::Keep the curriculum in a folder of its own" in done.output
    assert not web.asked


# -------------------------------------------------------------------------------------- scheduled


class Weeks:
    """Runs of the scheduled job, one after another."""

    def __init__(self, folder: Path, port: int) -> None:
        self.runner = Runner(folder, {}, WEEKLY, begin={FILE: library("http://a.test/gone")})
        put_tool(self.runner, port)
        self.file = put_github(self.runner)

    def run(self) -> Run:
        return run_scheduled(self.runner)

    @property
    def issues(self) -> list[dict[str, Any]]:
        issues = json.loads(self.file.read_text("utf-8"))["issues"]
        assert isinstance(issues, list)
        return issues


@pytest.mark.skipif(not shutil.which("jq"), reason="gh's filters are run by jq")
def test_what_is_broken_stands_in_an_issue_until_it_is_mended(tmp_path: Path, web: Web) -> None:
    weeks = Weeks(tmp_path, web.port)
    first = weeks.run()
    assert first.code == 0, first.output
    (opened,) = weeks.issues
    line = line_of(library("http://a.test/gone"), "a.test/gone")
    for text in (opened["body"], first.summary):
        assert "http://a.test/gone" in text
        assert f"{FILE}:{line}" in text
    assert len(set(web.addresses)) == 4
    assert ISSUE_BYTES <= 65_000  # what the workflow writes above the list has the rest

    # What worked is remembered, and what failed is asked again.
    assert (weeks.runner.temp / "links.jsonl").is_file()
    web.forget()
    assert weeks.run().code == 0
    assert set(web.addresses) == {"http://a.test/gone"}
    assert [one["state"] for one in weeks.issues] == ["open"]

    (weeks.runner.clone / FILE).write_text(LIBRARY, "utf-8")
    assert weeks.run().code == 0
    assert [one["state"] for one in weeks.issues] == ["closed"]


@pytest.mark.skipif(not shutil.which("jq"), reason="gh's filters are run by jq")
def test_what_was_broken_and_is_not_asked_again_keeps_the_issue_open(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    weeks = Weeks(tmp_path, web.port)
    (weeks.runner.clone / FILE).write_text(library("http://a.test/gone", "http://b.test/gone"))
    assert weeks.run().code == 0
    assert [one["state"] for one in weeks.issues] == ["open"]
    monkeypatch.setitem(STATUS, "gone", 200)
    put_tool(weeks.runner, web.port, "--limit 1")  # as time that is over leaves the rest
    web.forget()
    assert weeks.run().code == 0
    assert web.addresses == ["http://a.test/gone"], "what failed before comes first"
    (kept,) = weeks.issues
    assert kept["state"] == "open"
    (row,) = (line for line in kept["body"].splitlines() if "b.test/gone" in line)
    assert row.startswith("| unchecked |")
    assert "; broken on 20" in row
    assert "404 Not Found, twice" in row
    put_tool(weeks.runner, web.port)
    assert weeks.run().code == 0
    assert [one["state"] for one in weeks.issues] == ["closed"]


@pytest.mark.skipif(not shutil.which("jq"), reason="gh's filters are run by jq")
def test_what_was_broken_and_is_behind_a_wall_now_keeps_the_issue_open(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    weeks = Weeks(tmp_path, web.port)
    assert weeks.run().code == 0
    monkeypatch.setitem(STATUS, "gone", 403)
    for _ in range(3):
        assert weeks.run().code == 0
        (kept,) = weeks.issues
        assert kept["state"] == "open"
        (row,) = (line for line in kept["body"].splitlines() if "a.test/gone" in line)
        assert row.startswith("| blocked |")
        assert "; broken on 20" in row
    monkeypatch.setitem(STATUS, "gone", 200)
    assert weeks.run().code == 0
    assert [one["state"] for one in weeks.issues] == ["closed"]


@pytest.mark.skipif(not shutil.which("jq"), reason="gh's filters are run by jq")
@pytest.mark.parametrize("status", [403, 503])
def test_what_is_accepted_as_broken_keeps_no_issue_open(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Not on a day when its host is down either."""
    weeks = Weeks(tmp_path, web.port)
    assert weeks.run().code == 0
    accepted = re.sub(
        "(a.test/gone.*)", r"\1 # roadmap: ignore[RS801] meant", library("http://a.test/gone")
    )
    (weeks.runner.clone / FILE).write_text(accepted, "utf-8")
    monkeypatch.setitem(STATUS, "gone", status)
    done = weeks.run()
    assert done.code == 0
    assert [one["state"] for one in weeks.issues] == ["closed"]
    assert "Accepted in place: 1" in done.summary


def test_a_pull_request_asks_nothing_that_the_scheduled_run_saw(tmp_path: Path, web: Web) -> None:
    weeks = Weeks(tmp_path / "weekly", web.port)
    assert weeks.runner.run("Check every link", "schedule").code == 0
    web.forget()
    runner = Runner(
        tmp_path / "pull", {FILE: LIBRARY}, ON_PULL_REQUEST, begin={FILE: library()[:1]}
    )
    runner.put_base()
    put_tool(runner, web.port)
    shutil.copy(weeks.runner.temp / "links.jsonl", runner.temp / "links.jsonl")
    done = runner.run("Check the links", values={HEAD: REPOSITORY})
    assert (done.code, web.addresses) == (0, []), done.output


@pytest.mark.parametrize(("port", "code"), [(0, 3), (1, 2)], ids=["no network", "no curriculum"])
def test_a_run_that_could_not_ask_opens_no_issue(tmp_path: Path, port: int, code: int) -> None:
    weeks = Weeks(tmp_path, port)
    if port:
        shutil.rmtree(weeks.runner.clone / "curriculum")
    done = weeks.run()
    assert done.code == code, done.output
    assert weeks.issues == []
