"""What an editor leaves out: `check:` in curriculum.yml, --select and --ignore, comments."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CURRICULUM, MONTH, ROOT, found, project
from roadmap_site import RULES, Report, Severity, Span, check, load
from roadmap_site.check import SelectionError, suppressions
from roadmap_site.check.comments import comments
from roadmap_site.check.rules.vocabulary import item_without_topic
from roadmap_site.check.settings import matches
from roadmap_site.load import load_files
from roadmap_site.load.files import InMemory
from roadmap_site.model.source import SourceFile
from test_cli import invoke

WEEK = "title: Basics\nweek: 1\n"
BOTH = f"{WEEK}topics: [Loops, Debugging]\n"
"""A warning (RS208) and an info (RS209)."""
ERROR = f"{BOTH}practice: Read\n"


def checked(
    month: str,
    settings: str = "",
    *,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
) -> Report:
    texts = {**CURRICULUM, MONTH: month}
    if settings:
        texts[ROOT] += f"check: {settings}\n"
    files = InMemory({path: text.encode() for path, text in texts.items()})
    return check(load_files(files), select=select, ignore=ignore)


def codes(report: Report) -> list[str]:
    return [d.rule.code for d in report]


# -------------------------------------------------------------------- select, ignore, severity


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("{}", ["RS208", "RS209"]),
        ("{ignore: [RS209]}", ["RS208"]),
        ("{ignore: [item-without-topic]}", ["RS208"]),
        ("{ignore: [RS20]}", []),
        ("{ignore: [RS]}", []),
        ("{ignore: [RS3]}", ["RS208", "RS209"]),
        ("{select: [RS209]}", ["RS209"]),
        ("{select: [RS3]}", []),
        ("{select: []}", []),
        ("{select: [RS2], ignore: [RS209]}", ["RS208"]),
        ("{select: [RS209], ignore: [RS2]}", ["RS209"]),
        ("{select: [RS209], ignore: [RS209]}", []),
        ('{per_path: {"tracks/**": [RS208]}}', ["RS209"]),
        ('{per_path: {"tracks/python/basics.yml": [RS208, RS209]}}', []),
        ('{per_path: {"topics.yml": [RS2]}}', ["RS208", "RS209"]),
    ],
)
def test_rules_are_selected(settings: str, left: list[str]) -> None:
    assert codes(checked(BOTH, settings)) == left


@pytest.mark.parametrize(
    ("settings", "severities"),
    [
        ("{severity: {RS209: warning}}", ["warning", "warning"]),
        ("{severity: {late-prerequisite: info}}", ["info", "info"]),
        ("{severity: {RS2: error}}", ["error", "error"]),
        ("{severity: {RS209: warning, RS2: error}}", ["error", "warning"]),
        ("{severity: {RS: error, RS20: warning}}", ["warning", "warning"]),
    ],
)
def test_severities_are_given(settings: str, severities: list[str]) -> None:
    report = checked(BOTH, settings)
    assert [str(d.rule.severity) for d in report] == severities
    assert report.fails() == ("error" in severities)
    assert report.fails(strict=True) == (severities != ["info", "info"])


@pytest.mark.parametrize("options", [{"select": ["RS3"]}, {"select": []}, {"ignore": ["RS"]}])
def test_errors_are_always_looked_for(options: dict[str, list[str]]) -> None:
    assert codes(checked(ERROR, select=options.get("select"), ignore=options.get("ignore"))) == [
        "RS007"
    ]


def test_what_the_caller_selects_stands_in_place_of_the_settings() -> None:
    settings = '{select: [RS208], ignore: [RS3], per_path: {"**": [RS210]}}'
    assert codes(checked(BOTH, settings, select=["RS209"])) == ["RS209"]
    assert codes(checked(BOTH, settings, ignore=["RS208"])) == []
    assert codes(checked(BOTH, settings, select=["RS"], ignore=[])) == ["RS208", "RS209"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"select": ["RS2099"]}, "there is no rule `RS2099` (did you mean `RS209`?)"),
        ({"ignore": ["unused-topics"]}, "there is no rule `unused-topics`"),
        ({"ignore": ["RS201"]}, "`RS201` is an error, and errors are always looked for"),
        ({"ignore": ["RS00"]}, "`RS00` are all errors"),
    ],
)
def test_a_caller_s_slip_is_an_error(options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        checked(BOTH, select=options.get("select"), ignore=options.get("ignore"))
    assert message in str(caught.value)


def test_acceptances_stay_of_use_whatever_is_selected() -> None:
    month = (
        f"{WEEK}accept: {{RS208: why}}\ntopics:\n- Loops\n- Debugging # roadmap: ignore[RS209]\n"
    )
    for settings in ("{ignore: [RS2]}", "{select: [RS3]}", "{severity: {RS208: info}}"):
        report = checked(month, settings)
        assert not report.diagnostics
        assert [d.rule.code for d, _ in report.accepted] == ["RS208", "RS209"]


def test_an_info_that_is_made_a_warning_can_be_accepted() -> None:
    month = f"{WEEK}accept: {{RS209: why}}\ntopics: [Debugging]\n"
    assert codes(checked(month)) == ["RS902", "RS209"]
    assert codes(checked(month, "{severity: {RS209: warning}}")) == []


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://example.org/roadmap/", "https://example.org/roadmap/contribute/rules/rs209/"),
        ("https://example.org", "https://example.org/contribute/rules/rs209/"),
    ],
)
def test_the_site_explains_rules(url: str, page: str) -> None:
    report = checked(BOTH, f"{{docs_url: '{url}'}}")
    assert report.help_url(item_without_topic) == page
    assert codes(report) == ["RS208", "RS209"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/roadmap/", "https://a b.org/"])
def test_no_other_address_is_linked_to(url: str) -> None:
    report = checked(BOTH, f"{{docs_url: '{url}'}}")
    assert codes(report)[0] == "RS401"
    assert report.help_url(item_without_topic) == ""


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ("{ignroe: [RS209]}", "RS005"),
        ("{ignore: RS209}", "RS007"),
        ("[RS209]", "RS007"),
        ("{severity: {RS209: grave}}", "RS008"),
        ("{per_path: [tracks]}", "RS007"),
    ],
)
def test_faults_of_shape_are_those_of_any_yaml(settings: str, fault: str) -> None:
    report = checked(BOTH, settings)
    (own,) = [d for d in report if d.rule.severity is Severity.ERROR]
    assert (own.rule.code, own.span.file.path, own.span.line) == (fault, ROOT, 6)


# --------------------------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("path", "pattern", "does"),
    [
        ("a.yml", "*.yml", True),
        ("a/b.yml", "*.yml", False),
        ("a/b.yml", "*/*.yml", True),
        ("a/b.yml", "**", True),
        ("a/b.yml", "**/b.yml", True),
        ("b.yml", "**/b.yml", True),
        ("a/x/y/b.yml", "a/**/b.yml", True),
        ("a/b.yml", "a/**/b.yml", True),
        ("a/b.yml", "a/**", True),
        ("c/b.yml", "a/**", False),
        ("a/b.yml", "a", False),
        ("a/b.yml", "a/", False),
        ("a/b.yml", "a/b.yml/**/c", False),
        ("a/b.yml", "A/B.YML", False),
        ("a/b.yml", "a/[bc].ym?", True),
        ("a/b.yml", "**/**/**/b.yml", True),
        ("a/b.yml", "", False),
        ("a/b.yml", "../a/b.yml", False),
    ],
)
def test_patterns(path: str, pattern: str, does: bool) -> None:
    assert matches(path, pattern) is does


names = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=5)


@given(names, st.lists(st.sampled_from(["a", "b", "*", "**", "a*", "?"]), min_size=1, max_size=5))
def test_patterns_are_those_of_a_plain_definition(parts: list[str], steps: list[str]) -> None:
    def plainly(parts: list[str], steps: list[str]) -> bool:
        if not steps:
            return not parts
        if steps[0] == "**":
            return any(plainly(parts[n:], steps[1:]) for n in range(len(parts) + 1))
        return bool(parts) and fnmatchcase(parts[0], steps[0]) and plainly(parts[1:], steps[1:])

    assert matches("/".join(parts), "/".join(steps)) == plainly(parts, steps)


# --------------------------------------------------------------------------------- comments


@pytest.mark.parametrize(
    ("topics", "left"),
    [
        ("- Loops # roadmap: ignore[RS208]", []),
        ("- Loops #roadmap:ignore[ RS208 , RS209 ]", ["RS903"]),
        ("- Loops # see # roadmap: ignore[RS208] on purpose", []),
        ("# roadmap: ignore[RS208]\n- Loops", []),
        ("# roadmap: ignore[RS208]\n# why\n\n- Loops", []),
        ("- Loops\n# roadmap: ignore[RS208]", ["RS208", "RS903"]),
        ("# # roadmap: ignore[RS208]\n- Loops", ["RS208"]),
        ("- Loops # roadmap: ignored[RS208]", ["RS208"]),
        ("- Loops # roadmap: ignore-it", ["RS208"]),
        ("- Loops # Roadmap: ignore[RS208]", ["RS208"]),
        ("- Loops # roadmap: ignore", ["RS208", "RS903"]),
        ("- Loops # roadmap: ignore[]", ["RS208", "RS903"]),
        ("- Loops # roadmap: ignore[RS208", ["RS208", "RS903"]),
        ("- |- # roadmap: ignore[RS208]\n  Loops", []),
        ("- &a !!str |- # roadmap: ignore[RS208]\n  Loops", ["RS007"]),
        ("- |-\n  Loops # roadmap: ignore[RS209]", ["RS209"]),
        ("- >-\n  # roadmap: ignore[RS209]\n  x", ["RS209"]),
        ('- "Loops # roadmap: ignore[RS209]"', ["RS209"]),
        ('- "a\n\n  # roadmap: ignore[RS209]\n  b"', ["RS209"]),
        ("- 'it''s # roadmap: ignore[RS209]' # roadmap: ignore[RS209]", []),
        ("- a# roadmap:ignore[RS209]", ["RS209"]),
        ("- {text: Loops} # roadmap: ignore[RS208]", []),
        ("- Loops # roadmap: ignore[RS208] # roadmap: ignore[RS209]", []),
    ],
)
def test_comments_in_yaml(topics: str, left: list[str]) -> None:
    lines = topics.replace("\n", "\n  ")
    for end in ("\n", "\r\n"):
        report = checked(f"{WEEK}topics:\n  {lines}\n".replace("\n", end))
        assert codes(report) == left, [d.message for d in report]


def test_the_reason_is_kept() -> None:
    report = checked(f"{WEEK}topics:\n- Loops # roadmap: ignore[RS208]   met  by use \n")
    assert [(d.rule.code, reason) for d, reason in report.accepted] == [("RS208", "met by use")]


def test_nothing_is_called_unused_beside_an_error() -> None:
    month = f"{WEEK}topics:\n- Printing # roadmap: ignore[RS209]\n"
    assert codes(checked(month)) == ["RS903"]
    assert codes(checked(month + "practice: Read\n")) == ["RS007"]


def test_a_file_that_cannot_be_parsed_says_only_that() -> None:
    assert codes(checked(f"{WEEK}topics: [Loops # roadmap: ignore[RS209]\n")) == ["RS002"]


PAGE = """\
<!-- roadmap: ignore[RS209] above -->
one
two <!-- roadmap: ignore[RS208] --> and on

<!--roadmap:ignore[RS208]-->

three
```html
<!-- roadmap: ignore[RS999] -->
four
```
`<!-- roadmap: ignore[RS999] -->` in code

    <!-- roadmap: ignore[RS999] -->
# roadmap: ignore[RS999] is a heading
"""


def test_comments_in_a_page() -> None:
    page = SourceFile("pages/about.md", PAGE)
    assert [(c.line, [code for code, _ in c.codes], c.reason) for c in comments(page)] == [
        (2, ["RS209"], "above"),
        (3, ["RS208"], ""),
        (7, ["RS208"], ""),
    ]
    faults = [item_without_topic.at(Span(page, line, 1, line, 2), "m") for line in (1, 2, 3)]
    left, suppressed = suppressions.apply([page], faults, RULES, is_settled=True)
    assert [d.span.line for d, _ in suppressed] == [2]
    assert [(d.span.line, d.rule.code) for d in left] == [
        (1, "RS209"),
        (3, "RS209"),
        (3, "RS903"),
        (5, "RS903"),
    ]
    fixed = [d.fix.edits[0] for d in left if d.fix]
    assert [(edit.span.text, edit.text) for edit in fixed] == [
        (" <!-- roadmap: ignore[RS208] -->", ""),
        ("<!--roadmap:ignore[RS208]-->\n", ""),
    ]


SIGN = " # roadmap: ignore[RS209]"


@pytest.mark.parametrize(
    ("topics", "count"),
    [
        ("topics: [" + "Debug, " * 9_000 + "]" + SIGN * 9_000, 1),
        (f'topics: ["{SIGN * 20_000}"]', 0),
        ("topics: [" + f'"{SIGN}", ' * 20_000 + "]", 0),
        ("topics:\n" + f"{SIGN}\n" * 20_000 + "- Debug", 20_000),
        ("topics:\n- Debug # " + "roadmap: ignore[" * 20_000, 1),
        ("topics:\n- Debug " + "# roadmap: ignore[" * 20_000, 1),
        ("topics: &a [" + "Debug, " * 90 + f"]{SIGN}\npractice: [" + "*a, " * 90 + "]", 1),
    ],
    ids=["items", "text", "texts", "lines", "open", "opened", "aliases"],
)
def test_a_stranger_s_comments_take_no_time(topics: str, count: int) -> None:
    """Minutes and more, where any step were quadratic."""
    found = list(comments(SourceFile(MONTH, f"{WEEK}{topics}\n")))
    assert len(found) == count


# ----------------------------------------------------------------------------- command line


def test_options_name_rules(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: BOTH})
    both = invoke("check", folder, "--no-color").stdout
    assert "RS208" in both
    assert "RS209" in both
    for options in (["--ignore", "RS208,RS209"], ["--ignore", "RS208", "--ignore", "RS209"]):
        assert invoke("check", folder, *options).stdout == "no faults\n"
    assert "RS208" not in invoke("check", folder, "--select", "item-without-topic").stdout
    assert found(check(load(folder), select=["RS3"])) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--select", "RS2O9"], "there is no rule `RS2O9`"),
        (["--ignore", "RS201"], "errors are always looked for"),
    ],
)
def test_a_slip_in_an_option_exits_with_2(tmp_path: Path, options: list[str], words: str) -> None:
    result = invoke("check", project(tmp_path), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
