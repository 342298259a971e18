"""The command line: exit codes, what help teaches, when it colours."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import roadmap_site
from builders import MONTH, project
from roadmap_site.cli import main

INFO = "title: Basics\nweek: 1\ntopics: [Debugging]\n"
WARNING = "title: Basics\nweek: 1\ntopics: [Loops]\n"
ERROR = "title: Basics\nweek: 1\ntopics: Loops\n"
COMMANDS = (
    [sys.executable, "-m", "roadmap_site"],
    [str(Path(sys.executable).parent / "roadmap-site")],
)


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def environment(**more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return {**kept, **more}


def run(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMANDS[0], *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment(**env), check=False
    )


# ------------------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("month", "options", "code"),
    [
        pytest.param(None, [], 0, id="nothing"),
        pytest.param(None, ["--strict"], 0, id="nothing, strictly"),
        pytest.param(INFO, ["--strict"], 0, id="an info, strictly"),
        pytest.param(WARNING, [], 0, id="a warning"),
        pytest.param(WARNING, ["--strict"], 1, id="a warning, strictly"),
        pytest.param(ERROR, [], 1, id="an error"),
        pytest.param(ERROR, ["--quiet"], 1, id="an error, quietly"),
        pytest.param(ERROR, ["--exit-zero"], 0, id="an error, let through"),
        pytest.param(
            WARNING, ["--strict", "--exit-zero"], 0, id="a warning, strictly, let through"
        ),
        pytest.param(WARNING, ["--strict", "--ignore", "RS208"], 0, id="an ignored warning"),
        pytest.param(INFO, ["--strict", "--format", "sarif"], 0, id="an info, as SARIF"),
        pytest.param(ERROR, ["--format", "github"], 1, id="an error, as annotations"),
        pytest.param(ERROR, ["--statistics"], 1, id="an error, counted"),
        pytest.param(ERROR, ["--fix"], 1, id="an error that no machine mends"),
        pytest.param(ERROR, ["--diff"], 0, id="nothing to change"),
    ],
)
def test_exit_code_of_check(
    tmp_path: Path, month: str | None, options: list[str], code: int
) -> None:
    folder = project(tmp_path, {MONTH: month} if month else None)
    result = invoke("check", folder, *options)
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("nothing can be mended for sure" if "--diff" in options else "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere"], "nowhere is no folder"),
        (["check", MONTH], "is no folder"),
        (["check", "--sternly"], "No such option"),
        (["chekc"], "No such command"),
        (["check", ".", "--format", "xml"], "'xml' is not one of"),
        (["check", ".", "--statistics", "--format", "sarif"], "--statistics has no place in"),
        (["check", ".", "--diff", "--format", "json"], "leave out --format"),
        (["check", ".", "-o", "no/such/folder"], "no/such/folder cannot be written: No such file"),
        (["rule", "RS2O1"], "there is no rule RS2O1. Did you mean"),
        (["rule", "duplicate-di"], "there is no rule duplicate-di. Did you mean duplicate-id?"),
        (["rule", "RS201", "\x1b[31m"], "`roadmap-site rule` lists them all"),
        (["rule", "--all", "RS201"], "--all lists every rule"),
        (["build"], "there is no mkdocs.yml"),
        (["build", "-f", "other.yml"], "there is no other.yml"),
        (["serve", "-f", "other.yml"], "there is no other.yml"),
    ],
)
def test_what_cannot_be_done_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(project(tmp_path))
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output


def test_the_folder_is_curriculum_unless_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path / "curriculum", {MONTH: ERROR})
    monkeypatch.chdir(tmp_path)
    assert f"curriculum/{MONTH}:3:9: error RS007" in invoke("check").stdout
    assert f"./{MONTH}" not in invoke("check").stdout
    monkeypatch.chdir(tmp_path / "curriculum")
    assert invoke("check", ".").stdout.startswith(f"{MONTH}:3:9: error RS007")


def test_quiet_leaves_infos_out(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: INFO})
    assert "RS209" in invoke("check", folder).stdout
    assert "RS209" not in invoke("check", folder, "--quiet").stdout


# --------------------------------------------------------------------------------- formats


@pytest.mark.parametrize("format_name", ["json", "github", "sarif"])
def test_paths_for_programs_are_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    folder = project(tmp_path / "c", {MONTH: ERROR})
    monkeypatch.chdir(tmp_path)
    outputs = {invoke("check", where, "--format", format_name).stdout for where in ("c", folder)}
    (output,) = outputs
    assert f"c/{MONTH}" in output
    assert str(tmp_path) not in output
    monkeypatch.chdir(folder / "tracks")
    assert f"../{MONTH}" in invoke("check", "..", "--format", format_name).stdout


@pytest.mark.parametrize("format_name", ["text", "json", "github", "sarif"])
def test_a_report_goes_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_name: str
) -> None:
    project(tmp_path / "c", {MONTH: ERROR})
    monkeypatch.chdir(tmp_path)
    printed = invoke("check", "c", "--format", format_name)
    result = invoke("check", "c", "--format", format_name, "-o", "report", "--color")
    assert (result.exit_code, result.stdout) == (1, "1 error, in report\n")
    assert (tmp_path / "report").read_text("utf-8") == printed.stdout


def test_what_is_mended_stays_out_of_a_program_s_way(tmp_path: Path) -> None:
    month = INFO.replace("[Debugging]", "[Printing] # roadmap: ignore[RS209]")
    folder = project(tmp_path, {MONTH: month})
    result = invoke("check", folder, "--fix", "--format", "json")
    assert json.loads(result.stdout)["summary"]["errors"] == 0
    assert "mended RS903" in result.stderr


def test_a_report_ends_with_how_to_learn_more(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: ERROR})
    assert invoke("check", folder).stdout.endswith(
        "\n1 error\n`roadmap-site rule RS007` explains a rule\n"
    )
    assert invoke("check", project(folder)).stdout == "no faults\n"


def test_statistics_count(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: INFO.replace("Debugging", "Debugging, Profiling, Loops")})
    text = invoke("check", folder, "--statistics").stdout
    assert text.splitlines() == [
        "2  RS209  item-without-topic  info",
        "1  RS208  late-prerequisite   warning",
        "1 warning, 2 infos",
    ]
    counted = json.loads(invoke("check", folder, "--statistics", "--format", "json").stdout)
    assert [row["count"] for row in counted["statistics"]] == [2, 1]


def test_rules_are_explained_and_listed() -> None:
    listed = invoke("rule").stdout.splitlines()
    assert invoke("rule", "--all").stdout.splitlines() == listed
    assert [line.split()[:3] for line in listed] == [
        [rule.code, rule.name, rule.severity] for rule in roadmap_site.RULES
    ]
    several = invoke("rule", "rs101", "UNKNOWN-TOPIC", "RS101").stdout
    assert [several.count(name) for name in ("RS101 dupl", "RS201 unkn")] == [1, 1]
    as_json = json.loads(invoke("rule", "RS2", "--format", "json").stdout)
    assert {rule["code"][:3] for rule in as_json} == {"RS2"}
    assert len(json.loads(invoke("rule", "--format", "json").stdout)) == len(listed)


# ------------------------------------------------------------------------------------ help

WORDS = {
    "": [
        "tracks/<track>/track.yml",
        "Exit codes",
        *("add", "build", "changes", "check", "fmt", "links", "new", "rule", "schema", "serve"),
        "stats",
    ],
    "add": ["week", "month", "track", "Examples", "check"],
    "changes": ["FOLDER", "--since", "REV", "GITHUB_STEP_SUMMARY", "does not judge"],
    "check": ["FOLDER", "--strict", "accept", "Examples", "./curriculum", "Exit codes", "ignore["],
    "fmt": ["PATHS", "./curriculum", "--check", "--diff", "--stdin", "comments", "Examples"],
    "links": ["PATHS", "./curriculum", "--since", "--cache", "blocked", "ignore[", "Exit codes"],
    "rule": ["RS201", "unknown-topic", "Examples", "json"],
    "build": ["mkdocs.yml", "site/", "--strict"],
    "schema": ["./curriculum", ".schema", "--check", "--print month"],
    "new": ["FOLDER", "--title", "empty", "git", "Examples"],
    "stats": ["FOLDER", "--format", "json", "jq", "accepted"],
    "serve": ["127.0.0.1:8000", "rebuild", "last good site"],
}


def test_every_command_is_listed_here() -> None:
    assert isinstance(main, click.Group)
    assert {"", *main.commands} == WORDS.keys()


@pytest.mark.parametrize("command", WORDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_teaches(command: str, option: str) -> None:
    result = invoke(*command.split(), option)
    assert result.exit_code == 0
    for word in WORDS[command]:
        assert word in result.stdout
    # Examples stand below each other: click has read its mark.
    assert "\\b" not in result.stdout
    assert "\b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_every_option_says_what_it_does() -> None:
    assert isinstance(main, click.Group)
    for command in (main, *main.commands.values()):
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.name}"


def test_no_arguments_show_the_help() -> None:
    result = invoke()
    assert result.exit_code == 2
    assert "Usage: " in result.output


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option: str) -> None:
    assert invoke(option).stdout == f"roadmap-site, version {roadmap_site.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=["python -m", "script"])
def test_both_ways_to_start_it(command: list[str]) -> None:
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"roadmap-site, version {roadmap_site.__version__}\n"


# ---------------------------------------------------------------------------------- colour


def on_terminal(*arguments: str | Path, **env: str) -> str:
    """What the command writes where its output is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMANDS[0], *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(**env),
    ):
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 4096):
                written += chunk
        except OSError:
            pass  # the end of a terminal, on Linux
    os.close(ours)
    return written.decode()


def test_colour_only_on_a_terminal(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: ERROR})
    assert "\x1b[1;31merror" in on_terminal("check", folder, TERM="xterm")
    assert "\x1b" not in on_terminal("check", folder, TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in on_terminal("check", folder, "--no-color", TERM="xterm")
    assert "\x1b" not in run("check", folder).stdout
    assert "\x1b[1;31merror" in run("check", folder, "--color").stdout
    assert "\x1b[1;31merror" in run("check", folder, "--color", NO_COLOR="1").stdout
    assert "\x1b" not in on_terminal("check", folder, TERM="dumb")
    assert "\x1b[1;31merror" in run("check", folder, FORCE_COLOR="1").stdout
    assert "\x1b" not in run("check", folder, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_excerpts_fit_on_a_narrow_terminal(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: f"title: Basics\nweek: 0\nsummary: [{'x' * 300}]\n"})
    shown = on_terminal("check", folder, "--no-color", TERM="xterm", COLUMNS="60")
    excerpts = [line for line in shown.splitlines() if " | " in line]
    assert excerpts
    assert all(len(line) <= 60 for line in excerpts)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_character_goes_through_any_pipe(tmp_path: Path, encoding: str) -> None:
    folder = project(tmp_path, {MONTH: "title: 機械学習\nweek: 0\nsummary: [Größe, 木]\n"})
    done = subprocess.run(
        [*COMMANDS[0], "check", str(folder)],
        capture_output=True,
        env=environment(PYTHONIOENCODING=encoding),
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    # Click writes UTF-8 where a terminal claims to know ASCII only.
    text = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    assert "Größe, 木" in text.replace("\\u6728", "木")


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    text = "title: Basics\nweek: 1\n" + "".join(f"odd-{n}: 1\n" for n in range(2_000))
    folder = project(tmp_path, {MONTH: text})
    command = f"{COMMANDS[0][0]} -m roadmap_site check {folder} | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
