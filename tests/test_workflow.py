"""The workflow that checks a pull request: what it trusts, and its steps run as GitHub does."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

import click
import pytest
import yaml

from roadmap_site.cli import main
from site_builder import CHECKOUT
from workflow_runner import (
    HEAD_OF_COMMAND,
    MONTH,
    WORKFLOWS,
    Run,
    Runner,
    new_project,
    own,
    with_defaults,
    workflow,
)

REUSABLE = own("curriculum.yml")
LINKS, WEEKLY = own("links.yml"), own("links-weekly.yml")
STEPS = REUSABLE["jobs"]["check"]["steps"]
EVERY = {path.name: own(path.name) for path in WORKFLOWS.glob("*.yml")} | {
    f"new {name}": workflow(text)
    for name, text in new_project().items()
    if name.startswith(".github/workflows/")
}


# --------------------------------------------------------------------------------- what it trusts


SCHEDULED = "github.event_name == 'schedule' || github.event_name == 'workflow_dispatch' &&"


@pytest.mark.parametrize("name", EVERY)
def test_no_workflow_gives_a_pull_request_more_than_reading(name: str) -> None:
    one = EVERY[name]
    events = set(one["on"])
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & events
    assert one["permissions"] == {"contents": "read"}
    for job in one["jobs"].values():
        wants = job.get("permissions", {})
        writes = {scope for scope, right in wants.items() if right == "write"}
        condition = job.get("if", "")
        if "workflow_call" in events:
            # Whoever calls it has events of its own.
            assert not writes or condition.startswith(SCHEDULED)
        elif "pull_request" in events:
            assert not writes or "!= 'pull_request'" in condition
        if "issues" in writes:
            assert wants == {"contents": "read", "issues": "write"}
            assert events <= {"schedule", "workflow_dispatch"} or events == {"workflow_call"}
        for step in job.get("steps", ()):
            uses = step.get("uses", "")
            assert not uses or re.fullmatch(r"actions/[\w-]+(/[\w-]+)?@[0-9a-f]{40}", uses), uses
            if uses.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            # What a stranger may choose (titles, branches) reaches a shell by its environment only.
            assert "${{" not in step.get("run", "")


def test_an_action_is_one_version_everywhere() -> None:
    steps = [
        s for one in EVERY.values() for job in one["jobs"].values() for s in job.get("steps", ())
    ]
    pins = {tuple(step["uses"].split("@")) for step in steps if "uses" in step}
    of_repository = {("/".join(action.split("/")[:2]), commit) for action, commit in pins}
    assert len({repository for repository, _ in of_repository}) == len(of_repository)


JUDGES = ("curriculum.yml", "links.yml", "new .github/workflows/check.yml")


@pytest.mark.parametrize("name", JUDGES)
def test_the_judge_of_a_pull_request_saves_no_cache_and_needs_no_secret(name: str) -> None:
    text = yaml.safe_dump(EVERY[name])
    for word in ("secrets", "github.token", "upload"):
        assert word not in text, word
    for job in EVERY[name]["jobs"].values():
        for step in job["steps"]:
            action, _, _ = step.get("uses", "").partition("@")
            # Restoring reads. All else of that action saves, and so do the setup actions if asked.
            assert "cache" not in action or action == "actions/cache/restore"
            assert not any(key.startswith("cache") for key in step.get("with", ()))


def test_what_is_restored_lies_where_no_file_of_the_checkout_can() -> None:
    for one in (LINKS, WEEKLY):
        (job,) = one["jobs"].values()
        kept = [s["with"] for s in job["steps"] if s.get("uses", "").startswith("actions/cache/")]
        assert kept
        for each in kept:
            assert each["path"] == "${{ runner.temp }}/links.jsonl"
            assert each["key"].startswith("links-")
        (script,) = (s["run"] for s in job["steps"] if "--cache" in s.get("run", ""))
        assert '--cache "$RUNNER_TEMP/links.jsonl"' in script


@pytest.mark.parametrize(
    ("reusable", "job", "file", "their_job"),
    [
        (REUSABLE, "check", "check.yml", "check"),
        (LINKS, "links", "check.yml", "links"),
        (WEEKLY, "links", "links.yml", "links"),
    ],
    ids=["check", "links", "weekly"],
)
def test_new_projects_get_the_same_steps(
    reusable: Mapping[str, Any], job: str, file: str, their_job: str
) -> None:
    theirs = EVERY[f"new .github/workflows/{file}"]["jobs"][their_job]
    assert with_defaults(reusable, job) == theirs


def test_what_judges_a_pull_request_is_installed_in_one_way() -> None:
    (link,) = (
        s["run"] for s in LINKS["jobs"]["links"]["steps"] if "pip install" in s.get("run", "")
    )
    (rest,) = (s["run"] for s in STEPS if "pip install" in s.get("run", ""))
    assert link == rest
    assert LINKS["on"] == REUSABLE["on"]


@pytest.mark.parametrize(
    ("file", "job", "called", "reusable"),
    [
        ("pull-request.yml", "curriculum", "curriculum.yml", REUSABLE),
        ("pull-request.yml", "links", "links.yml", LINKS),
        ("weekly.yml", "links", "links-weekly.yml", WEEKLY),
    ],
    ids=["curriculum", "links", "weekly"],
)
def test_we_call_them_ourselves(
    file: str, job: str, called: str, reusable: Mapping[str, Any]
) -> None:
    caller = own(file)["jobs"][job]
    assert caller["uses"] == f"./.github/workflows/{called}"
    assert set(caller["with"]) <= set(reusable["on"]["workflow_call"]["inputs"])
    for line in caller["with"]["install"].splitlines():
        for word in line.split():
            assert word.startswith(("-", ":")) or (CHECKOUT / word).exists()
    # A workflow that is called gets no more than its caller has.
    (job_called,) = reusable["jobs"].values()
    assert caller.get("permissions") == job_called.get("permissions")


def test_every_link_is_checked_twice_a_week_and_at_one_time_only() -> None:
    """GitHub drops a cache that nobody asked for in seven days."""
    for name in ("weekly.yml", "new .github/workflows/links.yml"):
        (when,) = EVERY[name]["on"]["schedule"]
        days = [int(day) for day in when["cron"].split()[4].split(",")]
        assert max((b - a - 1) % 7 + 1 for a, b in zip(days, [*days[1:], days[0]], strict=True)) < 7
        assert "concurrency" not in EVERY[name]  # one of its caller's with the same name deadlocks
    assert WEEKLY["jobs"]["links"]["concurrency"]["cancel-in-progress"] is False


# ------------------------------------------------------------------------------------ what it does


Step = Callable[[str, str], Run]
JOB = with_defaults(REUSABLE, "check")


def month() -> str:
    return new_project()[MONTH]


GOOD = {
    MONTH: month().replace("week: 1-2", "week: 1-3")
    + """
  - title: Programs of several files
    week: 3
    time: 4-5h
    topics:
      - text: Import what another file defines
        teaches: [functions]
""",
    "curriculum/tracks/first-steps-in-python/track.yml": new_project()[
        "curriculum/tracks/first-steps-in-python/track.yml"
    ].replace("length: 2w", "length: 3w"),
}


def test_the_tool_comes_from_the_base(tmp_path: Path) -> None:
    """A pip that only notes what it is asked for, and where."""
    runner = Runner(
        tmp_path, {"requirements.txt": "evil\n", "venv.py": "raise SystemExit(9)\n"}, JOB
    )
    fake = runner.temp / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\n"
        f'case $2 in venv) {quote(sys.executable)} -m venv --without-pip "$3" || exit; '
        'rm "$3/bin/python"; cp "$0" "$3/bin/python" ;; esac\n'
        f'{{ echo "$@"; cat requirements.txt; }} >>{runner.log}\n'
    )
    fake.chmod(0o755)
    done = runner.run("Install what the base revision pins")
    assert done.code == 0, done.output
    asked = runner.log.read_text()
    assert "-m pip install --quiet --requirement requirements.txt\n" in asked
    assert asked.count("evil") == 1  # where the environment is made, and not where it is filled
    assert asked.rstrip().endswith(new_project()["requirements.txt"].splitlines()[-1])


def test_it_refuses_other_events(tmp_path: Path) -> None:
    done = Runner(tmp_path, {}, JOB).run(
        "Install what the base revision pins", "pull_request_target"
    )
    assert done.code == 1
    assert done.output.startswith("::error::")


def test_a_base_that_was_begun_anew_is_said(tmp_path: Path) -> None:
    """Force-pushed: it has no commit in common with the pull request."""
    runner = Runner(tmp_path, {}, JOB)
    runner.git(runner.origin, "switch", "--quiet", "--orphan", "anew")
    runner.commit("Begin anew")
    runner.git(runner.clone, "fetch", "--quiet", "origin", "+anew:refs/remotes/origin/main")
    done = runner.run("Install what the base revision pins")
    assert done.code == 1
    assert re.fullmatch(r"::error::.* no commit in common .*\n", done.output)


def test_no_module_comes_from_the_pull_request(tmp_path: Path) -> None:
    runner = Runner(
        tmp_path, {"click.py": "raise SystemExit(9)", "yaml.py": "raise SystemExit(9)"}, JOB
    )
    runner.put_tool()
    assert runner.run("Sum up what changes").code == 0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Step:
    """Runs a step on one of CHANGES; each is made once."""
    runners: dict[str, Runner] = {}

    def run(change: str, step: str) -> Run:
        if change not in runners:
            runners[change] = Runner(tmp_path_factory.mktemp(change), CHANGES[change], JOB)
            runners[change].put_tool()
        return runners[change].run(step)

    return run


def test_a_good_change_is_summed_up(run: Step) -> None:
    done = run("good", "Sum up what changes")
    assert (done.code, done.output) == (0, "")
    assert "| First steps in Python | 2 → 3 | 8-11 → 12-16 | 16 → 17 |" in done.summary
    assert "### Added: 1 week\n" in done.summary
    assert "`first-steps-in-python/programs-of-several-files`, 1 item)" in done.summary
    assert "Meanwhile" not in done.summary


@pytest.mark.parametrize(("change", "code"), [("good", 0), ("syntax", 1)])
def test_the_style_is_checked(run: Step, change: str, code: int) -> None:
    done = run(change, "Check the style")
    assert done.code == code, done.output


def test_a_good_change_passes(run: Step) -> None:
    done = run("good", "Check")
    assert done.code == 0, done.output
    assert "::error" not in done.output


BAD = {
    MONTH: month()
    .replace("      - Print how many seconds a week has\n", "")
    .replace("      - Values and variables\n", "      - Loops\n      - Values and variables\n")
    .replace("      - Conditions\n      - Loops\n", "      - Conditions\n")
}


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_bad_change_is_marked_at_its_lines(run: Step) -> None:
    done = run("bad", "Check")
    assert done.code == 1
    late = line_of(BAD[MONTH], "- Loops")
    assert re.search(rf"^::warning file={MONTH},line={late},.*RS208", done.output, re.MULTILINE)
    # What is gone has no line of its own any more; its week has.
    assert re.search(rf"^::error file={MONTH},line=\d+,.*seconds", done.output, re.MULTILINE)


def test_a_bad_change_is_summed_up(run: Step) -> None:
    done = run("bad", "Sum up what changes")
    assert done.code == 0
    assert "### Gone: 2 items" in done.summary
    assert "- `Print how many seconds a week has` (" in done.summary
    late = line_of(BAD[MONTH], "- Loops")
    assert f"### Prerequisites broken: 1\n\n- `{MONTH}:{late}:" in done.summary


SYNTAX = {MONTH: month().replace("    topics:\n", "    topics: [\n", 1)}


def test_a_slip_of_syntax_is_marked(run: Step) -> None:
    done = run("syntax", "Check")
    assert done.code == 1
    assert re.search(rf"^::error file={MONTH},line=\d+,.*RS002", done.output, re.MULTILINE)


def test_a_slip_of_syntax_loses_nothing_in_the_summary(run: Step) -> None:
    done = run("syntax", "Sum up what changes")
    assert done.code == 0
    assert "Gone" not in done.summary
    assert "cannot be read in full" in done.summary
    assert f"- `{MONTH}:" in done.summary


HOSTILE = {
    MONTH: month()
    .replace("Print how many seconds a week has", "'::error::x @you <img src=//x> [a](//b) |'")
    .replace("title: Decisions and repetition", 'title: "a\\n::set-output name=x::y"')
    .replace("note:", "::stop-commands::x")
    + "  ##[error]x: 1\n  ::error::y: 2\n"
}


CHANGES = {"good": GOOD, "bad": BAD, "syntax": SYNTAX, "hostile": HOSTILE}


@pytest.mark.parametrize("step", ["Check", "Check the style", "Sum up what changes"])
def test_words_of_a_stranger_give_no_orders(run: Step, step: str) -> None:
    done = run("hostile", step)
    for line in done.output.splitlines():
        if HEAD_OF_COMMAND.match(line):
            assert line.startswith(("::error file=", "::warning file=", "::notice file="))
    assert not HEAD_OF_COMMAND.search(done.summary)
    assert "<img" not in re.sub(r"`[^`]*`", "", done.summary)


def test_main_has_what_the_workflow_calls() -> None:
    assert isinstance(main, click.Group)
    jobs = (REUSABLE["jobs"]["check"], LINKS["jobs"]["links"], WEEKLY["jobs"]["links"])
    scripts = [
        step["run"].replace("\\\n", " ") for job in jobs for step in job["steps"] if "run" in step
    ]
    calls = [call for text in scripts for call in re.findall(r'bin/roadmap-site" (.*)', text)]
    assert len(calls) == 5
    for call in calls:
        command, *words = call.partition(" -- ")[0].split()
        known = {name for option in main.commands[command].params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= known


# ---------------------------------------------------------------------------------------- the hooks


def test_each_hook_runs_a_command_with_options_that_it_has() -> None:
    theirs = yaml.safe_load(new_project()[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    ours = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {hook["id"] for hook in ours} == {hook["id"] for hook in theirs}
    assert isinstance(main, click.Group)
    for hook in (*ours, *theirs):
        program, command, *options = hook["entry"].split()
        assert (program, hook["language"]) == ("roadmap-site", "python")
        known = {name for option in main.commands[command].params for name in option.opts}
        assert set(options) <= known
        takes_files = command == "fmt"
        assert hook.get("pass_filenames", True) is takes_files
        assert re.search(hook["files"], MONTH)
        assert not re.search(hook["files"], "mkdocs.yml")
