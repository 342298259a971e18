"""The workflow that checks a pull request: what it trusts, and its steps run as GitHub does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from roadmap_site.cli import main
from roadmap_site.scaffold.new import project_files
from site_builder import CHECKOUT

WORKFLOWS = CHECKOUT / ".github" / "workflows"
MONTH = "curriculum/tracks/first-steps-in-python/basics.yml"
HEAD_OF_COMMAND = re.compile(r"^\s*(::|##\[)", re.MULTILINE)


def workflow(text: str) -> dict[str, Any]:
    """A workflow; YAML 1.1 reads the key `on` as true."""
    read = yaml.safe_load(text)
    read["on"] = read.pop(True)
    assert isinstance(read, dict)
    return read


def own(name: str) -> dict[str, Any]:
    return workflow((WORKFLOWS / name).read_text("utf-8"))


def new_project() -> Mapping[str, str]:
    return project_files(id="mine", title="Mine", track_title="First steps in Python")


REUSABLE = own("curriculum.yml")
STEPS = REUSABLE["jobs"]["check"]["steps"]
EVERY = {path.name: own(path.name) for path in WORKFLOWS.glob("*.yml")} | {
    f"new {name}": workflow(text)
    for name, text in new_project().items()
    if name.startswith(".github/workflows/")
}


# --------------------------------------------------------------------------------- what it trusts


@pytest.mark.parametrize("name", EVERY)
def test_no_workflow_gives_a_pull_request_more_than_reading(name: str) -> None:
    one = EVERY[name]
    events = one["on"]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(events)
    assert one["permissions"] == {"contents": "read"}
    for job in one["jobs"].values():
        wants = job.get("permissions", {})
        writes = {scope for scope, right in wants.items() if right == "write"}
        if writes:
            assert "!= 'pull_request'" in job.get("if", "") or "pull_request" not in events
        for step in job.get("steps", ()):
            uses = step.get("uses", "")
            assert not uses or re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", uses), uses
            if uses.startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            # What a stranger may choose (titles, branches) reaches a shell by its environment only.
            assert "${{" not in step.get("run", "")


def test_the_judge_of_a_pull_request_keeps_no_cache_and_needs_no_secret() -> None:
    for name in ("curriculum.yml", "new .github/workflows/check.yml"):
        text = yaml.safe_dump(EVERY[name])
        for word in ("secrets", "github.token", "cache", "upload"):
            assert word not in text, (name, word)


def test_new_projects_get_the_same_steps() -> None:
    theirs = EVERY["new .github/workflows/check.yml"]["jobs"]["check"]
    inputs = REUSABLE["on"]["workflow_call"]["inputs"]
    ours = yaml.safe_dump(REUSABLE["jobs"]["check"])
    for name, value in inputs.items():
        ours = ours.replace(f"${{{{ inputs.{name} }}}}", value["default"])
    # A version that stood alone was no text before it was put in.
    assert yaml.safe_load(ours.replace("python-version: 3.13", "python-version: '3.13'")) == theirs


def test_our_own_pull_requests_are_checked_by_it() -> None:
    job = own("pull-request.yml")["jobs"]["curriculum"]
    assert job["uses"] == "./.github/workflows/curriculum.yml"
    assert set(job["with"]) <= set(REUSABLE["on"]["workflow_call"]["inputs"])
    for line in job["with"]["install"].splitlines():
        for word in line.split():
            assert word.startswith(("-", ":")) or (CHECKOUT / word).exists()


# ------------------------------------------------------------------------------------ what it does


@dataclass(frozen=True)
class Run:
    """What became of a step: its exit code, what it printed, and the summary so far."""

    code: int
    output: str
    summary: str


Step = Callable[[str, str], Run]


class Runner:
    """Runs the steps of the job in a clone of a pull request's merge, as GitHub checks it out."""

    def __init__(self, folder: Path, change: Mapping[str, str]) -> None:
        self.origin, self.clone, self.temp = (folder / n for n in ("origin", "clone", "temp"))
        self.temp.mkdir()
        for name, text in new_project().items():
            path = self.origin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.git(self.origin, "init", "--quiet", "--initial-branch=main")
        self.commit("Begin")
        self.git(self.origin, "switch", "--quiet", "--create=topic")
        for name, text in change.items():
            (self.origin / name).write_text(text, "utf-8")
        self.commit("Change")
        self.git(self.origin, "switch", "--quiet", "main")
        (self.origin / "notes.txt").write_text("Meanwhile")
        self.commit("Meanwhile")
        # GitHub keeps the merge under refs/pull/<number>/merge, and the runner checks it out alone.
        self.git(self.origin, "switch", "--quiet", "--detach", "main")
        self.git(self.origin, "merge", "--quiet", "--no-ff", "--message=Merge", "topic")
        self.git(self.origin, "update-ref", "refs/pull/7/merge", "HEAD")
        self.git(self.origin, "switch", "--quiet", "main")
        self.git(folder, "clone", "--quiet", "--no-checkout", str(self.origin), str(self.clone))
        self.git(
            self.clone, "fetch", "--quiet", "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge"
        )
        self.git(self.clone, "checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge")
        self.summary = self.temp / "summary.md"
        self.log = self.temp / "pip.log"

    def git(self, folder: Path, *arguments: str) -> None:
        command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
        subprocess.run(command, cwd=folder, env=self.environment(), check=True, capture_output=True)

    def commit(self, message: str) -> None:
        self.git(self.origin, "add", "--all")
        self.git(self.origin, "commit", "--quiet", "--allow-empty", f"--message={message}")

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": f"{self.temp / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.temp),
            "LANG": "C.UTF-8",
            **more,
        }

    def run(self, name: str, event: str = "pull_request") -> Run:
        """One of the steps by its name, as bash runs it: `-e`, and the job's environment."""
        self.summary.write_text("")
        (script,) = (step["run"] for step in STEPS if step.get("name") == name)
        inputs = REUSABLE["on"]["workflow_call"]["inputs"]
        job = {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]]["default"], value)
            for key, value in REUSABLE["jobs"]["check"]["env"].items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.clone,
            env=self.environment(
                **job,
                GITHUB_ACTIONS="true",
                GITHUB_BASE_REF="main",
                GITHUB_EVENT_NAME=event,
                GITHUB_STEP_SUMMARY=str(self.summary),
                RUNNER_TEMP=str(self.temp),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return Run(done.returncode, done.stdout, self.summary.read_text("utf-8"))

    def put_tool(self) -> None:
        """This checkout's tool in the place of what the first step installs."""
        tool = self.temp / "roadmap-site" / "bin" / "roadmap-site"
        tool.parent.mkdir(parents=True)
        shutil.copy(Path(sys.executable).parent / "roadmap-site", tool)


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
    runner = Runner(tmp_path, {"requirements.txt": "evil\n", "venv.py": "raise SystemExit(9)\n"})
    fake = runner.temp / "bin" / "python"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\n"
        f'case $2 in venv) {sys.executable} -m venv --without-pip "$3" || exit; '
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
    done = Runner(tmp_path, {}).run("Install what the base revision pins", "pull_request_target")
    assert done.code == 1
    assert done.output.startswith("::error::")


def test_no_module_comes_from_the_pull_request(tmp_path: Path) -> None:
    runner = Runner(tmp_path, {"click.py": "raise SystemExit(9)", "yaml.py": "raise SystemExit(9)"})
    runner.put_tool()
    assert runner.run("Sum up what changes").code == 0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Step:
    """Runs a step on one of CHANGES; each is made once."""
    runners: dict[str, Runner] = {}

    def run(change: str, step: str) -> Run:
        if change not in runners:
            runners[change] = Runner(tmp_path_factory.mktemp(change), CHANGES[change])
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
    text = "\n".join(step.get("run", "") for step in STEPS)
    for command in re.findall(r'bin/roadmap-site" (\w+)', text):
        assert command in main.commands


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
