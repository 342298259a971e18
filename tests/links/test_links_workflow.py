"""The workflows that check links: what they ask of the tool, and what they make of its answer.

The tool is a program that notes its arguments and ends as it is told; GitHub is a file.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import pytest

from workflow_runner import (
    ON_PULL_REQUEST,
    REPOSITORY,
    WEEKLY,
    Run,
    Runner,
    new_project,
    put_github,
    run_scheduled,
)

HEAD = "github.event.pull_request.head.repo.full_name"
MARK = "<!-- roadmap-site links -->"
BOT = "github-actions[bot]"

TOOL = """\
import json, sys
from pathlib import Path
folder = Path(__file__).parent
told = json.loads((folder / "told.json").read_text("utf-8"))
given = sys.argv[1:]
(folder / "asked.json").write_text(json.dumps([str(Path.cwd()), *given]))
if told["report"] is not None:
    Path(given[given.index("--output") + 1]).write_text(told["report"], "utf-8")
if "--cache" in given:
    with Path(given[given.index("--cache") + 1]).open("a") as stream:
        stream.write("seen\\n")
print("Said by the tool")
sys.exit(told["code"])
"""


def put_tool(runner: Runner, code: int, report: str | None = None) -> None:
    runner.put_program(
        "roadmap-site/bin/roadmap-site",
        f'#!/bin/sh\nexec {quote(sys.executable)} "$0.py" "$@"\n',
    )
    runner.put_program("roadmap-site/bin/roadmap-site.py", TOOL)
    told = json.dumps({"code": code, "report": report})
    runner.put_program("roadmap-site/bin/told.json", told)


def asked(runner: Runner) -> list[str]:
    """The arguments that the tool was called with last."""
    _, *arguments = json.loads((runner.temp / "roadmap-site/bin/asked.json").read_text())
    return [str(argument) for argument in arguments]


def asked_in(runner: Runner) -> Path:
    """The folder that it was called in."""
    folder, *_ = json.loads((runner.temp / "roadmap-site/bin/asked.json").read_text())
    return Path(folder)


def value(arguments: Sequence[str], option: str) -> str:
    return arguments[arguments.index(option) + 1]


# ------------------------------------------------------------------------------- on a pull request


@pytest.mark.parametrize(
    ("head", "limit"),
    [
        (REPOSITORY, None),
        ("stranger/curriculum", "300"),
        ("owner/curriculum-2", "300"),
        ("", "300"),
    ],
    ids=["branch", "fork", "alike", "deleted"],
)
def test_a_fork_may_have_300_addresses_asked(tmp_path: Path, head: str, limit: str | None) -> None:
    runner = Runner(tmp_path, {}, ON_PULL_REQUEST)
    runner.put_base()
    put_tool(runner, 0)
    done = runner.run("Check the links", values={HEAD: head})
    assert (done.code, done.output) == (0, "Said by the tool\n")
    arguments = asked(runner)
    assert arguments[0] == "links"
    assert arguments[-2:] == ["--", "curriculum"]
    assert value(arguments, "--since") == "origin/main"
    assert value(arguments, "--format") == "github"
    assert value(arguments, "--deadline") == "300"
    assert value(arguments, "--cache") == str(runner.temp / "links.jsonl")
    assert (value(arguments, "--limit") if "--limit" in arguments else None) == limit


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_step_ends_as_the_tool_does(tmp_path: Path, code: int) -> None:
    runner = Runner(tmp_path, {}, ON_PULL_REQUEST)
    runner.put_base()
    put_tool(runner, code)
    assert runner.run("Check the links", values={HEAD: REPOSITORY}).code == code


def test_names_of_a_stranger_are_no_commands(tmp_path: Path) -> None:
    evil = "$(touch${IFS}stolen);`touch${IFS}stolen`'\"|%0A::error"
    runner = Runner(tmp_path, {}, ON_PULL_REQUEST, base="main-$(touch${IFS}stolen);`id`'&\"|x")
    runner.put_base()
    put_tool(runner, 0)
    done = runner.run("Check the links", values={HEAD: f"{evil}\n::error::x"})
    assert (done.code, done.output, done.summary) == (0, "Said by the tool\n", "")
    assert value(asked(runner), "--since") == f"origin/{runner.base}"
    assert not list(tmp_path.rglob("stolen"))


def test_a_pull_request_brings_no_memory(tmp_path: Path) -> None:
    """Files of its own where the memory might be: nothing reads or writes them."""
    names = ("links.jsonl", "temp/links.jsonl", ".roadmap-site/links.jsonl")
    runner = Runner(tmp_path, dict.fromkeys(names, "forged\n"), ON_PULL_REQUEST)
    runner.put_base()
    put_tool(runner, 0)
    assert runner.run("Check the links", values={HEAD: REPOSITORY}).code == 0
    for folder in (runner.clone, asked_in(runner)):
        assert not Path(value(asked(runner), "--cache")).is_relative_to(folder)
    assert {(runner.clone / name).read_text() for name in names} == {"forged\n"}


def test_of_the_pull_request_the_curriculum_alone_is_looked_at(tmp_path: Path) -> None:
    """What builds the site is the base's: an mkdocs.yml may name programs."""
    gone, new = "curriculum/pages/about.md", "curriculum/pages/new.md"
    change = {new: "# New", "mkdocs.yml": "hooks: [evil.py]\n", "evil.py": "raise SystemExit(9)"}
    runner = Runner(tmp_path, change, ON_PULL_REQUEST, gone=[gone])
    runner.put_base()
    put_tool(runner, 0)
    assert runner.run("Check the links", values={HEAD: REPOSITORY}).code == 0
    folder = asked_in(runner)
    assert "evil" in (runner.clone / "mkdocs.yml").read_text()
    assert (folder / "mkdocs.yml").read_text("utf-8") == new_project()["mkdocs.yml"]
    assert not (folder / "evil.py").exists()
    assert (folder / new).read_text() == "# New"
    assert not (folder / gone).exists()


# -------------------------------------------------------------------------------------- scheduled


class Weeks:
    """Runs of the scheduled job, one after another, and the issues that they leave."""

    def __init__(self, folder: Path, issues: Iterable[Mapping[str, Any]] = ()) -> None:
        self.runner = Runner(folder, {}, WEEKLY)
        self.file = put_github(self.runner, issues)

    def run(self, code: int, report: str | None = "# Broken\n") -> Run:
        """The step that asks and, where it ends well, the one that tells."""
        put_tool(self.runner, code, report)
        return run_scheduled(self.runner)

    @property
    def state(self) -> Any:
        return json.loads(self.file.read_text("utf-8"))

    @property
    def issues(self) -> Mapping[int, Mapping[str, Any]]:
        return {issue["number"]: issue for issue in self.state["issues"]}


def issue(number: int, login: str = "somebody", **more: Any) -> dict[str, Any]:
    body = f"{MARK}\nmine"
    return {
        "number": number,
        "state": "open",
        "title": "Broken links",
        "user": {"login": login},
        "body": body,
        **more,
    }


needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="gh's filters are run by jq")


@needs_jq
def test_one_issue_is_opened_kept_up_to_date_and_closed(tmp_path: Path) -> None:
    weeks = Weeks(tmp_path)
    assert weeks.run(0, "All is well\n").code == 0
    assert weeks.issues == {}

    first = weeks.run(1, "- `https://gone.test/`\n")
    assert first.code == 0, first.output
    assert first.summary == "- `https://gone.test/`\n"
    (opened,) = weeks.issues.values()
    assert (opened["title"], opened["state"]) == ("Broken links", "open")
    assert opened["body"].startswith(f"{MARK}\n")
    assert opened["body"].endswith("\n\n- `https://gone.test/`\n")
    assert f"(https://github.example.org/{REPOSITORY}/actions/runs/77)" in opened["body"]

    assert weeks.run(1, "- `https://lost.test/`\n").code == 0
    (updated,) = weeks.issues.values()
    assert "lost.test" in updated["body"]
    assert "gone.test" not in updated["body"]
    assert weeks.state["comments"] == []

    assert weeks.run(0, "All is well\n").code == 0
    (closed,) = weeks.issues.values()
    assert closed["state"] == "closed"
    (comment,) = weeks.state["comments"]
    assert "no broken link" in comment["body"]
    assert weeks.run(0, "All is well\n").code == 0
    assert len(weeks.state["comments"]) == 1

    assert weeks.run(1).code == 0
    assert [one["state"] for one in weeks.issues.values()] == ["closed", "open"]


@needs_jq
def test_the_issue_stays_where_a_run_did_not_get_to_ask_for_all(tmp_path: Path) -> None:
    partly = "## Links\n\nNothing fails, but not all is known: 2 links\n"
    weeks = Weeks(tmp_path)
    assert weeks.run(0, partly).code == 0
    assert weeks.issues == {}, "it is opened for what is broken alone"
    assert weeks.run(1).code == 0
    assert weeks.run(0, partly).code == 0
    (kept,) = weeks.issues.values()
    assert (kept["state"], weeks.state["comments"]) == ("open", [])
    assert kept["body"].endswith(f"\n\n{partly}")
    # The same words in an address are none of ours.
    assert weeks.run(0, "## Links\n\nNothing fails: 1 link\n\nnot all is known\n").code == 0
    assert weeks.issues[1]["state"] == "closed"


@needs_jq
def test_where_github_does_not_answer_no_second_issue_is_opened(tmp_path: Path) -> None:
    weeks = Weeks(tmp_path, [issue(1, BOT)])
    weeks.runner.put_program(
        "bin/gh",
        f'#!/bin/sh\ncase "$*" in *PATCH* | *POST*) echo "$*" >{tmp_path}/wrote;; esac\n'
        'case "$*" in *--paginate*) echo "HTTP 502" >&2; exit 1;; esac\n',
    )
    assert weeks.run(1).code != 0
    assert not (tmp_path / "wrote").exists()


@needs_jq
@pytest.mark.parametrize("refused", ["PATCH", "comments"])
def test_what_github_refuses_once_is_done_by_the_next_run(tmp_path: Path, refused: str) -> None:
    weeks = Weeks(tmp_path, [issue(1, BOT)])
    gh = weeks.runner.temp / "bin/gh"
    works = gh.read_text()
    fails = f'case "$*" in *{refused}*) echo "HTTP 403" >&2; exit 1;; esac\n'
    weeks.runner.put_program("bin/gh", works.replace("GH_STATE", f"{fails}GH_STATE"))
    assert weeks.run(0).code == 1
    assert weeks.state["comments"] == []
    assert weeks.issues[1]["state"] == ("open" if refused == "PATCH" else "closed")
    weeks.runner.put_program("bin/gh", works)
    assert weeks.run(0).code == 0
    assert weeks.issues[1]["state"] == "closed"


@needs_jq
def test_issues_of_others_are_let_be(tmp_path: Path) -> None:
    """Same title, same mark, same author: never all of it."""
    others = [
        issue(1),
        issue(2, BOT, body="Another workflow's, which quotes: " + MARK),
        issue(3, BOT, pull_request={"url": "x"}),
        issue(4, BOT, body=None),
        issue(5, BOT, state="closed"),
        issue(6, "github-actions"),
    ]
    weeks = Weeks(tmp_path, others)
    assert weeks.run(0).code == 0
    assert weeks.run(1).code == 0
    assert [weeks.issues[number] for number in range(1, 7)] == others
    assert weeks.issues[7]["user"] == {"login": BOT}
    assert weeks.state["comments"] == []


@needs_jq
def test_the_issue_is_found_among_hundreds_and_the_oldest_is_kept(tmp_path: Path) -> None:
    many = [issue(number) for number in range(10, 300)]
    weeks = Weeks(tmp_path, [issue(5, BOT), *many, issue(300, BOT)])
    assert weeks.run(1).code == 0
    assert "[The last run]" in weeks.issues[5]["body"]
    assert weeks.issues[300] == issue(300, BOT)
    weeks = Weeks(tmp_path / "other", [*many, issue(300, BOT)])
    assert weeks.run(1).code == 0
    assert "[The last run]" in weeks.issues[300]["body"]


@pytest.mark.parametrize(
    ("code", "report"),
    [(2, None), (2, "partial"), (3, "partial"), (1, None), (137, None)],
    ids=["cannot run", "half run", "no network", "breaks down", "killed"],
)
def test_a_run_that_knows_nothing_says_nothing(
    tmp_path: Path, code: int, report: str | None
) -> None:
    weeks = Weeks(tmp_path, [issue(1, BOT)])
    done = weeks.run(code, report)
    assert done.code == code
    assert "Said by the tool\n::error::" in done.output
    assert (done.summary, done.outputs) == ("", {})
    assert weeks.state["requests"] == []


def test_what_was_seen_is_kept_also_where_links_are_broken(tmp_path: Path) -> None:
    """The step that saves comes after the one that asks, before the one that may fail at GitHub."""
    steps = WEEKLY["steps"]
    (saves,) = (i for i, step in enumerate(steps) if "cache/save" in step.get("uses", ""))
    (asks,) = (i for i, step in enumerate(steps) if step.get("id") == "links")
    (tells,) = (i for i, step in enumerate(steps) if "GH_TOKEN" in step.get("env", {}))
    assert asks < saves < tells
    assert "if" not in steps[saves]
    weeks = Weeks(tmp_path)
    put_tool(weeks.runner, 1, "Broken")
    done = weeks.runner.run("Check every link", "schedule")
    assert (done.code, done.outputs) == (0, {"code": "1"})
    arguments = asked(weeks.runner)
    assert (weeks.runner.temp / "links.jsonl").read_text() == "seen\n"
    assert "--since" not in arguments
    assert "--limit" not in arguments
    assert value(arguments, "--format") == "markdown"


@needs_jq
def test_the_longest_list_fits_into_what_github_takes(tmp_path: Path) -> None:
    """65,536 characters; the tool's own bound is 65,000 bytes."""
    weeks = Weeks(tmp_path)
    assert weeks.run(1, "x" * 65_000).code == 0
    (opened,) = weeks.issues.values()
    # Names of owners have 39 characters at most, those of repositories 100.
    assert len(opened["body"]) + 39 + 100 < 65_536


@needs_jq
def test_no_text_of_a_link_gives_orders_to_the_runner(tmp_path: Path) -> None:
    evil = "::error::x\n##[error]y\n$(touch stolen) `touch stolen` %s\\n @you\n"
    weeks = Weeks(tmp_path)
    for _ in range(2):
        done = weeks.run(1, evil)
        assert (done.code, done.output) == (0, "Said by the tool\n")
    (opened,) = weeks.issues.values()
    assert opened["body"].endswith(evil)
    assert not list(tmp_path.rglob("stolen"))


def test_only_the_last_step_has_the_token() -> None:
    for step in WEEKLY["steps"][:-1]:
        assert "token" not in json.dumps(step)
