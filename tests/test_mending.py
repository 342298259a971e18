"""Faults mended by machine: what is changed, what is left alone, and when nothing is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CURRICULUM, MONTH, TRACK, project
from roadmap_site import Diagnostic, Report, Rule, Severity, Span, check
from roadmap_site.edit import Mended, apply_fixes, mend, save, unified_diff
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory, Unsaved
from roadmap_site.model.diagnostic import Edit, Fix
from roadmap_site.model.source import SourceFile
from test_cli import invoke

UNUSED = """\
title: Basics
week: 1
accept: {RS208: It was early once.}
topics:
  - Printing # roadmap: ignore[RS209] it had no topic once
"""
MENDED = """\
title: Basics
week: 1
topics:
  - Printing
"""
BOM = b"\xef\xbb\xbf"


def in_memory(month: str) -> InMemory:
    texts = {**CURRICULUM, MONTH: month}
    return InMemory({path: text.encode() for path, text in texts.items()})


def mended_in_memory(month: str) -> Mended:
    files = in_memory(month)
    return mend(lambda texts: check(load_files(Unsaved(files, texts))))


# ------------------------------------------------------------------------------ what changes


def test_fixes_are_made_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path / "c", {MONTH: UNUSED})
    monkeypatch.chdir(tmp_path)
    result = invoke("check", "c", "--fix")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"c/{MONTH}:3:10: mended RS901 unused-acceptance: deletes the acceptance of RS208",
        f"c/{MONTH}:5:32: mended RS903 unused-suppression: deletes the comment",
        "no faults",
    ]
    assert (tmp_path / "c" / MONTH).read_text("utf-8") == MENDED


def test_what_is_left_is_reported_and_fails(tmp_path: Path) -> None:
    # Each is found only once the other is mended: nothing is called unused beside other errors.
    folder = project(tmp_path, {MONTH: UNUSED + "practice: Read\n"})
    result = invoke("check", folder, "--fix")
    assert result.exit_code == 1
    assert "mended" not in result.stdout
    assert "RS007" in result.stdout


@pytest.mark.parametrize("options", [["--diff"], ["--fix", "--diff"], ["--diff", "--strict"]])
def test_a_diff_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    project(tmp_path / "c", {MONTH: UNUSED})
    monkeypatch.chdir(tmp_path)
    result = invoke("check", "c", *options)
    assert result.exit_code == 1
    file = SourceFile(f"c/{MONTH}", UNUSED)
    assert result.stdout == unified_diff(file, MENDED)
    assert result.stderr == "--fix would mend 2 faults in 1 file\n"
    assert (tmp_path / "c" / MONTH).read_text("utf-8") == UNUSED


def test_a_diff_of_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: MENDED + "practice: Read\n"})
    result = invoke("check", folder, "--diff")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("nothing can be mended for sure: ")


def test_a_diff_in_a_file_is_one_that_git_applies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = UNUSED.replace("Basics", "'\u200eBasics\u200f'")
    project(tmp_path / "c", {MONTH: month})
    monkeypatch.chdir(tmp_path)
    assert "\\u200e" in invoke("check", "c", "--diff").stdout
    result = invoke("check", "c", "--diff", "-o", "mend.diff")
    assert (result.exit_code, result.stdout) == (1, "")
    mended = month.replace(UNUSED.splitlines()[2] + "\n", "").replace(
        " # roadmap: ignore[RS209] it had no topic once", ""
    )
    diff = (tmp_path / "mend.diff").read_bytes().decode()
    assert diff == unified_diff(SourceFile(f"c/{MONTH}", month), mended)


@pytest.mark.parametrize("mark", [b"", BOM, BOM + BOM], ids=["plain", "mark", "marks"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("end", [True, False], ids=["break", "no break"])
def test_every_other_byte_stays(tmp_path: Path, mark: bytes, newline: str, end: bool) -> None:
    def written(text: str) -> bytes:
        return mark + (text if end else text[:-1]).replace("\n", newline).encode()

    last = "  # roadmap: ignore[RS208]\n"
    folder = project(tmp_path, {MONTH: written(UNUSED + last)})
    (folder / MONTH).chmod(0o640)
    others = {path: (folder / path).stat().st_mtime_ns for path in CURRICULUM if path != MONTH}
    assert invoke("check", folder, "--fix").exit_code == 0
    assert (folder / MONTH).read_bytes() == written(MENDED)
    assert (folder / MONTH).stat().st_mode & 0o777 == 0o640
    assert {p: (folder / p).stat().st_mtime_ns for p in others} == others


# ------------------------------------------------------------------------------ what does not


def test_a_file_that_changed_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    track = CURRICULUM[TRACK] + "accept: {RS303: Once.}\n"
    folder = project(tmp_path, {MONTH: UNUSED, TRACK: track})
    newer = UNUSED + "# by somebody else\n"

    def late(root: Path, file: SourceFile, text: str) -> None:
        (folder / MONTH).write_text(newer, "utf-8")
        save(root, file, text)

    monkeypatch.setattr(import_module("roadmap_site.cli.output"), "save", late)
    result = invoke("check", folder, "--fix")
    assert result.exit_code == 2
    assert f"{MONTH} was changed meanwhile, and was left alone" in result.stderr
    assert (folder / MONTH).read_text("utf-8") == newer
    assert f"{MONTH}:3" not in result.stdout  # it does not claim to have mended that
    assert (folder / TRACK).read_text("utf-8") == CURRICULUM[TRACK]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: UNUSED})
    (folder / MONTH).parent.chmod(0o500)
    try:
        result = invoke("check", folder, "--fix")
    finally:
        (folder / MONTH).parent.chmod(0o700)
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_no_file_is_left_behind(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: UNUSED})
    invoke("check", folder, "--fix")
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == {
        *CURRICULUM
    }


RULE = Rule("RS999", "some-fault", Severity.ERROR, "Some fault.")
SYNTAX = Rule("RS002", "yaml-syntax", Severity.ERROR, "No YAML.")


def faults_of(path: str, text: str) -> list[Diagnostic]:
    """A fault at each line that begins with x, which its fix deletes; `{` is no YAML."""
    file = SourceFile(path, text)
    if text.startswith("{"):
        return [SYNTAX.at(Span.whole(file), "no YAML")]
    found = []
    for number, line in enumerate(file.lines, start=1):
        if line.startswith("x"):
            span = Span(file, number, 1, number, 2)
            found.append(RULE.at(span, "x", fix=Fix("deletes it", (Edit(span, ""),))))
    return found


def mended_texts(files: Mapping[str, str]) -> tuple[dict[str, str], Mended]:
    def examine(texts: Mapping[str, str]) -> Report:
        now = {**files, **texts}
        return Report(tuple(d for path, text in now.items() for d in faults_of(path, text)))

    mended = mend(examine)
    return {file.path: text for file, text in mended.texts.items()}, mended


def test_rounds_go_on_until_nothing_is_left() -> None:
    texts, mended = mended_texts({"a": "xxxa\nxb\n", "b": "fine\n"})
    assert texts == {"a": "a\nb\n"}
    assert not mended.report.diagnostics
    assert [file.text for file in mended.texts] == ["xxxa\nxb\n"]
    assert [d.span.line for d in mended.mended] == [1, 2, 1, 1]


def test_rounds_come_to_an_end() -> None:
    texts, mended = mended_texts({"a": "x" * 200 + "\n"})
    assert 100 < len(texts["a"]) < 200
    assert mended.report.diagnostics


def test_a_fix_that_would_break_a_file_is_not_made() -> None:
    texts, mended = mended_texts({"a": "xx{\n", "b": "xb\n"})
    assert texts == {"a": "x{\n", "b": "b\n"}
    assert [d.span.file.path for d in mended.mended] == ["a", "b"]
    assert [d.rule.code for d in mended.report] == ["RS999"]


# ---------------------------------------------------------------------------- any YAML

CODES = ["RS208", "RS209", "RS302", "RS101", "RS20", "item-without-topic", "RS209,RS208", ""]
LINES = [
    "title: Basics",
    "week: 1",
    "summary: >-",
    "  Folded # and not a comment",
    "  text",
    "topics:",
    "  - Printing",
    "  - Debugging",
    '  - "Quoted # roadmap: ignore[RS209]"',
    "  - {text: Loops, points: [A, B]}",
    "  - text: Profiling",
    "    note: |",
    "      # roadmap: ignore[RS209]",
    "      more",
    "practice: [Read, Write]",
]
comments = st.builds(
    "# roadmap: ignore[{}]{}".format, st.sampled_from(CODES), st.sampled_from(["", " why", " #"])
)
accepts = st.dictionaries(st.sampled_from(["RS208", "RS302", "RS010"]), st.just("why"), min_size=1)


@st.composite
def months(draw: st.DrawFn) -> str:
    lines = []
    for line in LINES:
        indent = line[: len(line) - len(line.lstrip())]
        if draw(st.integers(0, 5)) == 0:
            lines.append(indent + draw(comments))
        tail = draw(comments) if draw(st.integers(0, 3)) == 0 else ""
        lines.append(f"{line} {tail}".rstrip())
        if line == "week: 1" and draw(st.booleans()):
            pairs = draw(accepts)
            if draw(st.booleans()):
                lines.append(f"accept: {{{', '.join(f'{k}: {v}' for k, v in pairs.items())}}}")
            else:
                lines += ["accept:", *(f"  {code}: {why}" for code, why in pairs.items())]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + (end if draw(st.booleans()) else "")


@given(months())
def test_a_fix_changes_its_own_lines_and_no_syntax(month: str) -> None:
    report = check(load_files(in_memory(month)))
    unreadable = {d.rule.code for d in report if d.rule.code < "RS005"}
    texts, mended = apply_fixes(report)
    assert {file.path for file in texts} <= {MONTH}
    for file, text in texts.items():
        touched = {
            number
            for fault in mended
            if fault.fix
            for edit in fault.fix.edits
            for number in range(edit.span.line, edit.span.end_line + 1)
        }
        kept = [
            line
            for number, line in enumerate(file.text.splitlines(keepends=True), start=1)
            if number not in touched
        ]
        remaining = iter(text.splitlines(keepends=True))
        # In order, to the last byte; only the last line may now end the file.
        assert all(
            any(line.rstrip("\r\n") == other.rstrip("\r\n") for other in remaining) for line in kept
        )
        assert ("\r\n" in text) <= ("\r\n" in month)
    after = check(load_files(in_memory(texts.get(SourceFile(MONTH, ""), month))))
    assert {d.rule.code for d in after if d.rule.code < "RS005"} == unreadable


@given(months())
def test_mending_leaves_nothing_unused_and_no_new_fault(month: str) -> None:
    before = check(load_files(in_memory(month)))
    mended = mended_in_memory(month)
    assert not [d for d in mended.report if d.fix]
    assert {d.rule.code for d in mended.report} <= {d.rule.code for d in before} | {"RS903"}
    # What was suppressed stays so: no warning comes up again.
    was, left = (
        Counter(d.rule.code for d in report if not d.rule.code.startswith("RS9"))
        for report in (before, mended.report)
    )
    assert left <= was
