"""Moved addresses written anew: only they change, wherever and however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import LIBRARY, project
from link_reports import NEW, OLD, moved_report
from roadmap_site import load
from roadmap_site.check import settle
from roadmap_site.check.rules.links import RULE_OF
from roadmap_site.edit import save
from roadmap_site.links import mending
from roadmap_site.links.diagnose import diagnose
from roadmap_site.links.find import mentions_in
from roadmap_site.links.mending import Moved, moved_texts
from roadmap_site.load.nodes import parse
from roadmap_site.model.links import Judged, LinkStatus, Mention, links_of
from roadmap_site.model.links import LinkReport as Links
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile


def scalars(node: Node | None) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for child in node.children:
            yield from scalars(child)
    elif isinstance(node, MappingNode):
        for _, child in node.pairs.values():
            yield from scalars(child)


def mended(path: str, text: str, to: str = NEW) -> Moved:
    file = SourceFile(path, text)
    report = moved_report(mentions_in(file), {OLD: to})
    return moved_texts(diagnose(report, find=mentions_in), mentions_in)


def text_of(moved: Moved) -> str:
    (text,) = moved.texts.values()
    return text


PLACES = {
    "plain": f"url: {OLD}\n",
    "plain, with a comment": f"url: {OLD} # {OLD}\n",
    "single quotes": f"url: '{OLD}'\n",
    "double quotes": f'url: "{OLD}"\n',
    "anchor": f"url: &a {OLD}\n",
    "anchor and alias": f"url: &a {OLD}\nother: *a\n",
    "flow mapping": f"a: {{url: {OLD}, title: A}}\n",
    "flow list": f"urls: [{OLD}, {OLD}]\n",
    "quoted in a flow list": f"urls: [\"{OLD}\", '{OLD}']\n",
    "block": f"note: |\n  See {OLD} now.\n  And {OLD}, too.\n",
    "folded": f"note: >-\n  See\n  {OLD}\n  now\n",
    "prose": f"note: See {OLD}, then go on.\n",
    "Windows": f"url: {OLD}\r\ntitle: A\r\n",
    "no end of line": f"url: {OLD}",
    "longer addresses beside it": f"a: {OLD}\nb: {OLD}s\nc: {OLD}/x\nd: {OLD}\n",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_only_the_address_changes(text: str) -> None:
    moved = mended("a.yml", text)
    values = text.partition(" #")
    expected = re.sub(rf"{OLD}(?![s/])", NEW, values[0]) + "".join(values[1:])
    assert text_of(moved) == expected
    assert moved.left == ()
    assert len(moved.mended) == expected.count(NEW)
    assert {d.fix.does for d in moved.mended if d.fix} == {f"writes `{NEW}`"}


MISREAD = [
    # the address; in a flow list; in prose within one
    ("https://new.test/a,b", '["https://new.test/a,b"]', None),
    ("https://new.test/a[b", '["https://new.test/a[b"]', None),
    ("https://new.test/a_(b)", "[https://new.test/a_(b)]", "[see https://new.test/a_(b) now]"),
    ("https://new.test/?a=1&b=2#c", "[https://new.test/?a=1&b=2#c]", "[see {} now]"),
    ("https://new.test/überblick", "[https://new.test/überblick]", "[see {} now]"),
]


@pytest.mark.parametrize(("to", "alone", "in_prose"), MISREAD)
def test_what_yaml_would_misread_is_quoted_or_left(
    to: str, alone: str, in_prose: str | None
) -> None:
    assert text_of(mended("a.yml", f"a: [{OLD}]\n", to)) == f"a: {alone}\n"
    moved = mended("a.yml", f"a: [see {OLD} now]\n", to)
    assert [*moved.texts.values()] == ([f"a: {in_prose.format(to)}\n"] if in_prose else [])
    assert len(moved.left) == (in_prose is None)


@pytest.mark.parametrize(
    "to",
    [
        "https://new.test/a b",
        "https://new.test/a\nb: c",
        'https://new.test/"x',
        "https://new.test/a\\u0041",
        "https://new.test/<b>",
        "https://new.test/{x}",
        "https://new.test/\u202ex",
        "https://new.test/\x00",
        "https://new.test/\ud800",
        "javascript:alert(1)",
        "https://new.test/it's",  # RS401 would refuse it
        "/relative",
        "",
        "https://",
    ],
)
@pytest.mark.parametrize("place", ["url: {}\n", "url: '{}'\n", 'url: "{}"\n', "[{}]\n"])
def test_what_is_no_address_to_write_is_left(to: str, place: str) -> None:
    moved = mended("a.yml", place.format(OLD), to)
    assert not moved.texts
    assert not moved.mended
    assert len(moved.left) == 1
    assert not moved.left[0].fix


def test_quotes_are_no_words_of_a_sentence() -> None:
    """Quotes would part the address from the bracket, and be read by everybody."""
    moved = mended("a.yml", f"note: (see {OLD})\n", "https://new.test/(x")
    assert not moved.texts
    assert text_of(mended("a.yml", f"note: (see {OLD})\n")) == f"note: (see {NEW})\n"


def test_one_that_cannot_be_mended_does_not_keep_others_from_it() -> None:
    text = f"a: [see {OLD}]\nb: {OLD}\nc: [{OLD}]\nd: [see {OLD}]\n"
    moved = mended("a.yml", text, "https://new.test/a,b")
    assert text_of(moved) == (
        f'a: [see {OLD}]\nb: https://new.test/a,b\nc: ["https://new.test/a,b"]\nd: [see {OLD}]\n'
    )
    assert [d.span.line for d in moved.mended] == [2, 3]
    assert [d.span.line for d in moved.left] == [1, 4]


@pytest.mark.parametrize("count_of_files", [1, 10])
def test_files_that_misread_everything_are_not_read_endlessly(
    monkeypatch: pytest.MonkeyPatch, count_of_files: int
) -> None:
    text, times = f"[{', '.join([f'see {OLD}'] * 100)}]\n", 0
    files = [SourceFile(f"{number}.yml", text) for number in range(count_of_files)]
    monkeypatch.setattr(mending, "READ_AGAIN", 20 * len(text))

    def count(file: SourceFile) -> list[Mention]:
        nonlocal times
        times += 1
        return mentions_in(file)

    mentions = [mention for file in files for mention in mentions_in(file)]
    report = moved_report(mentions, {OLD: "https://new.test/a,b"})
    assert not any(diagnostic.fix for diagnostic in diagnose(report, find=count))
    assert times < 50  # once as they are, once with all edits, and twenty times more


MARKDOWN = {
    "inline": f"See [this]({OLD}).\n",
    "with a title": f'See [this]({OLD} "A title").\n',
    "angle brackets": f"See [this](<{OLD}>).\n",
    "autolink": f"See <{OLD}>.\n",
    "HTML": f'See <a href="{OLD}">this</a>.\n',
    "definition": f"See [this].\n\n[this]: {OLD}\n",
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_pages(text: str) -> None:
    assert text_of(mended("pages/a.md", text)) == text.replace(OLD, NEW)


@pytest.mark.parametrize("to", ["https://new.test/a)b", "https://new.test/&copy;"])
def test_what_markdown_would_misread_is_left(to: str) -> None:
    text = MARKDOWN["inline"] + MARKDOWN["angle brackets"]
    moved = mended("pages/a.md", text, to)
    assert not any(f"]({to}" in made for made in moved.texts.values())
    assert moved.left[0].span.line == 1


def test_nothing_is_read_anew_that_has_no_fix() -> None:
    file = SourceFile("a.yml", f"url: {OLD}\n")
    diagnostics = diagnose(moved_report(mentions_in(file), {OLD: NEW}))
    assert [d.fix for d in diagnostics] == [None]
    moved = moved_texts(diagnostics, mentions_in)
    assert (moved.texts, moved.mended, moved.left) == ({}, (), tuple(diagnostics))


@pytest.mark.parametrize("what", ["is_literal", "is_changed"])
def test_places_without_a_fix(what: str) -> None:
    """What is not there to the letter, and what is not new, stays."""
    file = SourceFile("a.yml", f"a: {OLD}\nb: {OLD}\n")
    first, second = mentions_in(file)
    kept = Mention(
        first.url,
        first.span,
        is_literal=what != "is_literal",
        is_changed=what != "is_changed",
    )
    report = moved_report([kept, second], {OLD: NEW})
    fixes = [diagnostic.fix for diagnostic in diagnose(report, find=mentions_in)]
    assert fixes[0] is None
    assert fixes[1]
    if what == "is_changed":
        moved = moved_texts(diagnose(report, find=mentions_in), mentions_in)
        assert text_of(moved) == f"a: {OLD}\nb: {NEW}\n"
        assert [d.span.line for d in moved.left] == [1]


def test_others_than_moved_ones_have_no_fix() -> None:
    file = SourceFile("a.yml", f"url: {OLD}\n")
    for status in set(LinkStatus) - {LinkStatus.MOVED}:
        judged = {OLD: Judged(status, "", NEW)}
        diagnostics = diagnose(Links(links_of(mentions_in(file), judged)), find=mentions_in)
        assert not [d for d in diagnostics if d.fix]


def test_a_file_that_reads_otherwise_than_its_fixes_say_is_left() -> None:
    """A fix that was sound beside others need not be by itself; nothing is taken on trust."""
    file = SourceFile("a.yml", f"url: {OLD}\nb: {OLD}s\n")
    diagnostics = diagnose(moved_report(mentions_in(file), {OLD: NEW}), find=mentions_in)
    for misread in (
        lambda found: found * 2,
        lambda found: [replace(mention, url="https://else.test/") for mention in found],
        lambda found: found[1:],
        lambda found: [found[0], replace(found[1], url="https://else.test/")],
    ):

        def read_anew(file: SourceFile, misread: Any = misread) -> list[Mention]:
            return misread(mentions_in(file)) if NEW in file.text else mentions_in(file)

        moved = moved_texts(diagnostics, read_anew)
        assert (moved.texts, moved.mended) == ({}, ())
        assert moved.left == tuple(diagnostics)


def test_fixes_of_other_rules_are_not_made() -> None:
    file = SourceFile("a.yml", f"url: {OLD}\n")
    (moved,) = diagnose(moved_report(mentions_in(file), {OLD: NEW}), find=mentions_in)
    other = replace(moved, rule=RULE_OF[LinkStatus.BROKEN])
    assert moved_texts([other], mentions_in).left == (other,)
    assert not moved_texts([other], mentions_in).texts


def test_what_is_accepted_is_not_mended_and_the_rest_is_saved(tmp_path: Path) -> None:
    library = f"""\
tutorial: {{title: The tutorial, type: tutorial, url: "{OLD}"}}
kept: {{title: Kept, type: tutorial, url: "{OLD}"}} # roadmap: ignore[RS803] the old one is shorter
"""
    folder = project(tmp_path, {LIBRARY: library})
    loaded = load(folder)
    file = SourceFile(LIBRARY, library)
    diagnostics = diagnose(moved_report(mentions_in(file), {OLD: NEW}), find=mentions_in)
    report = settle(loaded, diagnostics)
    assert [reason for _, reason in report.accepted] == ["the old one is shorter"]
    moved = moved_texts(report.diagnostics, mentions_in)
    for source, text in moved.texts.items():
        save(folder, source, text)
    assert (folder / LIBRARY).read_text("utf-8") == library.replace(OLD, NEW, 1)


@given(
    st.lists(
        st.sampled_from([f"- {place.rstrip()}".replace("\n", "\n  ") for place in PLACES.values()]),
        max_size=3,
        unique=True,
    ),
    st.text(st.sampled_from("ab/,:[]{}()'\"#&*!|>%@?=- \\~é"), max_size=12),
)
def test_values_are_what_they_were_but_for_the_address(places: list[str], tail: str) -> None:
    text, to = "\n".join([*places, "- end"]), f"https://new.test/{tail}"
    for made in mended("a.yml", text, to).texts.values():
        assert [with_new(value, to) for value in values_of(made)] == [
            with_new(value, to) for value in values_of(text)
        ]


def values_of(text: str) -> list[str]:
    return [node.value for node in scalars(parse(SourceFile("a.yml", text))[0])]


def with_new(value: str, to: str) -> str:
    """Places that could not be mended are as good as those that were."""
    return re.sub(rf"{OLD}(?![s/])", lambda _: to, value)
