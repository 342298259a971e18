"""Building through either command: strictness, messages, exit codes, other configurations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from html_document import read_html
from site_builder import (
    CHECKOUT,
    CURRICULUM,
    GOLDEN,
    MKDOCS,
    ROADMAP_SITE,
    BuiltSite,
    Run,
    build_here,
    copy_project,
    environment,
    make_project,
    run,
    write_files,
)

SPARE = CURRICULUM["resources/all.yml"] + "spare: {title: Spare, type: book}\n"
ACCEPTED = SPARE.replace("type: book}", "type: book, accept: {RS403: for later}}")
QUIET = {"NO_MKDOCS_2_WARNING": "true"}
"""Material's own notice, which `mkdocs` alone prints, is no fault of a build."""


def run_build(project: Path, command: Sequence[str], *options: str) -> Run:
    site_dir = project / f"site-of-{command[1]}"
    arguments = (*command, "build", "-d", str(site_dir), *options)
    done = run(*arguments, cwd=project, env=environment(**QUIET))
    assert "Traceback" not in done.output
    return done


def run_both(project: Path, *options: str) -> list[Run]:
    """The project built by either command."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda it: run_build(project, it, *options), (ROADMAP_SITE, MKDOCS)))


def complaints(done: Run) -> list[str]:
    """The lines that say of themselves that something is wrong."""
    words = ("warning", "error", "aborted")
    return [line for line in done.output.splitlines() if line.lower().startswith(words)]


# ------------------------------------------------------------------------------ strictness


def test_a_clean_build_complains_of_nothing(tmp_path: Path) -> None:
    for done in run_both(make_project(tmp_path), "--strict"):
        assert done.code == 0
        assert not complaints(done), done.output


def test_the_real_curriculum_builds_without_a_complaint(tmp_path: Path) -> None:
    env = environment(**QUIET)
    done = run(*MKDOCS, "build", "--strict", "-d", str(tmp_path), cwd=CHECKOUT, env=env)
    assert done.code == 0
    assert not complaints(done), done.output


def test_a_warning_is_told_and_fails_only_a_strict_build(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"resources/all.yml": SPARE})
    told = "curriculum/resources/all.yml:2:16: warning RS403 unused-resource: nothing mentions"
    for done in run_both(project):
        assert done.code == 0
        assert told in done.output
    for done in run_both(project, "--strict"):
        assert done.code == 1
        assert told in done.output


def test_strict_may_stand_in_the_configuration(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"resources/all.yml": SPARE}, strict=True)
    assert [done.code for done in run_both(project)] == [1, 1]


def test_an_accepted_warning_is_none(tmp_path: Path) -> None:
    for done in run_both(make_project(tmp_path, {"resources/all.yml": ACCEPTED}), "--strict"):
        assert done.code == 0
        assert not complaints(done), done.output


def test_an_acceptance_of_nothing_fails(tmp_path: Path) -> None:
    topics = CURRICULUM["topics.yml"].replace(
        "requires: [printing]}", "requires: [printing], accept: {RS210: none}}"
    )
    for done in run_both(make_project(tmp_path, {"topics.yml": topics})):
        assert done.code == 1
        assert "RS901" in done.output


def test_an_error_fails_and_names_its_place(tmp_path: Path) -> None:
    weeks = CURRICULUM["tracks/first/basics.yml"].replace("topics: [Loops]", "topics: Loops")
    project = make_project(tmp_path, {"tracks/first/basics.yml": weeks, "topics.yml": "areas: [\n"})
    for done in run_both(project):
        assert done.code == 1
        assert re.search(r"curriculum/topics\.yml:\d:\d+: error RS002 ", done.output)
        assert "curriculum/tracks/first/basics.yml:11:13: error RS007 wrong-type:" in done.output
    assert not list(project.glob("site*"))


def test_both_commands_build_the_same_bytes(tmp_path: Path) -> None:
    project = copy_project(GOLDEN, tmp_path / "project")
    assert [done.code for done in run_both(project, "--strict")] == [0, 0]
    ours, theirs = (
        BuiltSite(project / f"site-of-{name}", "") for name in ("roadmap_site", "mkdocs")
    )
    assert ours.paths == theirs.paths
    assert not [path for path in ours.paths if ours.bytes(path) != theirs.bytes(path)]


# -------------------------------------------------------------------- what cannot be built


@pytest.mark.parametrize(
    ("config", "files", "said"),
    [
        (
            {"plugins": [{"roadmap": {"curriculum_dir": "nowhere"}}]},
            {},
            ["curriculum_dir", "nowhere' isn't an existing directory"],
        ),
        ({}, {"curriculum.yml": None}, ["curriculum has no curriculum.yml"]),
        ({"use_directory_urls": False}, {}, ["`use_directory_urls: true`"]),
        ({"theme": {"name": "mkdocs"}}, {}, ["`theme: {name: material}`"]),
        (
            {"plugins": [{"roadmap": {"curriculumdir": "x"}}], "strict": True},
            {},
            ["Unrecognised configuration name: curriculumdir"],
        ),
    ],
    ids=["no folder", "no curriculum.yml", "no folders as addresses", "theme", "option"],
)
def test_what_cannot_be_built_is_said(
    tmp_path: Path,
    config: Mapping[str, object],
    files: Mapping[str, str | None],
    said: list[str],
) -> None:
    runs = run_both(make_project(tmp_path, files, **config))
    assert [done.code for done in runs] == [2, 1]  # MkDocs has no more than one
    for done in runs:
        assert all(text in done.words for text in said), done.output


def test_a_configuration_that_is_no_yaml_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    write_files(project, {"mkdocs.yml": "site_name: [\n"})
    done = run_build(project, ROADMAP_SITE)
    assert done.code == 2
    assert "mkdocs.yml" in done.words
    assert "line 2, column 1" in done.words


def test_without_a_configuration_the_command_cannot_run(tmp_path: Path) -> None:
    done = run_build(tmp_path, ROADMAP_SITE)
    assert done.code == 2
    assert "there is no mkdocs.yml" in done.output


def test_a_broken_link_of_a_hand_written_page_is_told(tmp_path: Path) -> None:
    about = "# About\n\n[a week](tracks/first/helo/index.md)\n"
    for done in run_both(make_project(tmp_path, {"pages/about.md": about}), "--strict"):
        assert done.code == 1
        assert "about.md" in done.words
        assert "tracks/first/helo/index.md" in done.words


def test_a_broken_anchor_of_a_hand_written_page_is_told(tmp_path: Path) -> None:
    good = "tracks/first/hello/index.md#printing"
    validation = {"links": {"anchors": "warn"}}
    project = make_project(
        tmp_path, {"pages/about.md": f"# About\n\n[an item]({good})\n"}, validation=validation
    )
    assert run_build(project, ROADMAP_SITE, "--strict").code == 0
    write_files(project / "curriculum", {"pages/about.md": f"# About\n\n[an item]({good}g)\n"})
    for done in run_both(project, "--strict"):
        assert done.code == 1
        assert "#printingg" in done.words


def test_a_link_out_of_the_pages_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("# Not for the site\n")
    project = make_project(tmp_path / "project", {"pages/about.md": "# About\n"})
    (project / "curriculum/pages/leak.md").symlink_to(secret)
    (done, _) = run_both(project)
    assert done.code == 1
    assert "leak.md" in done.words
    assert "is a link that leads out of" in done.words
    assert not list(project.rglob("leak/index.html"))


# ------------------------------------------------------------------- other configurations


def heading(site: BuiltSite, path: str) -> str:
    return site.pages[path].one("h1").words


@pytest.mark.parametrize("name", ["compare.md", "compare/index.md"])
def test_a_hand_written_page_stands_in_for_a_generated_one(tmp_path: Path, name: str) -> None:
    site = build_here(make_project(tmp_path, {f"pages/{name}": "# My own\n"}), "--strict")
    assert "is written by hand and stands in for the generated page" in site.output
    assert heading(site, "compare/") == "My own"
    assert site.text("sitemap.xml").count("/compare/</loc>") == 1
    assert len(site.pages) == len(site.text("sitemap.xml").split("<loc>")) - 1


def test_a_home_page_may_be_written_by_hand(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path, {"pages/index.md": "# Welcome\n"}), "--strict")
    assert heading(site, "") == "Welcome"
    assert "tracks/first/" in site.pages


def test_a_file_of_ones_own_stands_in_for_robots(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path, {"pages/robots.txt": "User-agent: x\n"}), "--strict")
    assert site.text("robots.txt") == "User-agent: x\n"


def test_without_an_address_pages_claim_none(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path, site_url=None), "--strict")
    for document in site.pages.values():
        assert not document.all("link", rel="canonical")
        assert not document.all("meta", property="og:url")
        for script in document.all("script", type="application/ld+json"):
            assert "example.org" not in script.text
    assert site.text("robots.txt") == "User-agent: *\nDisallow:\n"


def test_without_a_repository_pages_have_no_edit_link(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path), "--strict")
    for document in site.pages.values():
        assert not document.all("a", rel="edit")
        assert "Suggest a change" not in document.words


def test_without_search_a_site_is_built_all_the_same(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path, plugins=["roadmap"]), "--strict")
    assert "search/search_index.json" not in site.paths
    assert not site.pages[""].all("input", name="query")


def test_a_theme_folder_of_ones_own_comes_first(tmp_path: Path) -> None:
    write_files(tmp_path, {"mine/partials/footer.html": "<footer>Mine alone</footer>"})
    theme = {"name": "material", "font": False, "custom_dir": "../mine"}
    site = build_here(make_project(tmp_path / "project", theme=theme), "--strict")
    for document in site.pages.values():
        assert document.one("footer").words == "Mine alone"


def test_a_navigation_of_ones_own_may_name_generated_pages(tmp_path: Path) -> None:
    nav = [{"Start": "index.md"}, {"The track": "tracks/first/index.md"}, "about.md"]
    site = build_here(make_project(tmp_path, nav=nav), "--strict")
    assert heading(site, "tracks/first/") == "First steps"
    assert site.pages[""].one("title").words == "Small"


def test_a_way_to_contribute_of_ones_own_stands_in_for_ours(tmp_path: Path) -> None:
    files = {"pages/contribute.md": "# Write to us\n\nBy post.\n"}
    site = build_here(make_project(tmp_path, files), "--strict")
    assert heading(site, "contribute/") == "Write to us"
    assert heading(site, "contribute/rules/") == "Rules"
    links = [link.words for link in site.pages[""].one("footer").all("a")]
    assert links.count("Write to us") == 1
    assert "How to contribute" not in links


def test_the_curriculum_may_stand_elsewhere(tmp_path: Path) -> None:
    project = make_project(
        tmp_path / "project",
        plugins=[{"roadmap": {"curriculum_dir": "../data"}}],
        docs_dir="docs",
        repo_url="https://github.com/example/small",
        edit_uri="edit/main/project/docs/",
    )
    (project / "curriculum").rename(tmp_path / "data")
    write_files(project / "docs", {"about.md": "# About\n"})
    site = build_here(project, "--strict")
    link = site.pages["tracks/first/hello/"].one("a", rel="edit")["href"]
    assert link == "https://github.com/example/small/edit/main/data/tracks/first/basics.yml#L4"


def test_names_of_files_cannot_break_out_of_edit_links(tmp_path: Path) -> None:
    evil = 'resources/"><img src=x onerror=alert(1)>#?.yml'
    resources = CURRICULUM["resources/all.yml"]
    project = make_project(
        tmp_path,
        {"resources/all.yml": None, evil: resources},
        repo_url="https://github.com/example/small",
        edit_uri="edit/main/curriculum/pages/",
    )
    site = build_here(project)
    document = read_html(site.text("resources/index.html"))
    assert not [element for element in document if "onerror" in element]
    assert document.one("a", rel="edit")["href"].endswith(".yml#L1")
    assert "?" not in document.one("a", rel="edit")["href"]
