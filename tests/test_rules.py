"""Every rule, by the cases below tests/rules: YAML that says itself what is wrong with it.

A case is a file whose first line names the place it takes in the curriculum of `builders`, or a
folder of files. A line with a fault ends in `# error: RS101` (or warning, or info; several codes
are parted by commas; on a page it stands in a comment). All that is found has to be marked, and
all that is marked to be found. What an editor reads of the failing cases, and what `--fix` changes
in them, is in expected.txt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from builders import project
from roadmap_site import RULES, Report, Rule, check, load
from roadmap_site.cli import main
from roadmap_site.edit import Examine, Mended, mend, unified_diff
from roadmap_site.report import report_text

FOLDER = Path(__file__).parent / "rules"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".txt")
BASE = "base/"
MARK = re.compile(r"# (error|warning|info): (RS\d{3}(?:, RS\d{3})*)(?: -->)?\s*$")
SECTIONS = ["What it checks", "Why it matters", "Example", "Use instead"]

CHECKED = [rule for rule in RULES if rule.command == "check"]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
checked = pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)


def files_of(case: Path) -> Mapping[str, bytes]:
    if case.is_dir():
        files = [path for path in case.rglob("*") if path.is_file()]
        return {path.relative_to(case).as_posix(): path.read_bytes() for path in files}
    text = case.read_bytes()
    return {text.partition(b"\n")[0].decode().removeprefix("# "): text}


def marked(files: Mapping[str, bytes]) -> list[tuple[str, int, str, str]]:
    return [
        (path, number, match[1], code)
        for path, content in files.items()
        # Latin-1 reads any bytes, and the marks themselves are ASCII.
        for number, line in enumerate(content.decode("latin-1").split("\n"), start=1)
        if (match := MARK.search(line))
        for code in match[2].split(", ")
    ]


def examine_case(case: Path, folder: Path) -> Examine:
    """How to check a case; files below `base/` are the older revision's, where they differ."""
    files = files_of(case)
    older = {path.removeprefix(BASE): text for path, text in files.items() if path.startswith(BASE)}
    base = load(project(folder / "base", older)) if older else None
    now = {path: text for path, text in files.items() if not path.startswith(BASE)}
    project(folder / "now", now)
    return lambda texts: check(load(folder / "now", texts=texts), since=base)


@pytest.fixture(scope="module")
def mended_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], tuple[Report, Mended]]:
    """What is found in a case, and what comes of fixing it."""

    @cache
    def work(case: Path) -> tuple[Report, Mended]:
        examine = examine_case(case, tmp_path_factory.mktemp("case"))
        return examine({}), mend(examine)

    return work


Examined = Callable[[Path], tuple[Report, Mended]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name[:5]}-{case.stem}")
def test_case(case: Path, mended_of: Examined) -> None:
    report, _ = mended_of(case)
    found = [(d.span.file.path, d.span.line, str(d.rule.severity), d.rule.code) for d in report]
    wanted = marked(files_of(case))
    assert sorted(found) == sorted(wanted), report_text(report)
    own = case.parent.name[:5]
    assert case.name.startswith("fail") == (own in {code for *_, code in wanted})


def wording(case: Path, report: Report, mended: Mended) -> str:
    diffs = [f"\n{unified_diff(file, text)}" for file, text in mended.texts.items()]
    return f"== {case.name}\n\n{report_text(report)}\n{''.join(diffs)}"


@checked
def test_wording(rule: Rule, mended_of: Examined, update_golden: bool) -> None:
    """What an editor reads, in full: `pytest --update-golden` writes it, a person reviews it."""
    folder = FOLDER / f"{rule.code}-{rule.name}"
    text = "\n".join(
        wording(case, *mended_of(case))
        for case in CASES
        if case.parent == folder and case.name.startswith("fail")
    )
    if update_golden:
        (folder / "expected.txt").write_text(text, "utf-8")
    assert text == (folder / "expected.txt").read_text("utf-8")


@checked
def test_rule_has_cases(rule: Rule) -> None:
    names = [case.name for case in CASES if case.parent.name == f"{rule.code}-{rule.name}"]
    assert any(name.startswith("fail") for name in names)
    assert any(name.startswith("clean") for name in names)
    assert all(name.startswith(("fail", "clean")) for name in names)


@every_rule
def test_rule_is_documented(rule: Rule) -> None:
    assert re.fullmatch(r"RS\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    sections = rule.sections
    assert re.fullmatch(r"[A-Z`][^\n]+\.", sections.summary)
    assert [heading for heading, _ in sections] == SECTIONS
    for heading, text in sections:
        assert text, f"{rule.code}: {heading}"
        # A section's own heading is read as a heading, and code stands in whole backticks.
        assert not any(other + ":" in text for other in SECTIONS)
        assert text.count("`") % 2 == 0


@checked
def test_rule_is_fixable_if_a_case_is_fixed(rule: Rule, mended_of: Examined) -> None:
    folder = FOLDER / f"{rule.code}-{rule.name}"
    cases = [mended_of(case) for case in CASES if case.parent == folder]
    fixed = [
        mended for report, mended in cases if any(d.fix for d in report if d.rule.code == rule.code)
    ]
    assert rule.fixable == bool(fixed)
    for mended in fixed:
        assert rule.code in {d.rule.code for d in mended.mended}
        assert mended.texts
        assert not [d for d in mended.report if d.rule.code == rule.code and d.fix]


@every_rule
def test_rule_is_explained(rule: Rule) -> None:
    by_code = CliRunner().invoke(main, ["rule", rule.code.lower()])
    by_name = CliRunner().invoke(main, ["rule", rule.name])
    assert by_code.exit_code == by_name.exit_code == 0
    assert by_code.stdout == by_name.stdout
    words = " ".join(by_code.stdout.split())
    assert words.startswith(f"{rule.code} {rule.name} {rule.severity} {rule.sections.summary}")
    for heading, text in rule.sections:
        assert f" {heading} {' '.join(text.split())}" in words
    assert ("--fix" in words) == rule.fixable


def test_rules_are_listed_once_and_in_order() -> None:
    codes, names = [rule.code for rule in RULES], [rule.name for rule in RULES]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)


def test_every_folder_is_a_rule() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{r.code}-{r.name}" for r in CHECKED}
