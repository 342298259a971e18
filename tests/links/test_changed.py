"""Which places of addresses are new, in real repositories and between two texts."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from builders import LIBRARY, MONTH, project, write
from roadmap_site.links.find import mentions_in
from roadmap_site.links.since import Since, mark_changed, mentions_since
from roadmap_site.load import RevisionError, load_revision
from roadmap_site.load.pages import read_page
from roadmap_site.model.links import Mention
from roadmap_site.model.source import SourceFile, Span
from test_since import commit, git

LINKS = """\
a: {title: A, type: book, url: "https://example.org/a"}
b: {title: B, type: book, url: "https://example.org/b"}
c:
  title: C
  type: book
  url: https://example.org/c
"""
MORE = 'd: {title: D, type: book, url: "https://example.org/d"}\n'
FILE, OTHER, PAGE = "resources/links.yml", "resources/other.yml", "pages/about.md"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A curriculum in a folder of a repository: one commit on `main`, and a branch of it."""
    folder = tmp_path / "repository" / "curriculum"
    project(folder, {FILE: LINKS, PAGE: "Some words\n\nwith [a link](https://example.org/p).\n"})
    git(folder, "init", "--quiet", "--initial-branch=main", "..")
    commit(folder, {})
    git(folder, "checkout", "--quiet", "-b", "branch")
    return folder


def changed(folder: Path, rev: str = "main") -> list[str]:
    """The places that are new, as `path:line address`."""
    return shown(mentions_since(folder, rev))


def line(folder: Path, path: str, number: int) -> Span:
    file = SourceFile(path, (folder / path).read_text("utf-8"))
    return Span(file, number, 1, number, 1)


def shown(since: Since) -> list[str]:
    return [
        f"{m.span.file.path}:{m.span.line} {m.url.removeprefix('https://example.org/')}"
        for m in since.found.mentions
        if m.is_changed
    ]


def clone(folder: Path, to: Path, *arguments: str) -> Path:
    """A shallow clone of the repository that has a curriculum; returns its curriculum."""
    source = folder.parent.as_uri()
    git(to.parent, "clone", "--quiet", "--depth=1", *arguments, source, to.name)
    return to / "curriculum"


def test_nothing_is_new_where_nothing_changed(repository: Path) -> None:
    since = mentions_since(repository, "main")
    assert shown(since) == []
    assert len(since.found.mentions) == 5
    assert since.notes == ()


def test_a_link_that_was_added(repository: Path) -> None:
    commit(repository, {FILE: MORE + LINKS, PAGE: "![e](https://example.org/e)\n"})
    assert changed(repository) == [f"{PAGE}:1 e", f"{FILE}:1 d"]


def test_what_is_not_committed_counts(repository: Path) -> None:
    write(repository / FILE, LINKS + MORE)
    write(repository / OTHER, MORE.replace("/d", "/e"))
    assert changed(repository) == [f"{FILE}:7 d", f"{OTHER}:1 e"]


def test_an_address_that_was_edited(repository: Path) -> None:
    commit(repository, {FILE: LINKS.replace("org/b", "org/b2")})
    assert changed(repository) == [f"{FILE}:2 b2"]


def test_a_fragment_alone(repository: Path) -> None:
    commit(repository, {FILE: LINKS.replace("org/c", "org/c#part")})
    assert changed(repository) == [f"{FILE}:6 c#part"]


def test_words_beside_an_address(repository: Path) -> None:
    page = (repository / PAGE).read_text().replace("with [a link]", "with *one* [link]")
    words = LINKS.replace("title: B", "title: Bee").replace("url: https", "url:   https")
    commit(repository, {FILE: f"# Links\n\n{words}", PAGE: page})
    assert changed(repository) == []


def test_an_address_that_is_quoted_otherwise(repository: Path) -> None:
    text = LINKS.replace('"https://example.org/a"', "'https://example.org/a'")
    text = text.replace("https://example.org/c", ">-\n    https://example.org/c")
    commit(repository, {FILE: text.replace("org/b", r"org\/b")})
    assert changed(repository) == []


def test_a_file_with_a_new_name(repository: Path) -> None:
    git(repository, "mv", FILE, OTHER)
    commit(repository, {})
    assert changed(repository) == []
    commit(repository, {OTHER: LINKS + MORE})
    assert changed(repository) == [f"{OTHER}:7 d"]


def test_a_file_with_a_new_name_and_a_second_place(repository: Path) -> None:
    copy = LINKS[LINKS.index("c:") :].replace("c:", "copy:").replace("title: C", "title: Copy")
    git(repository, "mv", FILE, OTHER)
    commit(repository, {OTHER: f"{copy}{LINKS}"})
    assert changed(repository) == [f"{OTHER}:4 c"]


def test_a_link_that_was_moved_to_another_file(repository: Path) -> None:
    a, rest = LINKS.split("\n", 1)
    page = (repository / PAGE).read_text() + "\n[c](https://example.org/c)\n"
    commit(repository, {FILE: rest.partition("c:")[0], OTHER: f"{a}\n", PAGE: page})
    assert changed(repository) == []


def test_a_link_that_was_taken_away(repository: Path) -> None:
    commit(repository, {FILE: LINKS.partition("b:")[0], PAGE: None})
    assert changed(repository) == []


def test_a_second_place_of_an_address(repository: Path) -> None:
    commit(repository, {OTHER: LINKS.partition("b:")[0]})
    assert changed(repository) == [f"{OTHER}:1 a"]


def test_a_second_place_before_the_first(repository: Path) -> None:
    copy = LINKS[LINKS.index("c:") :].replace("c:", "copy:").replace("title: C", "title: Copy")
    commit(repository, {FILE: copy + LINKS})
    assert changed(repository) == [f"{FILE}:4 c"]


def test_a_second_place_and_new_words_beside_the_first(repository: Path) -> None:
    words = LINKS.replace("title: A", "title: Ay")
    commit(repository, {FILE: words, OTHER: LINKS.partition("b:")[0]})
    # The new line is the former one to the letter, but its file is where there is one more.
    assert changed(repository) == [f"{OTHER}:1 a"]


def test_a_copied_page(repository: Path) -> None:
    commit(repository, {"pages/copy.md": (repository / PAGE).read_text()})
    assert changed(repository) == ["pages/copy.md:3 p"]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Other words, [a](lost.md) and [b](gone.md).\n", []),
        ("Other words, [a](lost.md) and [b](none.md).\n", ["none.md"]),
        ("# A\n\n[a](lost.md) [b](gone.md)\n", []),
        ("See [a](lost.md), [b](gone.md).\n\n[a](lost.md).\n", ["lost.md"]),
        ("See [a](lost.md), [b](gone.md).\n[c](<two words.md>)\n", ["two words.md"]),
        (
            "See [a](lost.md), [b](gone.md) [c](one.md|two) [d](../) [e](#a.).\n",
            ["one.md|two", "../", "#a."],
        ),
        ("  See [a](lost.md),   [b](gone.md).\n", []),
    ],
)
def test_places_that_name_a_part_of_the_site(repository: Path, text: str, new: list[str]) -> None:
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {PAGE: "See [a](lost.md), [b](gone.md).\n"})
    git(repository, "checkout", "--quiet", "-B", "branch")
    commit(repository, {PAGE: text})
    since = mentions_since(repository, "main")
    page, _ = read_page(SourceFile(PAGE, text))
    spans = [link.target_span for link in page.links]
    assert [span.text for span in spans if since.is_new(span)] == new


def test_main_has_gone_on(repository: Path) -> None:
    commit(repository, {OTHER: MORE})
    git(repository, "checkout", "--quiet", "main")
    # There one link came, and one went.
    commit(repository, {FILE: LINKS.replace("org/a", "org/e"), PAGE: "words\n"})
    git(repository, "checkout", "--quiet", "branch")
    assert changed(repository) == [f"{OTHER}:1 d"]


def test_each_was_merged_into_the_other(repository: Path) -> None:
    commit(repository, {OTHER: MORE})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS.replace("org/a", "org/e"), PAGE: "[x](lost.md)\n"})
    git(repository, "merge", "--quiet", "--no-edit", "branch")
    git(repository, "checkout", "--quiet", "branch")
    git(repository, "merge", "--quiet", "--no-edit", "main^1")
    commit(repository, {MONTH: "note: https://example.org/f\n"})
    since = mentions_since(repository, "main")
    assert shown(since) == [f"{MONTH}:1 f"]
    assert not since.is_new(line(repository, PAGE, 1))
    assert not since.is_new(line(repository, OTHER, 1))
    assert since.is_new(line(repository, MONTH, 1))


def test_main_was_merged_into_the_branch(repository: Path) -> None:
    commit(repository, {OTHER: MORE})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS + MORE.replace("d", "e").replace("e", "e")})
    git(repository, "checkout", "--quiet", "branch")
    git(repository, "merge", "--quiet", "--no-edit", "main")
    assert changed(repository) == [f"{OTHER}:1 d"]


def test_a_branch_that_was_pushed_with_force(repository: Path) -> None:
    commit(repository, {FILE: LINKS + MORE})
    commit(repository, {OTHER: MORE.replace("d", "e")})
    git(repository, "reset", "--quiet", "--hard", "main")
    commit(repository, {FILE: LINKS.replace("org/b", "org/f")})
    assert changed(repository) == [f"{FILE}:2 f"]
    # Against the branch as it was before: where the two parted.
    assert changed(repository, "branch@{1}") == [f"{FILE}:2 f"]


def test_a_base_that_has_nothing_in_common(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "rewritten")
    commit(repository, {FILE: LINKS + MORE}, "all anew")
    since = mentions_since(repository, "main")
    assert (shown(since), since.notes) == ([f"{FILE}:7 d"], ())


def test_github_s_merge_of_a_branch_in_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    commit(repository, {OTHER: MORE})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS.replace("org/a", "org/e")})
    git(repository, "checkout", "--quiet", "-b", "merged", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "branch")
    here = clone(repository, tmp_path / "clone", "--branch=merged")
    with pytest.raises(RevisionError, match="no revision 'origin/main'"):
        mentions_since(here, "origin/main")
    git(here, "fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    since = mentions_since(here, "origin/main")
    assert shown(since) == [f"{OTHER}:1 d"]
    (note,) = since.notes
    assert "does not know where the branch left 'origin/main'" in note


def test_a_branch_and_its_base_in_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    commit(repository, {OTHER: MORE})
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS.replace("org/a", "org/e")})
    here = clone(repository, tmp_path / "clone", "--branch=branch")
    git(here, "fetch", "--quiet", "--depth=1", "origin", "main:refs/remotes/origin/main")
    since = mentions_since(here, "origin/main")
    # What main has lost meanwhile cannot be told from what the branch brings.
    assert shown(since) == [f"{FILE}:1 a", f"{OTHER}:1 d"]
    assert len(since.notes) == 1
    with pytest.raises(RevisionError, match="fetch its history"):
        load_revision(here, "origin/main")
    git(here, "fetch", "--quiet", "--unshallow", "origin")
    since = mentions_since(here, "origin/main")
    assert (shown(since), since.notes) == ([f"{OTHER}:1 d"], ())


def test_a_shallow_clone_that_knows_enough(repository: Path, tmp_path: Path) -> None:
    here = clone(repository, tmp_path / "clone", "--branch=branch")
    write(here / OTHER, MORE)
    since = mentions_since(here, "HEAD")
    assert (shown(since), since.notes) == ([f"{OTHER}:1 d"], ())


@pytest.mark.parametrize("rev", ["nowhere", "--all", ""])
def test_a_revision_that_is_none(repository: Path, rev: str) -> None:
    with pytest.raises(RevisionError, match="there is no revision"):
        mentions_since(repository, rev)


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="is not in a git repository"):
        mentions_since(project(tmp_path / "curriculum"), "main")


def test_the_commit_that_brings_the_curriculum(tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "curriculum"
    write(folder / "README.md", "[a](https://example.org/a) [b](https://example.org/b)\n")
    git(folder, "init", "--quiet", "--initial-branch=main", "..")
    commit(folder, {})
    git(folder, "checkout", "--quiet", "-b", "branch")
    project(folder, {FILE: LINKS, LIBRARY: None, "README.md": "[b](https://example.org/b)\n"})
    commit(folder, {})
    assert changed(folder) == [f"{FILE}:1 a", f"{FILE}:2 b", f"{FILE}:6 c"]


def test_a_file_that_could_not_be_parsed_before(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    broken = LINKS.replace('"}', '"', 1)
    commit(repository, {FILE: broken})
    git(repository, "checkout", "--quiet", "-B", "branch")
    commit(repository, {OTHER: MORE})
    # It is none of the branch's fault, until it changes the file.
    since = mentions_since(repository, "main")
    assert (shown(since), since.found.diagnostics) == ([f"{OTHER}:1 d"], ())
    commit(repository, {FILE: f"# A comment\n{broken}", OTHER: None})
    assert mentions_since(repository, "main").found.diagnostics
    commit(repository, {FILE: LINKS.replace("org/b", "org/b2")})
    since = mentions_since(repository, "main")
    assert (shown(since), since.found.diagnostics) == ([f"{FILE}:2 b2"], ())


def test_a_file_that_was_too_large_before(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS + "#" * (1 << 20)})
    git(repository, "checkout", "--quiet", "-B", "branch")
    commit(repository, {FILE: LINKS + MORE})
    assert changed(repository) == [f"{FILE}:7 d"]


@pytest.mark.parametrize("to", ["curriculum", "new [name] ü", "deeper/down/curriculum"])
def test_a_curriculum_that_was_moved(repository: Path, to: str) -> None:
    moved = repository.parent / to
    moved.parent.mkdir(parents=True, exist_ok=True)
    if to != repository.name:
        repository.rename(moved)
    write(moved / FILE, LINKS + MORE)
    git(moved, "add", "-A", str(repository.parent))
    git(moved, "commit", "--quiet", "-m", "moved")
    assert changed(moved) == [f"{FILE}:7 d"]
    loaded = load_revision(moved, "main")
    assert loaded.curriculum
    assert FILE in loaded.curriculum.files


def test_a_second_curriculum_is_new(repository: Path) -> None:
    other = project(repository.parent / "other", {FILE: LINKS, LIBRARY: None})
    assert changed(other) == [f"{FILE}:1 a", f"{FILE}:2 b", f"{FILE}:6 c"]


def test_files_that_are_links(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    links = {OTHER: "links.yml", "pages/a/b.md": "../c.md", "pages/c.md": "about.md"}
    lost = {"out.yml": "../../out.yml", "round.yml": "round.yml", "none.yml": "none/there.yml"}
    for path, target in {**links, **lost}.items():
        (repository / path).parent.mkdir(exist_ok=True)
        (repository / path).symlink_to(target)
    commit(repository, {})
    git(repository, "checkout", "--quiet", "-B", "branch")
    assert changed(repository) == []
    # What the link led to, as a file of its own.
    (repository / OTHER).unlink()
    write(repository / OTHER, LINKS + MORE)
    assert changed(repository) == [f"{OTHER}:7 d"]


def test_a_key_that_stood_twice_before(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "main")
    commit(repository, {FILE: LINKS + LINKS.partition("b:")[0]})
    git(repository, "checkout", "--quiet", "-B", "branch")
    commit(repository, {FILE: LINKS, OTHER: LINKS.partition("b:")[0]})
    assert changed(repository) == [f"{OTHER}:1 a"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\r\n"), ("  ", "        "), (": ", ":\t"), ("", "\ufeff")],
    ids=["CRLF", "indentation", "tabs", "mark"],
)
def test_every_line_is_written_otherwise(repository: Path, old: str, new: str) -> None:
    texts = {path: (repository / path).read_text("utf-8") for path in (FILE, PAGE)}
    # Where there is something new as well, it alone is.
    copy = LINKS[LINKS.index("c:") :].replace("c:", "copy:").replace("title: C", "title: D")
    texts[FILE] = copy + texts[FILE]
    commit(
        repository,
        {path: text.replace(old, new) if old else new + text for path, text in texts.items()},
    )
    assert changed(repository) == [f"{FILE}:4 c"]


def test_a_part_of_the_curriculum(repository: Path) -> None:
    a = LINKS.partition("b:")[0]
    write(repository / OTHER, a + MORE)
    write(repository / MONTH, "note: https://example.org/e\nurl: [\n")
    # The whole is compared: that one place of `a` is left elsewhere is known.
    write(repository / FILE, LINKS.replace(a, ""))
    since = mentions_since(repository, "main", [OTHER, PAGE])
    assert shown(since) == [f"{OTHER}:2 d"]
    assert [m.span.file.path for m in since.found.mentions] == [PAGE, OTHER, OTHER]
    assert not since.found.diagnostics
    assert len(mentions_since(repository, "main", ["tracks"]).found.diagnostics) == 1


@pytest.mark.usefixtures("no_hang")
def test_many_places_on_a_long_line_are_compared_in_time() -> None:
    """Reading the line once for each place would take minutes."""
    count = 40_000
    text = "- https://example.org/" + " https://example.org/" * count
    now = mentions_in(SourceFile("a.yml", text))
    before = mentions_in(SourceFile("b.yml", text[: len(text) // 2]))
    assert len([m for m in mark_changed(now, before) if m.is_changed]) > count // 3


def test_in_any_history_an_address_has_as_many_new_places_as_it_gained() -> None:
    rng = random.Random(4)
    for _ in range(200):
        now, before = (_random_mentions(rng) for _ in range(2))
        marked = mark_changed(now, before)
        assert [(m.url, m.span) for m in marked] == [(m.url, m.span) for m in now]
        new = Counter(m.url for m in marked if m.is_changed)
        assert new == Counter(m.url for m in now) - Counter(m.url for m in before)
        assert not any(m.is_changed for m in mark_changed(now, now))
        assert all(m.is_changed for m in mark_changed(now, ()))


def _random_mentions(rng: random.Random) -> list[Mention]:
    mentions = []
    for path in ("a.yml", "b.yml"):
        lines = [f"- {rng.choice('xy')} https://example.org/{rng.choice('ab')}" for _ in range(4)]
        mentions += mentions_in(SourceFile(path, "\n".join(rng.sample(lines, rng.randrange(5)))))
    return mentions
