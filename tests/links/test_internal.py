"""Links within the site, held against sites that are really built, with one fault planted each."""

from __future__ import annotations

import gc
import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from roadmap_site.cli.terminal import quiet_mkdocs
from roadmap_site.links.within.internal import MAX_BEARERS, internal_links
from roadmap_site.links.within.rendered import is_own, read_site
from roadmap_site.load import load
from roadmap_site.load.html import anchors, tags, targets
from roadmap_site.load.pages import read_page
from roadmap_site.mkdocs_plugin.built import BuildError, Built, build_into
from roadmap_site.model.links import CheckedLink, LinkStatus, Mention
from roadmap_site.model.source import SourceFile, Span
from site_builder import CHECKOUT, make_project, write_files

SITE = "https://example.org/small/"


def built(
    folder: Path, *, config_file: Path | None = None, curriculum: Path | None = None
) -> Built:
    """A site built within this process."""
    with warnings.catch_warnings(), quiet_mkdocs():
        warnings.simplefilter("ignore")  # of the libraries
        try:
            return build_into(folder, config_file=config_file, curriculum=curriculum)
        finally:
            gc.unfreeze()


def links(made: Built, mentions: Iterable[Mention] = ()) -> tuple[CheckedLink, ...]:
    return internal_links(
        read_site(made.folder),
        made.curriculum,
        pages=made.pages,
        site_url=made.site_url,
        mentions=mentions,
    )


def check(
    folder: Path,
    files: Mapping[str, str | None] | None = None,
    spoil: Callable[[Path], None] = lambda _: None,
    **config: object,
) -> tuple[CheckedLink, ...]:
    """What is wrong with a project's site, built and then spoilt."""
    project = make_project(folder / "project", files, **config)
    made = built(folder / "site", config_file=project / "mkdocs.yml")
    spoil(made.folder)
    return links(made)


def places(link: CheckedLink) -> list[str]:
    """Each place of a link as `path:line text`."""
    spans = [mention.span for mention in link.mentions]
    return [f"{span.file.path}:{span.line} {span.text}" for span in spans]


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    """What puts one text in place of another in a file of the built site."""

    def spoil(site: Path) -> None:
        text = (site / path).read_text("utf-8")
        assert old in text
        (site / path).write_text(text.replace(old, new), "utf-8")

    return spoil


def delete(path: str) -> Callable[[Path], None]:
    return lambda site: (site / path).unlink()


# ---------------------------------------------------------------------- pages written by hand

ABOUT = """\
# About

## Written

### Over { #über }

<a name="old-name"></a>
"""

FINE = (
    "[a](../about.md)",
    "[a](../about.md#written)",
    "[a](../about.md#%C3%BCber)",
    "[a](../about.md#über)",
    "[a](../about.md#:~:text=Written)",
    "[a](../about.md#written:~:text=Written)",
    "[a](../about.md#__comments)",
    "[a](../about.md#old-name)",
    "[a](../bücher.md)",
    "[a](../b%C3%BCcher.md)",
    "[a](../index.md)",
    "[a](../topics/loops/index.md)",
    "[a](../tracks/first/hello/index.md#printing)",
    "[a](#)",
    "[a](#TOP)",
    "[a](#own-words)",
    "[a](?print)",
    "[a](../../topics/loops/)",
    "[a](../../topics/loops)",
    "[a](../../topics/index.html?sort=a#basics)",
    "[a](../..)",
    "[a](/small/topics/)",
    "[a](/small)",
    "[a](https://example.org/small/topics/loops/#top)",
    "[a](HTTP://Example.ORG:443/small/topics/loops)",
    '<a href="//example.org/small/topics/">a</a>',
    "[a](https://example.org/other/)",
    "[a](https://example.com/small/nowhere/)",
    "[a](https://example.org:8443/small/nowhere/)",
    "[a](mailto:somebody@example.org)",
    "[a](tel:+491234)",
    "<a href='../../about/'>a</a>",
    "<a href=../../about/>a</a>",
    '<a href="javascript:void(0)">a</a>',
    '<img alt="a" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    '<img alt="a" src="../../img/dot.svg" srcset="../../img/dot.svg 2x, ../../img/dot.svg 3x">',
    '<img alt="a" src="../../img/dot.svg" srcset="data:image/gif;base64,R0lGODlh 2x">',
    "![dot](../img/dot.svg)",
    '`<a href="../../code/">`',
    '<!-- <a href="../../comment/">a</a> -->',
)

WRONG = (
    # the line, what of it is marked, the address, what is said
    (
        "[a](../abuot.md)",
        "../abuot.md",
        "/abuot/",
        "the site has no page `abuot/`; did you mean `about/`?",
    ),
    ("[a](../ABOUT.md)", "../ABOUT.md", "/ABOUT/", "did you mean `about/`?"),
    (
        "words [a](../about.md#writen)",
        "../about.md#writen",
        "/about/#writen",
        "the page `about/` has no `#writen`; did you mean `#written`?",
    ),
    (
        "[a](../b%C3%BCcher.md#ä)",
        "../b%C3%BCcher.md#ä",
        "/bücher/#ä",
        "the page `bücher/` has no `#ä`",
    ),
    ("[a](#nothing)", "#nothing", "/guide/start/#nothing", "`guide/start/` has no `#nothing`"),
    (
        "![dot](../img/dott.svg)",
        "../img/dott.svg",
        "/img/dott.svg",
        "the site has no file `img/dott.svg`; did you mean `img/dot.svg`?",
    ),
    ('<a class="x" href="../../raw/">a</a>', "../../raw/", "/raw/", "no page `raw/`"),
    (
        '<img alt="a" src="../img/dot.svg">',
        "../img/dot.svg",
        "/guide/img/dot.svg",
        "`../img/dot.svg` leads nowhere; write `../../img/dot.svg`",
    ),
    (
        '<img alt="a" src="../../img/dot.svg" srcset="../../img/big.svg 2x">',
        "../../img/big.svg",
        "/img/big.svg",
        "no file `img/big.svg`",
    ),
    (
        "[a](../topics/lops/index.md)",
        "../topics/lops/index.md",
        "/topics/lops/",
        "did you mean `topics/loops/`?",
    ),
    (
        "[a](../topics/printing.md)",
        "../topics/printing.md",
        "/guide/topics/printing.md",
        "write `../topics/printing/index.md`",
    ),
    (
        "[a](../tracks/first/hello/index.md#printng)",
        "../tracks/first/hello/index.md#printng",
        "/tracks/first/hello/#printng",
        "did you mean `#printing`?",
    ),
    (
        "[a](https://example.org/small/absolute/#x)",
        "https://example.org/small/absolute/#x",
        "/absolute/#x",
        "no page `absolute/`",
    ),
    ("[a](/small/rooted/)", "/small/rooted/", "/rooted/", "no page `rooted/`"),
    (
        "[a](/topics/)",
        "/topics/",
        "//example.org/topics/",
        "it leads out of the site, which stands below `/small/`",
    ),
    ("[a](../../up/%20%3F/)", "../../up/%20%3F/", "/up/%20%3F/", "no page `up/ ?/`"),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[str, ...], list[CheckedLink]]:
    """The lines of a page with every fine and every wrong link, and what was found."""
    lines = (
        *("# Start", "", "## Own words", ""),
        *(line for text in FINE for line in (text, "")),
        *(line for row in WRONG for line in (row[0], "")),
        *("[a][label]", "", "[a](/elsewhere/)", "", "[label]: ../defined.md"),
    )
    files = {
        "pages/guide/start.md": "\n".join(lines) + "\n",
        "pages/about.md": ABOUT,
        "pages/bücher.md": "# Books\n",
        "pages/img/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    }
    extensions = ["attr_list", "toc"]
    result = check(tmp_path_factory.mktemp("pages"), files, markdown_extensions=extensions)
    return lines, list(result)


@pytest.mark.parametrize(("line", "marked", "url", "said"), WRONG, ids=[row[1] for row in WRONG])
def test_a_link_that_leads_nowhere_is_reported_where_it_is_written(
    found: tuple[tuple[str, ...], list[CheckedLink]], line: str, marked: str, url: str, said: str
) -> None:
    lines, result = found
    (link,) = [it for it in result if it.url == url]
    assert link.status is LinkStatus.BROKEN
    assert said in link.judged.detail
    number = lines.index(line) + 1
    assert places(link) == [f"pages/guide/start.md:{number} {marked}"]
    assert link.mentions[0].span.column == line.index(marked) + 1
    assert link.mentions[0].is_changed
    assert not link.mentions[0].is_literal


def test_nothing_else_is_reported(found: tuple[tuple[str, ...], list[CheckedLink]]) -> None:
    assert len(found[1]) == len(WRONG) + 2


def test_what_a_label_stands_for_is_reported_where_it_is_defined(
    found: tuple[tuple[str, ...], list[CheckedLink]],
) -> None:
    lines, result = found
    (link,) = [it for it in result if it.url == "/defined/"]
    assert places(link) == [f"pages/guide/start.md:{len(lines)} ../defined.md"]
    assert link.mentions[0].span.column == len("[label]: ") + 1


def test_nobody_knows_what_else_the_host_has(
    found: tuple[tuple[str, ...], list[CheckedLink]],
) -> None:
    (link,) = [it for it in found[1] if it.status is not LinkStatus.BROKEN]
    assert link.status is LinkStatus.SUSPECT
    assert places(link)[0].endswith(" /elsewhere/")


def test_one_address_has_all_its_places(tmp_path: Path) -> None:
    files = {
        "pages/about.md": "# About\n\n[a](gone.md) and [b](gone.md)\n",
        "pages/more.md": "# More\n\n[c](gone.md)\n",
    }
    (link,) = check(tmp_path, files)
    assert places(link) == [
        "pages/about.md:3 gone.md",
        "pages/about.md:3 gone.md",
        "pages/more.md:3 gone.md",
    ]
    assert [mention.span.column for mention in link.mentions] == [5, 22, 5]


def test_pages_may_be_kept_beside_the_curriculum(tmp_path: Path) -> None:
    write_files(tmp_path / "project" / "docs", {"guide.md": "# Guide\n\n[a](nowhere.md)\n"})
    (link,) = check(tmp_path, docs_dir="docs")
    assert places(link) == ["../docs/guide.md:3 nowhere.md"]


def test_absolute_links_may_be_relative_to_the_pages(tmp_path: Path) -> None:
    files = {"pages/a/b.md": "# B\n\n[a](/about.md), [b](/gone.md)\n"}
    (link,) = check(tmp_path, files, validation={"links": {"absolute_links": "relative_to_docs"}})
    assert places(link)[0].endswith("/gone.md")


# --------------------------------------------------------------------------- generated pages

WEEK = """\
title: Basics
week: 1-2
teaches: [loops]
weeks:
  - title: Hello
    week: 1
    topics: [Printing]
    resources: [tutorial]
    interview: [python]

  - title: Again
    week: 2
    topics:
      - Loops
      - text: For each
        teaches: [printing, loops]
        cites: [tutorial]
"""
BANK = """\
title: Python questions
short_title: Python
summary: Of the language.
questions:
  - {text: What is a loop?, answer: Doing it again., teaches: [loops]}
"""
FULL: Mapping[str, str | None] = {
    "curriculum.yml": """\
id: small
title: Small
tagline: One track of two weeks.
summary: Just enough to build a site of.
tracks: [first]
banks: [python]
moved_pages: {faq: about}
""",
    "topics.yml": """\
areas: {basics: Basics}
roots: [printing]
topics:
  printing: {label: Printing, area: basics, summary: Showing a value.}
  loops: {label: Loops, area: basics, summary: Again., requires: [printing], moved: [cycles]}
""",
    "tracks/first/basics.yml": WEEK,
    "questions/python.yml": BANK,
    "pages/about.md": "# About\n\nOf [loops](topics/loops/index.md).\n",
}
MONTH = "tracks/first/basics.yml"

REFERRED = {
    "/topics/loops/": (
        delete("topics/loops/index.html"),
        [
            "pages/about.md:3 topics/loops/index.md",
            "questions/python.yml:5 loops",
            f"{MONTH}:3 loops",
            f"{MONTH}:14 Loops",
            f"{MONTH}:16 loops",
        ],
    ),
    "/topics/printing/": (
        delete("topics/printing/index.html"),
        [
            "topics.yml:2 printing",
            "topics.yml:5 printing",
            f"{MONTH}:7 Printing",
            f"{MONTH}:16 printing",
        ],
    ),
    "/resources/#tutorial": (
        replace("resources/index.html", 'id="tutorial"', ""),
        [f"{MONTH}:8 tutorial", f"{MONTH}:17 tutorial"],
    ),
    "/questions/python/": (
        delete("questions/python/index.html"),
        ["curriculum.yml:6 python", f"{MONTH}:9 python"],
    ),
    "/tracks/first/": (delete("tracks/first/index.html"), ["curriculum.yml:5 first"]),
    "/tracks/first/#_basics": (
        replace("tracks/first/index.html", 'id="_basics"', ""),
        ["tracks/first/track.yml:8 basics"],
    ),
    "/about/": (delete("about/index.html"), ["curriculum.yml:7 about"]),
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("full")
    project = make_project(folder / "project", FULL)
    return built(folder / "site", config_file=project / "mkdocs.yml")


def spoilt(full: Built, folder: Path, spoil: Callable[[Path], None]) -> tuple[CheckedLink, ...]:
    """What is wrong with a copy of a site that is spoilt."""
    for path in full.folder.rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(full.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    spoil(folder)
    site = read_site(folder)
    return internal_links(site, full.curriculum, pages=full.pages, site_url=full.site_url)


def test_a_site_without_a_fault_has_none(full: Built) -> None:
    assert links(full) == ()


@pytest.mark.parametrize("url", REFERRED)
def test_what_is_referred_to_and_not_rendered_is_reported_at_each_reference(
    full: Built, tmp_path: Path, url: str
) -> None:
    spoil, expected = REFERRED[url]
    result = spoilt(full, tmp_path, spoil)
    (link,) = [it for it in result if it.url == url]
    assert sorted(places(link)) == sorted(expected)
    assert link.status is LinkStatus.BROKEN


def test_a_week_that_is_not_there_is_reported_where_it_is_written(
    full: Built, tmp_path: Path
) -> None:
    (link,) = spoilt(full, tmp_path, delete("tracks/first/again/index.html"))
    assert link.url == "/tracks/first/again/"
    assert [place.splitlines()[0] for place in places(link)] == [f"{MONTH}:11 "]
    assert "others lead there" in link.judged.detail


def test_an_anchor_that_a_generated_page_lost(full: Built, tmp_path: Path) -> None:
    spoil = replace("topics/index.html", 'id="basics"', 'id="base"')
    (link,) = spoilt(full, tmp_path, spoil)
    assert link.url == "/topics/#basics"
    assert "did you mean `#base`?" in link.judged.detail
    assert {mention.span.file.path for mention in link.mentions} == {"topics.yml", "curriculum.yml"}


def test_a_link_of_the_theme_is_reported_once(tmp_path: Path) -> None:
    """Really rendered: an override of the footer puts it on every page."""
    footer = '<footer><a href="{{ "imprint/" | url }}">Imprint</a></footer>\n'
    write_files(tmp_path / "project" / "theme", {"partials/footer.html": footer})
    theme = {"name": "material", "font": False, "custom_dir": "theme"}
    (link,) = check(tmp_path, theme=theme)
    assert link.url == "/imprint/"
    assert places(link) == ["curriculum.yml:1 "]
    assert "lead there" in link.judged.detail


def test_a_link_on_some_pages_is_reported_for_each(full: Built, tmp_path: Path) -> None:
    some = ("topics/loops", "about", "tracks/first/hello")

    def spoil(site: Path) -> None:
        for path in some:
            replace(f"{path}/index.html", "</body>", '<a href="/small/lost/">a</a></body>')(site)

    (link,) = spoilt(full, tmp_path, spoil)
    assert len(some) <= MAX_BEARERS
    assert [f"{it.span.file.path}:{it.span.line}" for it in link.mentions] == [
        "pages/about.md:1",
        "topics.yml:5",
        f"{MONTH}:5",
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "url"),
    [
        ("topics/cycles/index.html", "../../topics/loops/", "../../topics/lops/", "/topics/lops/"),
        ("404.html", "/small/topics/", "/small/subjects/", "/subjects/"),
        ("sitemap.xml", f"{SITE}compare/", f"{SITE}compared/", "/compared/"),
        ("search/search_index.json", '"about/"', '"abuot/"', "/abuot/"),
        ("search/search_index.json", '"topics/loops/"', '"topics/loops/#x"', "/topics/loops/#x"),
        ("about/index.html", "assets/roadmap/roadmap.css", "assets/road.css", "/assets/road.css"),
    ],
)
def test_redirects_and_lists_are_looked_at_too(
    full: Built, tmp_path: Path, path: str, old: str, new: str, url: str
) -> None:
    (link,) = spoilt(full, tmp_path, replace(path, old, new))
    assert (link.url, link.status) == (url, LinkStatus.BROKEN)
    assert link.mentions


def test_old_addresses_lead_on(tmp_path: Path) -> None:
    moved = WEEK.replace("text: For each", "text: For each\n        moved: [for-all]")
    page = "# About\n\n[a](../topics/cycles/), [b](../topics/cycles/#x)\n\n"
    page += "[c](tracks/first/again/index.md#for-all), [d](tracks/first/again/index.md#never)\n"
    result = check(tmp_path, {**FULL, MONTH: moved, "pages/about.md": page})
    said = {link.url: (link.status, link.judged.detail) for link in result}
    assert said == {
        "/topics/cycles/#x": (
            LinkStatus.BROKEN,
            "the page `topics/cycles/` leads on elsewhere, and `#x` is lost on the way",
        ),
        "/tracks/first/again/#for-all": (
            LinkStatus.MOVED,
            "it moved to `tracks/first/again/#for-each`, where only scripts lead readers on",
        ),
        "/tracks/first/again/#never": (
            LinkStatus.BROKEN,
            "the page `tracks/first/again/` has no `#never`",
        ),
    }


def test_the_library_may_go_on_on_another_page(tmp_path: Path) -> None:
    many = [
        f"r-{n:03}: {{title: Book {n:03}, type: book, url: 'https://example.com/{n}'}}"
        for n in range(260)
    ]
    month = WEEK.replace("resources: [tutorial]", "resources: [r-259]").replace("tutorial", "r-001")
    files = {**FULL, MONTH: month, "resources/all.yml": "\n".join(many) + "\n"}
    project = make_project(tmp_path / "project", files)
    made = built(tmp_path / "site", config_file=project / "mkdocs.yml")
    assert links(made) == ()
    replace("resources/page-2/index.html", 'id="r-259"', "")(made.folder)
    (link,) = links(made)
    assert places(link) == [f"{MONTH}:8 r-259"]


def test_a_page_by_hand_need_not_have_what_the_generated_one_has(tmp_path: Path) -> None:
    assert check(tmp_path, {**FULL, "pages/resources.md": "# Our library\n"}) == ()


# ------------------------------------------------------------------------- addresses in full


@pytest.mark.parametrize(
    ("url", "site_url", "expected"),
    [
        ("https://example.org/small/", SITE, True),
        ("https://example.org/small", SITE, True),
        ("https://example.org/small/topics/?a=b#c", SITE, True),
        ("http://EXAMPLE.org:80/small/x", SITE, True),
        ("https://example.org/sm%61ll/x", SITE, True),
        ("https://example.org/smaller/", SITE, False),
        ("https://example.org/", SITE, False),
        ("https://example.org:8443/small/", SITE, False),
        ("https://www.example.org/small/", SITE, False),
        ("https://example.com/small/", SITE, False),
        ("ftp://example.org/small/", SITE, False),
        ("https://example.org/any/", "https://example.org", True),
        ("https://example.org/small/../other/", SITE, False),
        ("https://[::1/small/", SITE, False),
        ("https://example.org:x/small/", SITE, False),
        ("https://example.org/small/", "", False),
        ("small/", SITE, False),
        ("https:example.org/small/", SITE, False),
        # What only this machine knows is for nobody to read, whatever the site is previewed at.
        ("http://127.0.0.1:8000/topics/", "http://127.0.0.1:8000/", False),
        ("http://localhost/topics/", "http://localhost/", False),
    ],
)
def test_which_addresses_are_the_sites_own(url: str, site_url: str, expected: bool) -> None:
    assert is_own(url, site_url) is expected


def test_own_addresses_in_the_yaml_are_held_against_the_site(full: Built) -> None:
    file = SourceFile("resources/all.yml", "")

    def mention(url: str, line: int, is_changed: bool) -> Mention:
        return Mention(url, Span(file, line, 5, line, 20), is_changed=is_changed)

    fine = mention(f"{SITE}topics/loops/", 1, False)
    gone = mention(f"{SITE}topics/lops/", 2, False)
    result = links(full, [fine, gone])
    assert [(it.url, it.status, len(it.mentions)) for it in result] == [
        (f"{SITE}topics/loops/", LinkStatus.OK, 1),
        ("/topics/lops/", LinkStatus.BROKEN, 1),
    ]
    # Whether it is new is said by whoever compared the file with what it was.
    assert not result[1].mentions[0].is_changed


# ---------------------------------------------------------------------------------- building


def test_the_checkouts_own_site_is_clean(tmp_path: Path) -> None:
    made = built(tmp_path, config_file=CHECKOUT / "mkdocs.yml")
    assert [(link.url, link.judged.detail, places(link)) for link in links(made)] == []
    assert len(read_site(tmp_path).documents) > 300


def test_a_curriculum_alone_is_enough(tmp_path: Path) -> None:
    """No mkdocs.yml is read, whose plugins and hooks would run."""
    hook = "raise RuntimeError('run')\n"
    project = make_project(
        tmp_path / "project",
        {"pages/about.md": "# About\n\n!!! note\n    [a](gone.md)\n"},
        hooks=["hook.py"],
    )
    write_files(project, {"hook.py": hook})
    made = built(tmp_path / "site", curriculum=project / "curriculum")
    (link,) = links(made)
    assert places(link) == ["pages/about.md:4 gone.md"]
    assert made.site_url == ""
    with pytest.raises(BuildError):
        built(tmp_path / "again", config_file=project / "mkdocs.yml")


def test_a_curriculum_may_have_no_pages_by_hand(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {"pages/about.md": None})
    (project / "curriculum" / "pages").rmdir()
    assert links(built(tmp_path / "site", curriculum=project / "curriculum")) == ()


def test_a_configuration_of_another_curriculum_does_not_count(tmp_path: Path) -> None:
    here = make_project(tmp_path / "here")
    there = make_project(tmp_path / "there", FULL)
    config = here / "mkdocs.yml"
    own = built(tmp_path / "own", config_file=config, curriculum=here / "curriculum")
    other = built(tmp_path / "other", config_file=config, curriculum=there / "curriculum")
    assert own.site_url == SITE
    assert other.site_url == ""
    assert (other.folder / "questions/python/index.html").is_file()


def test_a_curriculum_with_errors_has_no_site_but_a_report(tmp_path: Path) -> None:
    files = {MONTH: "title: Basics\nweek: 1\nteaches: [unknown]\ntopics: [Printing]\n"}
    project = make_project(tmp_path / "project", files)
    with pytest.raises(BuildError) as raised:
        built(tmp_path / "site", config_file=project / "mkdocs.yml")
    assert raised.value.report is not None
    assert "RS201" in [diagnostic.rule.code for diagnostic in raised.value.report]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"plugins": ["search"]}, "`roadmap` is not among the plugins"),
        ({"theme": {"name": "mkdocs"}}, "the pages are made for"),
        ({"plugins": ["roadmap", "no-such-plugin"]}, "no-such-plugin"),
        ({"hooks": ["hook.py"]}, "hook.py:1: wrong"),
    ],
)
def test_what_hinders_a_build_is_said(
    tmp_path: Path, config: Mapping[str, object], said: str
) -> None:
    project = make_project(tmp_path / "project", None, **config)
    write_files(project, {"hook.py": "raise RuntimeError('wrong')\n"})
    with pytest.raises(BuildError) as raised:
        built(tmp_path / "site", config_file=project / "mkdocs.yml")
    assert raised.value.report is None
    assert said in " ".join(raised.value.messages)


def test_no_warning_keeps_a_strict_site_from_being_looked_at(tmp_path: Path) -> None:
    files = {"pages/about.md": "# About\n\n[a](gone.md)\n"}
    (link,) = check(tmp_path, files, strict=True)
    assert link.url == "/gone/"


# ----------------------------------------------------------------------------------- reading


def test_sites_without_folders_for_pages(tmp_path: Path) -> None:
    """Other plugins' sites have `guide.html` for `guide.md`."""
    text = "[a](sub/other.md#x) [b](sub/othre.md) [c](#gone)\n"
    html = '<a href="sub/other.html#x">a</a> <a href="sub/othre.md">b</a> <a href="#gone">c</a>'
    write_files(tmp_path, {"guide.html": html, "sub/other.html": "", "index.html": ""})
    project = make_project(tmp_path / "project")
    curriculum = load(project / "curriculum").curriculum
    assert curriculum is not None
    page, _ = read_page(SourceFile("pages/guide.md", text))
    site = read_site(tmp_path)
    result = internal_links(site, curriculum, pages={"guide.html": page})
    by_hand = [it for it in result if it.mentions[0].span.file.path == "pages/guide.md"]
    assert [(it.url, it.mentions[0].span.column) for it in by_hand] == [
        ("/sub/other.html#x", 5),
        ("/sub/othre/", 25),
        ("/guide.html#gone", 43),
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<base href="/small/sub/"><a href="x/">a</a>', ["/sub/x/"]),
        ('<base href="https://example.org/small/"><a href="y/">a</a>', ["/y/"]),
        ('<base href="HTTPS://example.org/small/"><a href="https:y/">a</a>', ["/y/"]),
        ('<base href="https://example.com/"><a href="y/">a</a>', []),
        ('<base href="sub/.."><a href="y/">a</a>', ["/y/"]),
        ('<base href="data:,"><a href="y/">a</a>', ["/y/"]),
        ('<a href="https:v/">a</a><a href="w/;">a</a>', ["/v/", "/w/;"]),
        ('<a href="///example.com/x/">a</a><a href="//">a</a>', []),
        ('<a href="x//y/">a</a>', ["/x/y/"]),
        ('<a href=" \n ./a\tb/ ">a</a>', ["/ab/"]),
        ('<a href="..\\c/">a</a>', ["//example.org/c/"]),
        ('<a href="a&amp;b/">a</a>', ["/a&b/"]),
        ('<a href="https://[broken/">a</a>', []),
        ('<a href="%2e%2e/d/">a</a>', ["//example.org/d/"]),
        ('<a href="../../../../">a</a>', ["//example.org/"]),
        ("<video poster=p.png><source src=v.mp4></video>", ["/p.png", "/v.mp4"]),
        ("<object data=o.pdf></object><area href=z/>", ["/o.pdf", "/z/"]),
        ('<link rel="preconnect" href="/small/q/"><link rel="prev" href="/small/r/">', ["/r/"]),
        ('<meta http-equiv="refresh" content="0; url=\'m/\'">', ["/m/"]),
        ("<script>'<a href=\"n/\">'</script><!-- <a href=n/> --><style><a href=n/></style>", []),
        ("<p>a <b & c < d <a href=n/", []),
        ('<!--> <a href="s/">a</a> <!-- --!><a href="t/">a</a>', ["/s/", "/t/"]),
        ('<form name="f"></form><a href="#f">a</a>', ["/404.html#f"]),
        ('<a href="u/">a</a><a href="./u/">a</a>', ["/u/"]),
    ],
)
def test_links_are_read_as_browsers_read_them(
    tmp_path: Path, html: str, expected: list[str]
) -> None:
    project = make_project(tmp_path / "project")
    curriculum = load(project / "curriculum").curriculum
    assert curriculum is not None
    folder = tmp_path / "site"
    write_files(folder, {"404.html": html})
    result = internal_links(read_site(folder), curriculum, pages={}, site_url=SITE)
    ours = [link.url for link in result if "`404.html` leads there" in link.judged.detail]
    assert sorted(ours) == sorted(expected)


class Parsed(HTMLParser):
    """The same by Python's own parser, which is slow, and knows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[list[str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        self.found.append(([*anchors(tag, values)], [*targets(tag, values)]))


def test_a_whole_site_reads_as_it_does_by_pythons_parser(full: Built) -> None:
    for path in full.folder.rglob("*.html"):
        html = path.read_text("utf-8")
        parser = Parsed()
        parser.feed(html)
        parser.close()
        ours = [([*anchors(name, it)], [*targets(name, it)]) for name, it in tags(html)]
        assert [it for it in ours if any(it)] == [it for it in parser.found if any(it)]


@pytest.mark.parametrize(
    "index", ["", "[]", "{}", '{"docs": 1}', '{"docs": [{"title": "x"}]}', '{"docs": ["x"]}']
)
def test_a_search_index_of_another_kind_says_nothing(tmp_path: Path, index: str) -> None:
    write_files(tmp_path, {"search/search_index.json": index})
    assert read_site(tmp_path).lists == {"search/search_index.json": ()}


def test_the_site_map_is_read_as_xml(tmp_path: Path) -> None:
    write_files(tmp_path, {"sitemap.xml": f"<urlset><loc> {SITE}a&amp;b/ </loc></urlset>"})
    assert read_site(tmp_path).lists == {"sitemap.xml": (f"{SITE}a&b/",)}


def test_what_the_search_finds_is_looked_at(tmp_path: Path) -> None:
    index = json.dumps({"docs": [{"location": "a/#b"}, {"location": ""}]})
    write_files(tmp_path, {"search/search_index.json": index})
    assert read_site(tmp_path).lists["search/search_index.json"] == ("a/#b", "")
