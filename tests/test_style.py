"""The house style: the same values, the same comments in the same places, and never twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from roadmap_site.load.nodes import parse
from roadmap_site.model.source import SourceFile
from roadmap_site.style import format_source
from roadmap_site.style.layout import laid_out

ROOT = Path(__file__).parent
REAL = sorted((ROOT.parent / "curriculum").rglob("*.yml"))
OTHERS = sorted([*(ROOT / "golden").rglob("*.yml"), *(ROOT / "rules").rglob("*.yml")])
COMMENT = re.compile(r"# c\d+!")
SPECIAL = {"", "~", "null", "true", "false"}


def formatted(text: str) -> str:
    """The style's own work, without the net that is spread below it."""
    file = SourceFile("a.yml", text)
    node, faults = parse(file)
    assert node is not None
    assert not faults
    return laid_out(file, node)


def styled(text: str) -> str:
    done = format_source(SourceFile("a.yml", text))
    assert done.is_safe
    assert not done.diagnostics
    return done.text


# -------------------------------------------------------------------------- what is compared


def meaning(text: str) -> Any:
    return _meaning(yaml.compose(text, Loader=yaml.CSafeLoader))


def _meaning(node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        # The loader reads these otherwise in quotes.
        return (node.value, node.style in (None, "") if node.value in SPECIAL else "")
    if isinstance(node, yaml.SequenceNode):
        return [_meaning(child) for child in node.value]
    return [(_meaning(key)[0], _meaning(child)) for key, child in node.value]


def sharing(text: str) -> list[tuple[str, str]]:
    """Anchors and aliases, in order."""
    return [
        (type(token).__name__, token.value)
        for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken)
    ]


def comments(text: str) -> list[tuple[str, int, bool, bool]]:
    """Each comment; how many values begin before it; is it alone on its line, and below another?"""
    starts = [
        token.start_mark.index
        for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        if isinstance(token, yaml.ScalarToken | yaml.AliasToken)
    ]
    found = []
    for match in COMMENT.finditer(text):
        above, line = text[: match.start()].rpartition("\n")[::2]
        own = line.strip() in ("", "?", "---", "...")
        before = sum(start < match.start() for start in starts)
        found.append(
            (match[0], before, own, bool(COMMENT.search(above.rstrip().rpartition("\n")[2])))
        )
    return found


def assert_kept(text: str, done: str) -> None:
    assert meaning(done) == meaning(text)
    assert sharing(done) == sharing(text)
    was, now = comments(text), comments(done)
    assert [comment[:2] for comment in now] == [comment[:2] for comment in was]
    for (name, _, was_own, _), (_, _, is_own, is_below) in zip(was, now, strict=True):
        # Of two on what is one line now the second has to go below.
        assert is_own == was_own or (is_own and is_below), name
    assert formatted(done) == done
    assert done.endswith("\n")
    assert "\r" not in done


# --------------------------------------------------------------------------- made-up texts

SIMPLE = ["a", "of", "topic", "C++", "C#", "-", "-x", "- x", "3", "it's", "é", "日本", "\U0001d4b3"]
ODD = [
    "#1",
    "x:",
    ":y",
    '"so"',
    "\\n",
    "[b]",
    "{c}",
    "&d",
    "*e",
    "!f",
    "%g",
    "@h",
    "|",
    ">",
    "?",
    "a,b",
]
WORDS = st.sampled_from([*SIMPLE, *ODD, "long" * 30])
LINES = st.sampled_from(["", "a", "  b", "c ", "# d", "\te", "f" * 120, "g h " * 40])
READ_OTHERWISE = ["", "~", "null", "true", "yes", "2026", "007", "1e3", "2026-11", "<<", "=", "---"]
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=40).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    st.sampled_from([*READ_OTHERWISE, " a", "a ", "  "]),
    st.text(st.sampled_from("ab \n\t#:-'\"\\é\x85\u2028\xa0\ufeff\x07"), max_size=12),
    st.lists(LINES, max_size=6).map("\n".join),
)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS.filter(lambda t: len(t) < 200), inner, max_size=4),
    ),
    max_leaves=8,
)


class Writer:
    """Writes a tree in styles that are drawn, with comments wherever YAML takes one."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.count = 0
        self.anchors: list[str] = []

    def maybe(self, often: int = 4) -> bool:
        return bool(self.draw(st.integers(0, often)) == 0)

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count}!"

    def end(self) -> str:
        """The end of a line, and what may come before the next."""
        text = f" {self.comment()}" if self.maybe() else ""
        text += "\n"
        while self.maybe(3):
            text += self.draw(st.sampled_from(["\n", " \n", "\n\n"]))
        while self.maybe():
            text += (
                " " * self.draw(st.integers(0, 8))
                + self.comment()
                + "\n" * self.draw(st.integers(1, 2))
            )
        return text

    def anchor(self) -> str:
        if not self.maybe(9):
            return ""
        self.anchors.append(f"x{len(self.anchors)}")
        return f"&{self.anchors[-1]} "

    def flow_scalar(self, text: str, indent: int, *, key: bool = False, flow: bool = False) -> str:
        kinds = ["double"]
        if text.isprintable():
            kinds.append("single")
        if yaml_plain(text, flow=flow) and (text or not key):
            kinds += ["plain"] * 3
        kind = self.draw(st.sampled_from(kinds))
        if kind == "double":
            source = json.dumps(text, ensure_ascii=self.maybe(1))
            source = re.sub("[\x85\u2028\ufeff\x7f]", lambda m: f"\\u{ord(m[0]):04x}", source)
        else:
            source = text if kind == "plain" else "'" + text.replace("'", "''") + "'"
        if key or self.maybe(1):
            return source
        margin = "\n" + " " * (indent + self.draw(st.integers(1, 3)))

        def fold(match: re.Match[str]) -> str:
            return margin if self.maybe(6) else match[0]

        return re.sub(r"(?<=[\w+]) (?=[\w+])", fold, source)

    def block_scalar(self, text: str, indent: int) -> str | None:
        if not text.strip() or re.search("[\x85\u2028\ufeff\x07]", text) or "\t" in text:
            return None
        body = text.rstrip("\n")
        breaks = len(text) - len(body)
        lines = body.split("\n")
        step = self.draw(st.integers(1, 4))
        lead = next(line for line in lines if line)
        mark = str(step) if lead[0] == " " or self.maybe() else ""
        chomp = "-" if breaks == 0 else "+" if breaks > 1 or self.maybe() else ""
        style = "|"
        if not any(line[:1] in (" ", "") for line in lines) and self.maybe(1):
            style, lines = ">", "\n\n".join(lines).split("\n")
        header = style + self.draw(st.permutations([mark, chomp]).map("".join))
        if self.maybe():
            header += f" {self.comment()}"
        margin = " " * (max(indent, 0) + step)
        text = "\n".join(margin + line if line else "" for line in lines)
        return f"{header}\n{text}\n" + "\n" * (breaks - 1 if chomp == "+" else 0)

    def flow(self, tree: Any, indent: int) -> str:
        def gap() -> str:
            return self.end() + " " * (indent + 1) if self.maybe(8) else ""

        if isinstance(tree, str):
            return self.flow_scalar(tree, indent, flow=True)
        if isinstance(tree, list):
            inside = ("," + gap() + " ").join(self.flow(child, indent) for child in tree)
            return f"[{gap()}{inside}{gap()}]"
        pairs = []
        for key, child in tree.items():
            word = self.flow_scalar(key, indent, key=True, flow=True)
            pairs.append(f"{word}: {gap()}{self.flow(child, indent)}")
        return f"{{{gap()}{(',' + gap() + ' ').join(pairs)}{gap()}}}"

    def value(self, tree: Any, indent: int, head: str) -> str:
        """What follows `head` (a key and its colon, or a dash), to the line's end."""
        if self.anchors and self.maybe(12):
            return f"{head} *{self.draw(st.sampled_from(self.anchors))}{self.end()}"
        anchor = self.anchor()
        if isinstance(tree, str):
            block = self.block_scalar(tree, indent) if self.maybe(2) else None
            if block:
                return f"{head} {anchor}{block}"
            gap = self.end() + " " * (indent + 1) if self.maybe(6) else " "
            return f"{head}{gap}{anchor}{self.flow_scalar(tree, indent)}{self.end()}"
        if not tree or self.maybe(3):
            return f"{head} {anchor}{self.flow(tree, indent)}{self.end()}"
        step = self.draw(st.integers(1, 4))
        if head == "-" and not anchor and self.maybe(1):
            inner = self.block(tree, indent + 1 + step)
            return head + inner[indent + 1 :]
        if isinstance(tree, list) and head != "-" and self.maybe(2):
            step = 0
        return f"{head} {anchor}".rstrip() + self.end() + self.block(tree, indent + step)

    def block(self, tree: Any, indent: int) -> str:
        margin = " " * indent
        text = ""
        if isinstance(tree, list):
            for child in tree:
                text += margin + self.value(child, indent, "-")
            return text
        for key, child in tree.items():
            head = self.flow_scalar(key, indent, key=True)
            if self.maybe(12):
                text += f"{margin}? {head}{self.end()}{margin}" + self.value(child, indent, ":")
            else:
                text += margin + self.value(child, indent, f"{head}:")
        return text


def yaml_plain(text: str, *, flow: bool) -> bool:
    source = f"[{text}]" if flow else f"a: {text}"
    try:
        node: Any = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    child = node.value[0] if flow and node.value else None if flow else node.value[0][1]
    if flow and len(node.value) != 1:
        return False
    return isinstance(child, yaml.ScalarNode) and child.value == text and not child.style


@st.composite
def sources(draw: Any) -> str:
    tree = draw(TREES.filter(lambda tree: not isinstance(tree, str) and tree))
    writer = Writer(draw)
    text = ""
    if writer.maybe(9):
        text = f"%YAML 1.1\n{writer.comment()}\n---{writer.end()}"
    elif writer.maybe(9):
        text = f"---{writer.end()}"
    text += writer.block(tree, draw(st.integers(0, 2)))
    if not writer.maybe(5):
        text = text.rstrip(" \n") + "\n" if not text.endswith("\n\n") else text
    if writer.maybe(9):
        text += f"...{writer.end()}"
    return text


@given(sources())
def test_meaning_and_comments_are_kept(text: str) -> None:
    node, faults = parse(SourceFile("a.yml", text))
    assume(node is not None and not faults)
    assert_kept(text, formatted(text))


# --------------------------------------------------------------------------- files that exist


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace").lstrip("\ufeff")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.relative_to(ROOT.parent).as_posix())
def test_the_curriculum_is_in_style(path: Path) -> None:
    assert styled(read(path)) == read(path)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_other_files_keep_what_they_say(path: Path) -> None:
    text = read(path)
    file = SourceFile("a.yml", text)
    node, faults = parse(file)
    done = format_source(file)
    assert done.is_safe
    if faults or node is None:
        assert done.text == text
        assert done.diagnostics == tuple(faults)
    else:
        assert_kept(text.replace("\r\n", "\n"), done.text)


@given(st.sampled_from([*REAL[::4], *OTHERS]), st.randoms(use_true_random=False))
def test_whatever_is_done_to_a_file_its_values_and_comments_are_kept(
    path: Path, chance: Any
) -> None:
    text = read(path)[:4000]
    text = text[: text.rfind("\n") + 1]
    lines = []
    count = 0
    for line in text.split("\n"):
        if line and chance.random() < 0.05:
            line = "  " + line
        if chance.random() < 0.1:
            line = line.replace('"', "'")
        if chance.random() < 0.1:
            line = re.sub(r": ([a-z][\w ]+)$", r': "\1"', line)
        if chance.random() < 0.1:
            count += 1
            line += f" # c{count}!"
        if chance.random() < 0.1:
            count += 1
            line += "\n" + " " * chance.randint(0, 9) + f"# c{count}!"
        if chance.random() < 0.05:
            line += "\n" * chance.randint(1, 3)
        lines.append(line)
    text = chance.choice(["\n", "\n", "\r\n", "\r"]).join(lines)
    file = SourceFile("a.yml", text)
    node, faults = parse(file)
    done = format_source(file)
    assert done.is_safe
    if faults or node is None:
        assert done.text == text
    else:
        assert_kept(re.sub("\r\n?", "\n", text), done.text)


# ------------------------------------------------------------------------------ the style

LONG = "word " * 30


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "a:\n- b\n-   c:  d\n    e: f\n", "a:\n  - b\n  - c: d\n    e: f\n", id="indent"
        ),
        pytest.param("a: 'b'\nc: \"d\"\n", "a: b\nc: d\n", id="quotes nobody needs"),
        pytest.param(
            "a: 'b: c'\nd: 'it''s #1'\n", 'a: "b: c"\nd: "it\'s #1"\n', id="double quotes"
        ),
        pytest.param("a: 'the \"b\": c'\n", "a: 'the \"b\": c'\n", id="single around double"),
        pytest.param(
            'a: "null"\nb: "2026"\nc: "no"\n', 'a: "null"\nb: "2026"\nc: "no"\n', id="special"
        ),
        pytest.param("- {text: a, teaches: [b,c]}\n", "- text: a\n  teaches: [b, c]\n", id="entry"),
        pytest.param("a: {b: c,  d: [e]}\n", "a: {b: c, d: [e]}\n", id="mapping in brackets"),
        pytest.param("a: [b, # c1!\n c]\n", "a:\n  - b # c1!\n  - c\n", id="comment in brackets"),
        pytest.param("a: [b,\n  c\n  ]\n", "a: [b, c]\n", id="brackets that fit"),
        pytest.param("\n\na: b\n\n\n\nc: d\n\n", "a: b\n\nc: d\n", id="blank lines"),
        pytest.param(
            "weeks:\n- a: b\n  c: d\n- e: f\n",
            "weeks:\n  - a: b\n    c: d\n\n  - e: f\n",
            id="weeks",
        ),
        pytest.param("a: |4\n     b\n    c\n", "a: |2\n   b\n  c\n", id="literal"),
        pytest.param("a: >-\n b\n c\n", "a: >-\n  b\n  c\n", id="folded"),
        pytest.param("a:\n  b\n", "a: b\n", id="on the key's line"),
        pytest.param(f"a: {LONG}\n", f"a: {'word ' * 20}word\n  {'word ' * 8}word\n", id="long"),
        pytest.param(
            "# one\n\n#two\na: b   #three\n# four\n",
            "# one\n\n#two\na: b #three\n# four\n",
            id="comments",
        ),
        pytest.param("%YAML 1.1\n---\na: b\n...\n", "a: b\n", id="marks of a document"),
        pytest.param("a: &x [b]\nc:   *x\n", "a: &x [b]\nc: *x\n", id="anchors"),
        pytest.param("? a\n: b\n", "a: b\n", id="explicit key"),
        pytest.param(
            "a:\n- b\n# c1!\nc: d\n", "a:\n  - b\n# c1!\nc: d\n", id="comment above a key"
        ),
        pytest.param(
            "a:\n    b: c\n    # c1!\nd: e\n", "a:\n  b: c\n  # c1!\nd: e\n", id="comment at an end"
        ),
        pytest.param(
            "weeks:\n- a: |+\n    b\n\n\n- c: d\n  e: f\n- # c1!\n  g: h\n",
            "weeks:\n  - a: |+\n      b\n\n\n  - c: d\n    e: f\n\n  - # c1!\n    g: h\n",
            id="blank lines that belong to a text",
        ),
        # What Hypothesis once found.
        pytest.param("a: {b: -, 'c,d': e}\n", 'a: {b: "-", "c,d": e}\n', id="dash in brackets"),
        pytest.param("- {\xa0a: b}\n", "- \xa0a: b\n", id="no-break space"),
        pytest.param(
            "? a # c1!\n: &x # c2!\n", "a: &x # c1!\n  # c2!\n", id="nothing, with comments"
        ),
        pytest.param(
            "- a\n- # c1!\n     # c2!\n- b\n", "- a\n- # c1!\n  # c2!\n- b\n", id="empty entry"
        ),
    ],
)
def test_what_the_style_is(text: str, wanted: str) -> None:
    assert styled(text) == wanted
    assert_kept(text, wanted)


def test_a_file_that_would_say_something_else_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("a: c # one\n", "a: b\n", "a: b # two\n", "a: [\n", "# one\na: b\n"):
        monkeypatch.setattr("roadmap_site.style.format.laid_out", lambda *_, wrong=wrong: wrong)
        done = format_source(SourceFile("a.yml", "a:  b # one\n"))
        assert not done.is_safe
        assert done.text == "a:  b # one\n"
