"""Loading: positions, what YAML is read as, files that cannot be read, and hostile ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    CURRICULUM,
    LIBRARY,
    MONTH,
    ROOT,
    TOPICS,
    TRACK,
    found,
    project,
    report_of,
    write,
)
from roadmap_site import Curriculum, Report, Span, load
from roadmap_site.load.nodes import parse
from roadmap_site.model.curriculum import Phase
from roadmap_site.model.source import ScalarNode, SourceFile
from roadmap_site.report import report_text

GOLDEN = Path(__file__).parent / "golden" / "curriculum"
"""A curriculum that uses every key there is."""

PHASE = "title: Basics\nweek: 1\ntopics: [Printing]\n"


def curriculum(folder: Path) -> Curriculum:
    loaded = load(folder)
    assert loaded.curriculum is not None
    return loaded.curriculum


def phase(folder: Path) -> Phase:
    return curriculum(folder).tracks[0].phases[0]


# ------------------------------------------------------------------------------- positions


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        pytest.param("a: word\n", "a", (1, 4, 1, 8), id="plain"),
        pytest.param("a: two words # three\n", "a", (1, 4, 1, 13), id="comment"),
        pytest.param("a: one\n  two\n", "a", (1, 4, 2, 6), id="plain over lines"),
        pytest.param('a: "two words"\n', "a", (1, 4, 1, 15), id="double quotes"),
        pytest.param("a: 'it''s'\n", "a", (1, 4, 1, 11), id="single quotes"),
        pytest.param('"a b": c\n', "a b", (1, 8, 1, 9), id="quoted key"),
        pytest.param("a: >-\n  one\n  two\nb: c\n", "a", (1, 4, 4, 1), id="folded"),
        pytest.param("a: |\n  one\n\nb: c\n", "b", (4, 4, 4, 5), id="after a block"),
        pytest.param("a: {b: [c, dd]}\n", "a b 1", (1, 12, 1, 14), id="flow"),
        pytest.param("a:\n  - b: c\n    d: e\n", "a 0 d", (3, 8, 3, 9), id="block"),
        pytest.param("- a\n- b\n", "1", (2, 3, 2, 4), id="list"),
        pytest.param("a:\nb: c\n", "a", (1, 3, 1, 3), id="nothing"),
        pytest.param("a: &x word\nb: *x\n", "b", (2, 4, 2, 6), id="alias"),
        pytest.param("a: &x [word]\nb: *x\n", "b", (2, 4, 2, 6), id="alias of a list"),
        pytest.param("a: &x [word]\nb: *x\n", "b 0", (1, 8, 1, 12), id="inside an alias"),
        pytest.param("a: b\r\nc: d\r\n", "c", (2, 4, 2, 5), id="CRLF"),
        pytest.param("a: b\rc: d\r", "c", (2, 4, 2, 5), id="CR"),
        pytest.param("a:\tb\n", "a", (1, 4, 1, 5), id="tab"),
        pytest.param("# x\u2028a: b\n", "a", (2, 4, 2, 5), id="U+2028"),
        pytest.param("# x\x85a: b\n", "a", (2, 4, 2, 5), id="U+0085"),
        pytest.param("日本: 語\n", "日本", (1, 5, 1, 6), id="wide"),
        pytest.param("e\u0301: \U0001d4b3y\n", "e\u0301", (1, 5, 1, 7), id="combining"),
        pytest.param("a: b\n", "a x", (1, 4, 1, 5), id="deeper than there is"),
        pytest.param("a: [b]\n", "a 7", (1, 4, 1, 7), id="further than there is"),
    ],
)
def test_position(text: str, path: str, place: tuple[int, int, int, int]) -> None:
    node, diagnostics = parse(SourceFile("x.yml", text))
    assert node is not None
    assert not diagnostics
    steps = [int(step) if step.isdigit() else step for step in path.split(" ")]
    if path == "a b" and node.under(path):
        steps = [path]
    span = node.at(*steps)
    assert (span.line, span.column, span.end_line, span.end_column) == place


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_position_in_a_file_with_byte_order_marks(tmp_path: Path, marks: int) -> None:
    content = b"\xef\xbb\xbf" * marks + b"title: []\nweek: 0\ntopics: [Printing]\n"
    report = report_of(project(tmp_path, {MONTH: content}))
    assert found(report) == [f"{MONTH}:1 RS007", f"{MONTH}:2 RS008"]
    assert [d.span.column for d in report] == [8, 7]


def test_faults_keep_their_place_beside_an_unreadable_neighbour(tmp_path: Path) -> None:
    text = "title: Basics\nweek: 1\ntopics:\n  - text: Lines\n    teaches: [[x], {y: z}, lost]\n"
    report = report_of(project(tmp_path, {MONTH: text}))
    assert [(d.rule.code, d.span.column) for d in report] == [
        ("RS007", 15),
        ("RS007", 20),
        ("RS201", 28),
    ]


# ------------------------------------------------------------------------ what values are


WORDS_IN_YAML_1_2 = (
    *("no", "on", "off", "yes", "y", "N", "True", "1e3", "0x1F", "0o17", "1_000", ".5", ".inf"),
    *("12:30:45", "2026-11-20", "=", "<<", "1.10", "Null"),
)


@pytest.mark.parametrize("text", WORDS_IN_YAML_1_2)
def test_words_stay_words(tmp_path: Path, text: str) -> None:
    folder = project(tmp_path, {MONTH: f"{PHASE}tools: [{text}]\nsummary: {text}\n"})
    assert not report_of(folder).diagnostics
    assert phase(folder).tools == (text,)
    assert phase(folder).summary == text


@pytest.mark.parametrize("text", ["~", "null", "", '""', "' '", "# nothing"])
def test_nothing_is_no_text(tmp_path: Path, text: str) -> None:
    folder = project(tmp_path, {MONTH: f"{PHASE}summary: {text}\n"})
    assert found(report_of(folder)) == [f"{MONTH}:4 RS009"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("'  spaces   between '", "spaces between"),
        (">\n  folded\n  lines\n\n  and paragraphs", "folded lines and paragraphs"),
        ('"a\\tb\\Lc\\Nd"', "a b c d"),
        ('"5\\_km"', "5\u00a0km"),
        ('"null"', "null"),
        ("e\u0301t\u00e9", "e\u0301t\u00e9"),
    ],
)
def test_a_text_is_one_line(tmp_path: Path, written: str, text: str) -> None:
    folder = project(tmp_path, {MONTH: f"{PHASE}milestone: {written}\n"})
    assert not report_of(folder).diagnostics
    assert phase(folder).milestone == text


def test_anchors_repeat_values(tmp_path: Path) -> None:
    text = f"{PHASE}tools: &t [&p Python, Git]\npractice:\n  - text: Try *p\n    cites: []\n"
    assert phase(project(tmp_path, {MONTH: text})).tools == ("Python", "Git")


def test_a_fault_that_an_alias_repeats_is_said_once(tmp_path: Path) -> None:
    text = f"{PHASE}practice: &x [{{text: [a]}}]\nkey_concepts:\n- {{title: A, items: *x}}\n"
    folder = project(tmp_path, {MONTH: text})
    assert found(report_of(folder)) == [f"{MONTH}:4 RS007"]
    assert len(load(folder).diagnostics) == 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("{a: 1, a: 2}", ["RS004"], id="a key twice"),
        pytest.param("{&k a: 1, *k : 2}", ["RS004"], id="a key twice by an alias"),
        pytest.param("{1: a, ~: b, 2026-11-20: c}", [], id="keys that are not words"),
        pytest.param("{[a]: b}", ["RS002"], id="a list as a key"),
        pytest.param("{{a: b}: c}", ["RS002"], id="a mapping as a key"),
        pytest.param("? a\n: b\n", [], id="a key on a line of its own"),
        pytest.param("<<: {a: b}\n", [], id="a merge key is a key like others"),
        pytest.param("!!str a", ["RS007"], id="a tag"),
        pytest.param("!!python/object/apply:os.system [ls]", ["RS007"], id="a Python tag"),
        pytest.param("! a", ["RS007"], id="a bare tag"),
        pytest.param("a: *b", ["RS002"], id="an alias of nothing"),
        pytest.param("%YAML 1.2\n---\na: b\n", [], id="a directive"),
        pytest.param("a: b\n---\nc: d\n", ["RS002"], id="two documents"),
        pytest.param("---\na: b\n...\n", [], id="one document, marked"),
        pytest.param("a: b\n...\nc: d\n", ["RS002"], id="more after the end"),
        pytest.param('a: "\\q"', ["RS002"], id="an unknown escape"),
        pytest.param("a: \x07", ["RS002"], id="a control character"),
        pytest.param("a: b\0c", ["RS002"], id="NUL"),
        pytest.param("a: \ufffe", ["RS002"], id="no character"),
        pytest.param("a: \x7f", ["RS002"], id="DEL"),
        pytest.param("%TAG !a! b\n" * 50_000, ["RS003"], id="many directives"),
        pytest.param("&a [*a]", ["RS003"], id="an anchor in itself"),
        pytest.param("&a {*a : b}", ["RS003"], id="an anchor in its own key"),
        pytest.param("[" * 65, ["RS003"], id="deep"),
        pytest.param("[" * 64 + "]" * 64, [], id="just not too deep"),
    ],
)
def test_yaml(text: str, codes: list[str]) -> None:
    _, diagnostics = parse(SourceFile("x.yml", text))
    assert [d.rule.code for d in diagnostics] == codes


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: b\r\nc: \x07", 2, 4),
        ("a: b\rc\u2028d\x85e: \x07", 4, 4),
        ("日本: 語\n\U0001d4b3: \x07", 2, 4),
    ],
)
def test_position_of_a_character_that_yaml_forbids(text: str, line: int, column: int) -> None:
    _, (diagnostic,) = parse(SourceFile("x.yml", text))
    assert (diagnostic.span.line, diagnostic.span.column) == (line, column)


@pytest.mark.parametrize("text", ['a: b\nc: "d\n', "a: b\nc: 'd\n---\n", 'a: b\nc: "d: e\nf: g'])
def test_an_open_quote_is_shown_where_it_opens(text: str) -> None:
    _, (diagnostic,) = parse(SourceFile("x.yml", text))
    assert diagnostic.message == "the quote that begins here is never closed"
    assert (diagnostic.span.line, diagnostic.span.column) == (2, 4)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c", "a:\n\t- b", "a: @b", "a: `b`", "- *b*", "- &", "- !<b", "- !x!b", "%b",
        "a: - b", "a: [b,,c]", "a: [b", "a: {b", "a: |b", 'a: "b" c', "- [a] b\n- c",
        'a: "\\d"', 'a: "\\xq"',
        "a: b\n c: d", "a: b\n- c", "- a\nb: c", "a\nb: c", "a: b\n...\nc: d", "%YAML 3.0\n---\na",
        "a:\n  b: c\n d: e", "a: 'b'c", "{a: b}}", "a: b\nc\n", "%YAML 1.1\n%YAML 1.1\n---\na",
    ],
)  # fmt: skip
def test_every_syntax_fault_has_a_hint_of_its_own(text: str) -> None:
    _, (diagnostic,) = parse(SourceFile("x.yml", text))
    assert diagnostic.rule.code == "RS002"
    assert diagnostic.hint
    assert not diagnostic.hint.startswith("check the indentation, quotes and brackets")


def test_billion_laughs() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    _, (diagnostic,) = parse(SourceFile("x.yml", "\n".join(lines)))
    assert diagnostic.rule.code == "RS003"
    assert diagnostic.span.line == 4  # 110 values on the second line, 1,110 on the third


def test_an_alias_is_a_node_of_its_own() -> None:
    node, _ = parse(SourceFile("x.yml", "a: &x b\nc: *x\n"))
    assert node is not None
    first, second = node.under("a"), node.under("c")
    assert isinstance(first, ScalarNode)
    assert isinstance(second, ScalarNode)
    assert first is not second
    assert first.value == second.value == "b"
    assert first.span.line == 1


# ---------------------------------------------------------------------------- whole files


def test_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        {
            ROOT: "id: small\ntitle: Small\ntagline: x\nsummary:\ntracks: [python, lost]\nodd: 1\n",
            TOPICS: "areas: {basics: Basics\nroots: [printing]\n",
            LIBRARY: "tutorial: {title: The tutorial, type: tutorail}\nbook: just a text\n",
            "resources/broken.yml": "a: b: c\nd: e: f\n",
            TRACK: "title: Python\nlevel: expert\nmonths: [basics, rest]\n",
            MONTH: "title: Basics\nweek: 0\ntopics: Printing\npractice:\n  -\n",
            "tracks/python/rest.yml": b"title: \xff\n",
        },
    )
    assert found(report_of(folder)) == [
        f"{ROOT}:4 RS009",
        f"{ROOT}:6 RS005",
        "resources/broken.yml:1 RS002",
        f"{LIBRARY}:1 RS008",
        f"{LIBRARY}:2 RS007",
        f"{TOPICS}:2 RS002",
        f"{MONTH}:2 RS008",
        f"{MONTH}:3 RS007",
        f"{MONTH}:5 RS009",
        "tracks/python/rest.yml:1 RS001",
        *[f"{TRACK}:1 RS006"] * 6,
        f"{TRACK}:2 RS008",
    ]


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "Latin-1": lambda path: path.write_bytes("title: Café\n".encode("latin-1")),
    "UTF-16": lambda path: path.write_bytes(PHASE.encode("utf-16")),
    "UTF-32": lambda path: path.write_bytes(PHASE.encode("utf-32")),
    "a lone surrogate": lambda path: path.write_bytes(b"title: \xed\xa0\x80\n"),
    "larger than 1 MiB": lambda path: path.write_text(PHASE + "#" * (1 << 20)),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link out": lambda path: path.symlink_to("/etc/hostname"),
    "a link to nothing": lambda path: path.symlink_to("nowhere.yml"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link up and out": lambda path: path.symlink_to("../" * 30 + "etc/hostname"),
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("path", [ROOT, TOPICS, LIBRARY, TRACK, MONTH])
def test_unreadable_file(tmp_path: Path, path: str, make: Callable[[Path], object]) -> None:
    folder = project(tmp_path)
    (folder / path).unlink()
    make(folder / path)
    report = report_of(folder)
    assert found(report) == [f"{path}:1 RS001"]
    assert_sound(report)


def test_a_file_of_just_1_mib_is_read(tmp_path: Path) -> None:
    text = PHASE + "#" * ((1 << 20) - len(PHASE) - 1) + "\n"
    assert not report_of(project(tmp_path, {MONTH: text})).diagnostics


def test_a_link_inside_the_curriculum_is_followed(tmp_path: Path) -> None:
    folder = project(tmp_path, {MONTH: None, "drafts/basics.txt": PHASE})
    (folder / MONTH).symlink_to("../../drafts/basics.txt")
    assert not report_of(folder).diagnostics


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "\ufeff"])
def test_empty_file(tmp_path: Path, text: str) -> None:
    report = report_of(project(tmp_path, {MONTH: text}))
    assert [(d.rule.code, d.message) for d in report] == [("RS002", "the file is empty")]


@pytest.mark.parametrize("path", [ROOT, TOPICS, LIBRARY, TRACK, MONTH])
@pytest.mark.parametrize(
    "text", ["---\n", "word\n", "- list\n", "'quoted'\n", "|\n block\n", "7\n"]
)
def test_file_of_another_kind(tmp_path: Path, path: str, text: str) -> None:
    report = report_of(project(tmp_path, {path: text}))
    assert found(report) == [f"{path}:{2 if text == '---' + chr(10) else 1} RS007"]


@pytest.mark.parametrize(
    ("files", "faults"),
    [
        pytest.param({TOPICS: None}, [], id="no topics"),
        pytest.param(
            {TOPICS: None, MONTH: PHASE + "teaches: [printing, loops]\n"},
            [f"{MONTH}:4 RS201"],
            id="no topics, said once",
        ),
        pytest.param({LIBRARY: None}, ["tracks/python/rest.yml:7 RS202"], id="no resources"),
        pytest.param({TRACK: None}, [f"{ROOT}:5 RS204"], id="no track.yml"),
        pytest.param({MONTH: None}, [f"{TRACK}:8 RS205"], id="no month"),
        pytest.param(
            {MONTH: PHASE + "interview: [python, numpy]\n"}, [f"{MONTH}:4 RS203"], id="no banks"
        ),
        pytest.param({TOPICS: "areas: {basics: Basics}\n"}, [f"{TOPICS}:1 RS006"], id="no topic"),
    ],
)
def test_missing_file(tmp_path: Path, files: dict[str, str | None], faults: list[str]) -> None:
    """What depends on a missing file is not said one by one."""
    assert found(report_of(project(tmp_path, files))) == faults


def test_yaml_may_be_spelled_in_full(tmp_path: Path) -> None:
    folder = project(tmp_path)
    for path in (TOPICS, LIBRARY, TRACK, MONTH):
        (folder / path).rename((folder / path).with_suffix(".yaml"))
    assert not report_of(folder).diagnostics


def test_not_a_curriculum(tmp_path: Path) -> None:
    for folder, said in ((tmp_path, r"has no curriculum\.yml"), (tmp_path / "x", "is no folder")):
        with pytest.raises(FileNotFoundError, match=said):
            load(folder)


ODD_NAMES = ("..", ".", "a/b", "/", "x y", "UPPER", "päivä", "a\\b", "track", "con", "-", "~", "*")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_in_lists(tmp_path: Path, name: str) -> None:
    quoted = json.dumps(name)
    root = CURRICULUM[ROOT].replace("[python]", f"[python, {quoted}]") + f"banks: [{quoted}]\n"
    track = CURRICULUM[TRACK].replace("[basics, rest]", f"[basics, rest, {quoted}]")
    folder = project(tmp_path, {ROOT: root, TRACK: track})
    assert found(report_of(folder)) == [f"{ROOT}:5 RS204", f"{ROOT}:6 RS203", f"{TRACK}:8 RS205"]


@pytest.mark.parametrize(
    "name", ["x y", "UPPER", "a.b", "日本", "a\nb", b"\xff".decode(errors="surrogateescape")]
)
def test_odd_names_of_files(tmp_path: Path, name: str) -> None:
    paths = [f"tracks/{name}/track.yml", f"tracks/python/{name}.yml", f"{name}.yml"]
    folder = project(tmp_path, dict.fromkeys(paths, "odd: file\n"))
    report = report_of(folder)
    assert found(report) == [f"{path}:1 RS110" for path in sorted(paths)]
    assert_sound(report)


# --------------------------------------------------------------------------- hostile files

HOSTILE = {
    "brackets": "'[' * 100_000",
    "dashes": "'- ' * 30_000",
    "braces": "'{a: ' * 100_000",
    "questions": "'? ' * 100_000",
    "indentation": "''.join(' ' * n + 'a:\\n' for n in range(1_000))",
    "lists of lists": "''.join(' ' * n + '-\\n' for n in range(1_000))",
    "quotes": "'\"' * 100_000",
    "anchors": "'- &a x\\n' * 100_000",
    "aliases": "'a: &a [x, x, x]\\nb: [' + '*a, ' * 200_000 + ']'",
    "long key": "'k' * 1_000_000 + ': v'",
    "long word": "'title: ' + 'w' * 1_000_000",
    "long quote": "'title: \"' + 'w\\\\n' * 300_000 + '\"'",
    "spaces": "'title: \"' + ' ' * 1_000_000 + '\"'",
    "tags": "'!<' + 'x' * 1_000_000 + '> y'",
    "directives": "'%TAG !a! b\\n' * 90_000",
    "comments": "'#\\n' * 500_000",
    "commas": "'topics: [' + ',' * 500_000 + ']'",
    "colons": "'a: ' * 300_000",
    "combining": "'title: e' + chr(0x301) * 400_000",
    "expansion": "'title: ' + chr(0xFDFA) * 300_000",
}


def test_hostile_files_end_in_a_diagnostic(tmp_path: Path) -> None:
    """In a child process, because what could go wrong is a crash of the interpreter."""
    script = f"""
import sys
from pathlib import Path
from roadmap_site import check, load
from roadmap_site.report import report_text
for name, text in {{{", ".join(f"{name!r}: {text}" for name, text in HOSTILE.items())}}}.items():
    print(name, end=": ", flush=True)
    Path(sys.argv[1], {MONTH!r}).write_text(text, "utf-8")
    report = check(load(sys.argv[1]))
    print(len(report_text(report)) < 5_000, *sorted({{d.rule.code for d in report}}), flush=True)
"""
    folder = project(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr
    lines = dict(line.split(": ") for line in done.stdout.splitlines())
    assert lines.keys() == HOSTILE.keys()
    assert [name for name, line in lines.items() if not line.startswith("True RS")] == []
    for name in ("brackets", "dashes", "braces", "indentation", "directives"):
        assert lines[name] == "True RS003"


# --------------------------------------------------------------------- whatever is written


def assert_sound(report: Report) -> None:
    """What holds of every report: spans in their files, one line a message, nothing said twice."""
    assert len(set(report.diagnostics)) == len(report.diagnostics)
    for diagnostic in (*report, *(accepted for accepted, _ in report.accepted)):
        for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
            assert_inside(span)
        for text in (diagnostic.message, diagnostic.hint):
            assert text.strip(), diagnostic
            assert len(text.splitlines()) == 1, diagnostic
            assert len(text) < 500, diagnostic
    for character in set(report_text(report)) - {"\n"}:
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def assert_inside(span: Span) -> None:
    lines = span.file.lines
    for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
        assert 1 <= line <= len(lines), span
        assert 1 <= column <= len(lines[line - 1]) + 1, span
    assert (span.line, span.column) <= (span.end_line, span.end_column), span


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of GOLDEN."""
    folder = tmp_path_factory.mktemp("complete")
    for path in GOLDEN.rglob("*.yml"):
        write(folder / path.relative_to(GOLDEN), path.read_bytes())
    return folder


def checked(folder: Path, path: str, content: str | bytes) -> Report:
    """What is found with a file replaced for a moment."""
    file = folder / path
    before = file.read_bytes()
    write(file, content)
    try:
        return report_of(folder)
    finally:
        write(file, before)


PATHS = st.sampled_from([ROOT, TOPICS, LIBRARY, TRACK, MONTH])


@settings(max_examples=100)
@given(path=PATHS, content=st.binary(max_size=200))
def test_any_bytes(small: Path, path: str, content: bytes) -> None:
    assert_sound(checked(small, path, content))


@settings(max_examples=100)
@given(path=PATHS, content=st.text(max_size=200))
def test_any_text(small: Path, path: str, content: str) -> None:
    assert_sound(checked(small, path, content))


SIGNS = (
    "- ", ": ", ":", "? ", ", ", "&a ", "*a", "{", "}", "[", "]", "|\n", ">-\n", "'", '"', "\t",
    "\n", "\r\n", "\r", "#", " # ", "!!str ", "! ", "%YAML 1.1\n", "---\n", "...\n", "\u2028",
    "\x85", "\ufeff", "<<: ", "\\", "~", "null", "\0", "\x1b[31m", "\u202e", "e\u0301", "日本",
)  # fmt: skip
COMPLETE_PATHS = sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.yml"))


@st.composite
def changed_files(draw: st.DrawFn) -> tuple[str, str]:
    """A file of GOLDEN with chunks deleted, repeated, moved or replaced."""
    path = draw(st.sampled_from(COMPLETE_PATHS))
    text = (GOLDEN / path).read_text("utf-8")
    for _ in range(draw(st.integers(1, 3))):
        ends = st.integers(0, len(text))
        start, end = sorted((draw(ends), draw(ends)))
        end = min(end, start + 40)
        at = draw(ends)
        chunk = draw(st.sampled_from(SIGNS) | st.just(text[at : at + 40]) | st.text(max_size=9))
        text = text[:start] + chunk + text[end:]
    return path, text


@settings(max_examples=100)
@given(changed=changed_files())
def test_changed_text(complete: Path, changed: tuple[str, str]) -> None:
    assert_sound(checked(complete, *changed))


WORDS = st.sampled_from(
    ["", "x", "Loops", "loops", "no", "0", "1-2", "9999-1", "5-6h", "2026-02-31", "~", "..", "a/b",
     "javascript:x", "http://[", "https://example.com", "\u202e", "\0", "a\nb", "C++", "???",
     "apprentice", "all", "automate", "python", "RS208", "w" * 300]
)  # fmt: skip
VALUES = st.recursive(
    WORDS | st.text(max_size=5) | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            WORDS | st.sampled_from(["id", "text", "title", "teaches", "accept", "moved", "ref"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a tree."""
    yield path
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, child in pairs:
        yield from places_in(child, (*path, key))


@st.composite
def changed_trees(draw: st.DrawFn) -> tuple[str, str]:
    """A file of GOLDEN with a value replaced, a key or an entry added, or a part put elsewhere."""
    path = draw(st.sampled_from(COMPLETE_PATHS))
    tree = yaml.load((GOLDEN / path).read_text("utf-8"), yaml.BaseLoader)
    for _ in range(draw(st.integers(1, 2))):
        spots = list(places_in(tree))
        *way, last = draw(st.sampled_from(spots[1:]))
        parent = tree
        for step in way:
            parent = parent[step]
        change = draw(st.sampled_from(["replace", "delete", "add", "repeat"]))
        if change == "replace":
            parent[last] = draw(VALUES)
        elif change == "delete":
            del parent[last]
        elif isinstance(parent, list):
            parent.insert(last, parent[last] if change == "repeat" else draw(VALUES))
        else:
            parent[draw(WORDS)] = parent[last] if change == "repeat" else draw(VALUES)
        if len(list(places_in(tree))) < 2:
            break
    return path, yaml.safe_dump(tree, allow_unicode=draw(st.booleans()), sort_keys=False)


@settings(max_examples=100)
@given(changed=changed_trees())
def test_changed_tree(complete: Path, changed: tuple[str, str]) -> None:
    assert_sound(checked(complete, *changed))
