"""The steps of workflows, run here as GitHub runs them: by bash, in a clone of a real history."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import yaml

from roadmap_site.scaffold.new import project_files
from site_builder import CHECKOUT

WORKFLOWS = CHECKOUT / ".github" / "workflows"
MONTH = "curriculum/tracks/first-steps-in-python/basics.yml"
HEAD_OF_COMMAND = re.compile(r"^\s*(::|##\[)", re.MULTILINE)
REPOSITORY = "owner/curriculum"
SHELLS = {
    None: ["bash", "-e"],
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
}
"""What GitHub makes of a job's `defaults.run.shell`: a pipe fails only where it names bash."""


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


def with_defaults(reusable: Mapping[str, Any], job: str) -> Any:
    """A job of a reusable workflow with the defaults of its inputs put in."""
    text = yaml.safe_dump(reusable["jobs"][job])
    for name, value in reusable["on"]["workflow_call"]["inputs"].items():
        text = text.replace(f"${{{{ inputs.{name} }}}}", value["default"])
    # A version that stood alone was no text before it was put in.
    return yaml.safe_load(text.replace("python-version: 3.13", "python-version: '3.13'"))


ON_PULL_REQUEST = with_defaults(own("links.yml"), "links")
WEEKLY = with_defaults(own("links-weekly.yml"), "links")
"""The jobs that check links."""


@dataclass(frozen=True)
class Run:
    """What became of a step: its exit code, what it printed, the summary, and what it put out."""

    code: int
    output: str
    summary: str
    outputs: Mapping[str, str]


class Runner:
    """Runs the steps of a job in a clone of a pull request's merge, as GitHub checks it out.

    `job` is from a reusable workflow, its inputs at their defaults. The base is a new project with
    the files of `begin`; the pull request writes those of `change`, and takes away those of `gone`.
    """

    def __init__(
        self,
        folder: Path,
        change: Mapping[str, str],
        job: Mapping[str, Any],
        base: str = "main",
        gone: Iterable[str] = (),
        begin: Mapping[str, str] | None = None,
    ) -> None:
        self.job, self.base = job, base
        self.origin, self.clone, self.temp = (folder / n for n in ("origin", "clone", "temp"))
        self.temp.mkdir(parents=True)
        self.write({**new_project(), **(begin or {})})
        self.git(self.origin, "init", "--quiet", f"--initial-branch={base}")
        self.commit("Begin")
        self.git(self.origin, "switch", "--quiet", "--create=topic")
        self.write(change)
        for name in gone:
            (self.origin / name).unlink()
        self.commit("Change")
        self.git(self.origin, "switch", "--quiet", base)
        (self.origin / "notes.txt").write_text("Meanwhile")
        self.commit("Meanwhile")
        # GitHub keeps the merge under refs/pull/<number>/merge, and the runner checks it out alone.
        self.git(self.origin, "switch", "--quiet", "--detach", base)
        self.git(self.origin, "merge", "--quiet", "--no-ff", "--message=Merge", "topic")
        self.git(self.origin, "update-ref", "refs/pull/7/merge", "HEAD")
        self.git(self.origin, "switch", "--quiet", base)
        self.git(folder, "clone", "--quiet", "--no-checkout", str(self.origin), str(self.clone))
        self.git(
            self.clone, "fetch", "--quiet", "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge"
        )
        self.git(self.clone, "checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge")
        self.summary = self.temp / "summary.md"
        self.log = self.temp / "pip.log"

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.origin / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def git(self, folder: Path, *arguments: str) -> str:
        command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
        return subprocess.run(
            command,
            cwd=folder,
            env=self.environment(),
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout

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

    def run(
        self, name: str, event: str = "pull_request", values: Mapping[str, str] | None = None
    ) -> Run:
        """One of the steps by its name, as GitHub has it run, in the job's environment.

        `values` are those of the expressions in the step's own environment.
        """
        outputs = self.temp / "outputs"
        for file in (self.summary, outputs):
            file.write_text("")
        (step,) = (step for step in self.job["steps"] if step.get("name") == name)
        own_values = {
            key: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: (values or {})[m[1]], value)
            for key, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            [*SHELLS[self.job.get("defaults", {}).get("run", {}).get("shell")], "-c", step["run"]],
            cwd=self.clone,
            env=self.environment(
                **self.job["env"],
                **own_values,
                GITHUB_ACTIONS="true",
                GITHUB_BASE_REF=self.base,
                GITHUB_EVENT_NAME=event,
                GITHUB_OUTPUT=str(outputs),
                GITHUB_REPOSITORY=REPOSITORY,
                GITHUB_RUN_ID="77",
                GITHUB_SERVER_URL="https://github.example.org",
                GITHUB_STEP_SUMMARY=str(self.summary),
                RUNNER_TEMP=str(self.temp),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        lines = outputs.read_text("utf-8").splitlines()
        return Run(
            done.returncode,
            done.stdout,
            self.summary.read_text("utf-8"),
            dict(line.split("=", 1) for line in lines),
        )

    def put_base(self) -> None:
        """The base revision where the first step of a pull request's job puts it."""
        at = self.git(self.clone, "merge-base", "HEAD", f"origin/{self.base}").strip()
        self.git(self.clone, "worktree", "add", "--detach", str(self.temp / "base"), at)

    def put_program(self, path: str, text: str) -> None:
        """A program of the tests' own, by its place among the job's temporary files."""
        program = self.temp / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(text, "utf-8")
        program.chmod(0o755)

    def put_tool(self) -> None:
        """This checkout's tool in the place of what the first step installs."""
        tool = self.temp / "roadmap-site" / "bin" / "roadmap-site"
        tool.parent.mkdir(parents=True)
        shutil.copy(Path(sys.executable).parent / "roadmap-site", tool)


# ------------------------------------------------------------------------------- the scheduled run

_GITHUB = CHECKOUT / "tests" / "links" / "gh.py"


def put_github(runner: Runner, issues: Iterable[Mapping[str, Any]] = ()) -> Path:
    """Let a file be GitHub, which the steps ask by `gh`; returns the file."""
    file = runner.temp / "github.json"
    file.write_text(json.dumps({"issues": [*issues], "comments": [], "requests": []}))
    state, python, script = (quote(str(path)) for path in (file, sys.executable, _GITHUB))
    gh = f'#!/bin/sh\nGH_STATE={state} exec {python} {script} "$@"\n'
    runner.put_program("bin/gh", gh)
    return file


def run_scheduled(runner: Runner) -> Run:
    """The step that asks for every link and, where it ends well, the one that tells."""
    (runner.temp / "links.md").unlink(missing_ok=True)
    done = runner.run("Check every link", "schedule")
    if done.code:
        return done
    values = {"steps.links.outputs.code": done.outputs["code"], "github.token": "secret"}
    told = runner.run("Say in an issue what is broken", "schedule", values)
    return Run(told.code, done.output + told.output, done.summary, done.outputs)
