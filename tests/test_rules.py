"""Every rule, by the cases below tests/rules: YAML that says itself what is wrong with it.

A case is a file whose first line names the place it takes in the curriculum of `builders`, or a
folder of files. A line with a fault ends in `# error: RS101` (or warning, or info; several codes
are parted by commas; on a page it stands in a comment). All that is found has to be marked, and
all that is marked to be found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from builders import project, report_of
from roadmap_site import RULES, Report, Rule
from roadmap_site.report import report_text

FOLDER = Path(__file__).parent / "rules"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".txt")
MARK = re.compile(r"# (error|warning|info): (RS\d{3}(?:, RS\d{3})*)(?: -->)?\s*$")
SECTIONS = ("What it checks: ", "Why it matters: ", "Example: ", "Use instead: ")

rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


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


def check_case(case: Path, folder: Path) -> Report:
    return report_of(project(folder, files_of(case)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name[:5]}-{case.stem}")
def test_case(case: Path, tmp_path: Path) -> None:
    report = check_case(case, tmp_path)
    found = [(d.span.file.path, d.span.line, str(d.rule.severity), d.rule.code) for d in report]
    wanted = marked(files_of(case))
    assert sorted(found) == sorted(wanted), report_text(report)
    own = case.parent.name[:5]
    assert case.name.startswith("fail") == (own in {code for *_, code in wanted})


@rules
def test_wording(rule: Rule, tmp_path: Path, update_golden: bool) -> None:
    """What an editor reads, in full: `pytest --update-golden` writes it, a person reviews it."""
    folder = FOLDER / f"{rule.code}-{rule.name}"
    texts = [
        f"== {case.name}\n\n{report_text(check_case(case, tmp_path / case.name))}\n"
        for case in CASES
        if case.parent == folder and case.name.startswith("fail")
    ]
    text = "\n".join(texts)
    if update_golden:
        (folder / "expected.txt").write_text(text, "utf-8")
    assert text == (folder / "expected.txt").read_text("utf-8")


@rules
def test_rule_has_cases(rule: Rule) -> None:
    names = [case.name for case in CASES if case.parent.name == f"{rule.code}-{rule.name}"]
    assert any(name.startswith("fail") for name in names)
    assert any(name.startswith("clean") for name in names)
    assert all(name.startswith(("fail", "clean")) for name in names)


@rules
def test_rule_is_documented(rule: Rule) -> None:
    assert re.fullmatch(r"RS\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    summary, *rest = rule.doc.split("\n\n")
    assert summary.endswith(".")
    assert "\n" not in summary
    heads = [part.strip() for part in rest]
    for section in SECTIONS:
        assert [head for head in heads if head.startswith(section)], f"{rule.code}: {section}"


def test_rules_are_listed_once_and_in_order() -> None:
    codes, names = [rule.code for rule in RULES], [rule.name for rule in RULES]
    assert codes == sorted(set(codes))
    assert len(set(names)) == len(names)


def test_every_folder_is_a_rule() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{r.code}-{r.name}" for r in RULES}
