"""The built site: its files, links, heads, dates, sizes, and that it is the same each time."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from html_document import Element
from roadmap_site import load
from roadmap_site.model.places import places
from site_builder import (
    CHECKOUT,
    GOLDEN,
    ISOLATED,
    BuiltSite,
    build,
    compare_with_golden,
    copy_project,
    environment,
    make_project,
    write_files,
)

URLS = {
    "golden": "https://example.org/small/complete/",
    "real": "https://example.github.io/roadmap-site/",
}
ABOUT_THE_DATA = ("contribute", "rules", "rule")
"""Pages that come from no file of the curriculum."""
REPOSITORIES = {
    "golden": ("https://github.com/example/small/edit/main/", GOLDEN),
    "real": ("https://github.com/example/roadmap-site/edit/main/", CHECKOUT),
}


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, BuiltSite]:
    """The golden curriculum away from any repository, and the real one where it is; both strict."""
    folder = tmp_path_factory.mktemp("sites")
    golden = copy_project(GOLDEN, folder / "golden")
    return {
        "golden": build(golden, "--strict", url=URLS["golden"]),
        "real": build(CHECKOUT, "--strict", site_dir=folder / "real", url=URLS["real"]),
    }


@pytest.fixture(scope="session")
def golden(sites: Mapping[str, BuiltSite]) -> BuiltSite:
    return sites["golden"]


@pytest.fixture(scope="session")
def real(sites: Mapping[str, BuiltSite]) -> BuiltSite:
    return sites["real"]


@pytest.fixture(scope="session", params=URLS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def site(name: str, sites: Mapping[str, BuiltSite]) -> BuiltSite:
    return sites[name]


def kind_of(document: Element) -> str:
    """What kind of page a document is; empty for pages written by hand."""
    return next((e["data-rm-kind"] for e in document if "data-rm-kind" in e), "")


# ------------------------------------------------------------------------------------ links


def references(document: Element) -> Iterator[tuple[Element, str]]:
    """Every address that a document leads to or loads."""
    for element in document:
        for attribute in ("href", "src", "action", "poster"):
            if attribute in element:
                yield element, element[attribute]
        if element.get("http-equiv") == "refresh":
            yield element, element["content"].partition("url=")[2]
        if element.get("property") in ("og:url", "og:image"):
            yield element, element["content"]


def style_references(css: str) -> list[str]:
    found = re.findall(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)""", css)
    return [a or b for a, b in found if not (a or b).startswith("data:")]


def file_at(site: BuiltSite, url: str) -> str:
    """The file that a static server sends for an address of the site."""
    path = unquote(urldefrag(url).url.removeprefix(site.url))
    return f"{path}index.html" if path.endswith("/") or not path else path


def link_faults(site: BuiltSite) -> Iterator[str]:
    """Whatever on the site leads nowhere, leaves its sub-path, or is loaded from elsewhere."""
    files = set(site.paths)
    ids = {
        path: {e["id"] for e in document if "id" in e} for path, document in site.documents.items()
    }
    host = "{0.scheme}://{0.netloc}/".format(urlsplit(site.url))
    for path, document in site.documents.items():
        # An error page is sent at any address: only full paths lead somewhere from it.
        here = host + "no/such/page/x" if path == "404.html" else site.url + path
        for element, address in references(document):
            where = f"{path}: {element}"
            target = site.url + path + address if address[:1] == "#" else urljoin(here, address)
            if not target.startswith(site.url):
                if target.startswith(host):
                    yield f"{where} leaves the site's path"
                elif element.tag != "a":
                    yield f"{where} is loaded from elsewhere"
                elif urlsplit(target).scheme not in ("http", "https"):
                    yield f"{where} is no address of the web"
                continue
            file = file_at(site, target)
            anchor = unquote(urldefrag(target).fragment)
            if file not in files:
                yield f"{where} leads to {file}, which is not there"
            elif anchor and anchor not in ids.get(file, ()):
                yield f"{where}: {file} has no #{anchor}"
    for path in site.paths:
        if path.endswith(".css"):
            for address in style_references(site.text(path)):
                target = urljoin(site.url + path, address)
                if not target.startswith(site.url) or file_at(site, target) not in files:
                    yield f"{path}: {address} is not there"


def test_every_link_and_anchor_leads_somewhere(site: BuiltSite) -> None:
    assert not list(link_faults(site))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('href="../../compare/"', 'href="../../compar/"', "not there"),
        ('href="../../compare/"', 'href="../../../compare/"', "leaves the site's path"),
        ('href="../../compare/"', 'href="javascript:x"', "no address of the web"),
        ('href="#print-a-line"', 'href="#print-a-lin"', "has no #print-a-lin"),
        ("</head>", '<script src="https://cdn.example.com/x.js"></script></head>', "elsewhere"),
    ],
)
def test_the_link_checker_finds(
    golden: BuiltSite, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    page = "tracks/apprentice/first-steps/index.html"
    place = {"compare": "questions/python/index.html"}.get(old[12:19], page)
    text = golden.text(place)
    assert old in text
    for path in golden.paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).hardlink_to(golden.folder / path)
    (tmp_path / place).unlink()
    write_files(tmp_path, {place: text.replace(old, new, 1)})
    faults = list(link_faults(BuiltSite(tmp_path, golden.url)))
    assert len(faults) == 1
    assert fault in faults[0]


def test_search_and_data_files_lead_to_pages(site: BuiltSite) -> None:
    entries = json.loads(site.text("search/search_index.json"))["docs"]
    found = {file_at(site, urljoin(site.url, entry["location"])) for entry in entries}
    assert found <= set(site.paths)
    pages = {
        path for path, document in site.pages.items() if kind_of(document) in ("week", "phase")
    }
    assert pages <= {unquote(entry["location"]) for entry in entries}
    for track in json.loads(site.text("assets/roadmap/data/site.json"))["tracks"]:
        data = json.loads(site.text(track["data"]))
        for place in (track, data, *data["places"]):
            assert f"{place['url']}index.html" in site.paths


def test_scripts_import_what_is_there(site: BuiltSite) -> None:
    scripts = [p for p in site.paths if re.fullmatch(r"assets/roadmap/[^/]+\.js", p)]
    assert "assets/roadmap/roadmap.js" in scripts
    for path in scripts:
        for address in imports(site.text(path)):
            assert f"assets/roadmap/{address.removeprefix('./')}" in scripts, (path, address)


def imports(script: str) -> list[str]:
    """The modules that a module asks for before it runs."""
    return re.findall(r"""^(?:import|export)\b[^;"']*["'](\./[^"']+)["'];""", script, re.MULTILINE)


# ------------------------------------------------------------------------------------ heads


def meta(document: Element, name: str) -> str:
    """The content of the only meta element of a name or property."""
    found = [e for e in document.all("meta") if name in (e.get("name"), e.get("property"))]
    assert len(found) == 1, (name, found)
    return found[0]["content"]


def test_every_page_has_its_head(site: BuiltSite) -> None:
    titles = Counter(document.one("title").words for document in site.pages.values())
    for path, document in site.pages.items():
        assert document.one("html")["lang"] == "en", path
        assert document.one("title").words, path
        address = document.one("link", rel="canonical")["href"]
        assert unquote(address) == site.url + path
        assert address.isascii()
        assert meta(document, "og:url") == address
        description = meta(document, "description")
        assert 0 < len(description) <= 160, path
        assert meta(document, "og:description") == description
        assert meta(document, "og:title").strip(), path
        assert meta(document, "og:site_name"), path
        assert meta(document, "og:type") == ("website" if path == "" else "article")
        assert meta(document, "og:image").startswith(site.url)
        assert meta(document, "viewport") == "width=device-width,initial-scale=1"
    assert titles[site.pages[""].one("title").words] == 1


def test_every_page_has_one_main_heading_and_an_order_of_headings(site: BuiltSite) -> None:
    for path, document in site.documents.items():
        if path.removesuffix("index.html") in site.redirects:
            continue
        assert len(document.all("h1")) == 1, path
        article = document.one("article")
        levels = [int(e.tag[1]) for e in article if re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1, path
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)


def test_ids_are_unique_on_every_page(site: BuiltSite) -> None:
    for path, document in site.documents.items():
        ids = Counter(element["id"] for element in document if "id" in element)
        assert max(ids.values(), default=1) == 1, (path, ids.most_common(3))


def test_no_id_of_an_item_can_be_one_of_the_shell(site: BuiltSite) -> None:
    for path, document in site.pages.items():
        article = {id(element) for element in document.one("article")}
        ids = {e["id"] for e in document if "id" in e and id(e) not in article}
        # Ids of items are slugs, and those of headings slugs after one underscore.
        assert all(name.startswith("__") for name in ids), (path, ids)


def test_labels_and_descriptions_point_at_what_is_there(site: BuiltSite) -> None:
    for path, document in site.documents.items():
        ids = {element["id"] for element in document if "id" in element}
        for element in document:
            for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget"):
                # Material's own search finds its toggle by this name; there is none any more.
                missing = set(element.get(name).split()) - ids - {"__search"}
                assert not missing, (path, element)


def test_neighbours_in_the_head_are_those_in_the_page(site: BuiltSite) -> None:
    seen = 0
    for path, document in site.pages.items():
        for relation in ("prev", "next"):
            head = [link["href"] for link in document.one("head").all("link", rel=relation)]
            steps = document.all("nav", class_="steps")
            page = [link["href"] for nav in steps for link in nav.all("a", rel=relation)]
            if kind_of(document) in ("week", "phase", "rule"):
                assert [unquote(urljoin(site.url + path, href)) for href in head] == [
                    unquote(urljoin(site.url + path, href)) for href in page
                ], path
                seen += len(head)
            else:
                assert not head, path
    assert seen


def test_no_script_stands_in_a_page_but_the_expected_ones(site: BuiltSite) -> None:
    for path, document in site.pages.items():
        for script in document.all("script"):
            assert (
                script.get("src").startswith(("../", "/", "assets/"))
                or (script.get("type"), script.get("id")) == ("application/json", "__config")
                or script.get("type") == "application/ld+json"
                or "__md_" in script.text
                or "__tabbed_" in script.text
            ), (path, script)
        for element in document:
            assert not [name for name in element.attributes if name.startswith("on")], path


# -------------------------------------------------------------------- sitemap, robots, 404


def test_the_sitemap_lists_every_page_once(site: BuiltSite) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ElementTree.fromstring(site.bytes("sitemap.xml"))
    listed = [url.findtext(f"{space}loc") or "" for url in root]
    wanted = [d.one("link", rel="canonical")["href"] for d in site.pages.values()]
    assert Counter(listed) == Counter(wanted)
    assert gzip.decompress(site.bytes("sitemap.xml.gz")) == site.bytes("sitemap.xml")


def test_robots_may_read_everything_and_find_the_sitemap(site: BuiltSite) -> None:
    assert site.text("robots.txt") == (
        f"User-agent: *\nDisallow:\nSitemap: {site.url}sitemap.xml\n"
    )


def test_the_error_page_leads_back_from_any_address(site: BuiltSite) -> None:
    document = site.documents["404.html"]
    base = urlsplit(site.url).path
    for element, address in references(document):
        if not address.startswith(("https://", "#")):
            assert address.startswith(base), element
    document.one("h1")
    assert document.one("html")["lang"] == "en"
    links = [a["href"] for a in document.one("article").all("a")]
    assert base in {link.removesuffix(".") for link in links}


def test_what_a_build_adds_matches_the_golden_files(
    golden: BuiltSite, request: pytest.FixtureRequest
) -> None:
    # The rules of the check come and go without the curriculum.
    sitemap = re.sub(r"<url>.*/contribute/rules/rs.*\n+", "", golden.text("sitemap.xml"))
    texts = {"sitemap.xml": sitemap, "robots.txt": golden.text("robots.txt")}
    compare_with_golden("published", texts, request.config)


# -------------------------------------------------------------------------------- edit links


def test_each_page_opens_the_file_it_comes_from(site: BuiltSite, name: str) -> None:
    start, folder = REPOSITORIES[name]
    for path, document in site.pages.items():
        if kind_of(document) in ABOUT_THE_DATA:
            assert not document.all("a", rel="edit"), path
            continue
        link = document.one("a", rel="edit")["href"]
        assert link.startswith(start), path
        file, _, line = unquote(link.removeprefix(start)).partition("#L")
        assert (folder / file).is_file(), (path, file)
        assert file.endswith(".yml") == bool(kind_of(document)), (path, file)
        if file.endswith(".yml"):
            assert 1 <= int(line) <= len((folder / file).read_text("utf-8").splitlines()), path
        track = re.match("tracks/([^/]+)/", path)
        if track:
            assert file.startswith(f"curriculum/tracks/{track[1]}/"), path


def test_a_week_opens_the_file_of_its_month_at_its_line(real: BuiltSite) -> None:
    curriculum = load(CHECKOUT / "curriculum").curriculum
    assert curriculum is not None
    for track in curriculum.tracks:
        for place in places(track):
            span = place.entity.node.span
            line = span.file.line(span.line)
            name = str(place.entity.title)
            document = real.pages[f"tracks/{place.key}/"]
            edit = document.one("a", rel="edit")["href"]
            assert edit.endswith(f"/edit/main/curriculum/{span.file.path}#L{span.line}")
            assert line.lstrip(" -").startswith(("title:", "id:", "#")) or name in line
            view = edit.replace("/edit/", "/blob/")
            file = f"{span.file.path.rpartition('/')[2]}:{span.line}"
            assert document.one("a", href=view).words == f"Source: {file}"


def test_every_page_lets_its_reader_suggest_a_change(site: BuiltSite, name: str) -> None:
    start, _, _ = REPOSITORIES[name][0].partition("edit/")
    for path, document in site.pages.items():
        (link,) = (a for a in document.all("a") if a.words == "Suggest a change")
        address, _, query = link["href"].partition("?")
        assert address == f"{start}issues/new"
        fields = parse_qs(query, strict_parsing=True)
        assert set(fields) == {"title", "body"}
        assert fields["title"] == [unquote(meta(document, "og:title"))]
        page, *rest = fields["body"][0].splitlines()
        assert page == f"Page: {site.url}{path}"
        if kind_of(document) not in ABOUT_THE_DATA:
            source = rest[0].removeprefix("Source: ")
            edit = unquote(document.one("a", rel="edit")["href"])
            assert edit.replace("#L", ":").endswith(source)


# ------------------------------------------------------------------------------- redirects


def test_addresses_that_moved_lead_on(golden: BuiltSite) -> None:
    found = {}
    for path, document in golden.redirects.items():
        target = urljoin(golden.url + path, document.one("a")["href"])
        assert document.one("meta", http_equiv="refresh")["content"].endswith(
            document.one("a")["href"]
        )
        assert unquote(document.one("link", rel="canonical")["href"]) == target
        assert meta(document, "robots") == "noindex"
        found[path] = target.removeprefix(golden.url)
    assert found["tracks/novice/"] == "tracks/apprentice/"
    assert found["tracks/novice/hello/"] == "tracks/apprentice/first-steps/"
    assert found["tracks/novice/all/"] == "tracks/apprentice/all/"
    assert found["tracks/apprentice/hello/"] == "tracks/apprentice/first-steps/"
    assert found["tracks/apprentice/abilities/"] == "tracks/apprentice/skills/"
    assert found["tracks/größen/choice/"] == "tracks/größen/die-wahl/"
    assert found["topics/repetition/"] == "topics/loops/"
    assert found["tracks/apprentice/month-one/"] == (
        "tracks/apprentice/#_the-first-month-of-programming"
    )
    assert {new.partition("#")[0] for new in found.values()} <= set(golden.pages)


# ----------------------------------------------------------------------------------- dates


def git(folder: Path, *arguments: str, date: str = "") -> None:
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "T"), ("EMAIL", "t@example.org"), ("DATE", date))
        if value
    }
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment(**identity, **ISOLATED),
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden project in a repository below its root, changed on four known days."""
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet", "--initial-branch=main")
    project = copy_project(GOLDEN, root / "deep" / "project")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "all", date="2020-02-03T23:30:00 -1100")
    for day, file in (
        ("2021-03-04", "tracks/apprentice/first-month.yml"),
        ("2022-05-06", "tracks/größen/track.yml"),
        ("2023-07-08", "pages/about.md"),
    ):
        path = project / "curriculum" / file
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        git(root, "commit", "--quiet", "--all", "-m", file, date=f"{day}T00:30:00 +1400")
    return root


def dates_of(site: BuiltSite) -> Mapping[str, str]:
    """What each page says of when it last changed."""
    found = {}
    for path, document in site.pages.items():
        times = [time for line in document.all("p", class_="edit") for time in line.all("time")]
        assert len(times) <= 1, path
        found[path] = times[0].words if times else ""
    return found


def test_pages_say_when_their_files_last_changed(repository: Path) -> None:
    site = build(repository / "deep" / "project", url=URLS["golden"])
    dates = dates_of(site)
    # As the committer's own clock had it: no zone of the machine that builds has a part in it.
    assert dates["tracks/apprentice/first-steps/"] == "2021-03-04"
    assert dates["tracks/apprentice/modules-more/"] == "2021-03-04"
    assert dates["tracks/apprentice/extra/"] == "2020-02-03"
    assert dates["tracks/apprentice/skills/"] == "2020-02-03"
    assert dates["tracks/apprentice/"] == "2021-03-04"
    assert dates["tracks/größen/"] == "2022-05-06"
    assert dates["tracks/größen/die-wahl/"] == "2020-02-03"
    assert dates["topics/loops/"] == "2020-02-03"
    assert dates["about/"] == "2023-07-08"
    assert all(date for path, date in dates.items() if path.startswith("tracks/"))
    lastmod = re.findall(
        r"<loc>https://example.org/small/complete/([^<]*)</loc><lastmod>([^<]*)",
        site.text("sitemap.xml"),
    )
    assert {unquote(path): date for path, date in lastmod} == {p: d for p, d in dates.items() if d}


def test_outside_git_pages_say_nothing_of_it(golden: BuiltSite) -> None:
    assert not any(dates_of(golden).values())
    assert "lastmod" not in golden.text("sitemap.xml")


def test_in_a_shallow_clone_pages_say_nothing_of_it(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
    site = build(tmp_path / "shallow" / "deep" / "project")
    assert not any(dates_of(site).values())


def test_of_files_never_committed_pages_say_nothing(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(repository), "clone")
    project = tmp_path / "clone" / "deep" / "project"
    week = "title: New\nmonth: 4\naccept: {RS107: one}\nweeks:\n"
    week += "  - {title: Newest, week: 1, topics: [C++]}\n"
    track = project / "curriculum/tracks/apprentice/track.yml"
    text = track.read_text("utf-8")
    write_files(
        project / "curriculum/tracks/apprentice",
        {
            "new.yml": week,
            "track.yml": text.replace("  - habits\n", "  - habits\n  - new\n").replace(
                "length: 3mo", "length: 4mo"
            ),
        },
    )
    dates = dates_of(build(project))
    assert dates["tracks/apprentice/newest/"] == ""
    assert dates["tracks/apprentice/first-steps/"] == "2021-03-04"


# ------------------------------------------------------------------------------------ sizes

KB: Final = 1024
SHELL = 20 * KB
ARTICLE, ARTICLE_A_TICK = 4 * KB, 300
WEEK_PACKED, PAGE_PACKED = 10 * KB, 30 * KB
OWN_PACKED = 10 * KB


def packed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def parts_of(site: BuiltSite, path: str) -> tuple[bytes, bytes]:
    """A page's shell and its article."""
    data = site.bytes(f"{path}index.html")
    start = data.index(b"<article")
    end = data.index(b"</article>") + len(b"</article>")
    return data[:start] + data[end:], data[start:end]


def heaviest(sizes: Iterable[tuple[str, int, int]]) -> str:
    """Those over their bar, the worst first."""
    over = sorted(((size - bar, path, size, bar) for path, size, bar in sizes), reverse=True)
    return "\n".join(f"{path}: {size} > {bar}" for more, path, size, bar in over if more > 0)


def test_shells_keep_to_their_size(real: BuiltSite) -> None:
    assert not heaviest((path, len(parts_of(real, path)[0]), SHELL) for path in real.pages)


def test_articles_of_weeks_keep_to_their_size(real: BuiltSite) -> None:
    sizes = []
    for path, document in real.pages.items():
        if kind_of(document) in ("week", "phase"):
            ticks = len(document.all("input", class_="rm-tick"))
            sizes.append((path, len(parts_of(real, path)[1]), ARTICLE + ARTICLE_A_TICK * ticks))
    assert len(sizes) > 50
    over = heaviest(sizes)
    assert not over, f"{over.count('> ')} of {len(sizes)}:\n{over}"


def test_pages_keep_to_their_packed_size(real: BuiltSite) -> None:
    def bar(document: Element) -> int:
        return WEEK_PACKED if kind_of(document) in ("week", "phase") else PAGE_PACKED

    assert not heaviest(
        (path, packed(real.bytes(f"{path}index.html")), bar(document))
        for path, document in real.pages.items()
    )


def test_own_styles_keep_to_their_size(real: BuiltSite) -> None:
    for path, document in real.pages.items():
        own = [
            file_at(real, urljoin(real.url + path, link["href"]))
            for link in document.all("link", rel="stylesheet")
            # Sheets for print are fetched last, and hold nothing up.
            if link.get("media") != "print"
        ]
        sheets = [file for file in own if file.startswith("assets/roadmap/")]
        assert sheets, path
        assert sum(packed(real.bytes(file)) for file in sheets) <= OWN_PACKED, sheets


@pytest.mark.parametrize(
    "extra",
    [(), ("resume.js",)],
    ids=["a first visit", "home with ticks, which fetches what it offers to resume"],
)
def test_own_scripts_keep_to_their_size(real: BuiltSite, extra: tuple[str, ...]) -> None:
    loaded: dict[str, bytes] = {}
    open_names = ["roadmap.js", *extra]
    while open_names:
        name = open_names.pop()
        if name not in loaded:
            loaded[name] = real.bytes(f"assets/roadmap/{name}")
            text = loaded[name].decode()
            open_names += [address.removeprefix("./") for address in imports(text)]
    sizes = {name: packed(data) for name, data in loaded.items()}
    assert {"roadmap.js", "store.js"} <= set(sizes)
    assert sum(sizes.values()) <= OWN_PACKED, sizes


def test_pages_load_no_other_script_or_style_of_ours(real: BuiltSite) -> None:
    for path, document in real.pages.items():
        scripts = [script["src"] for script in document.all("script") if "src" in script]
        own = [src for src in scripts if "assets/roadmap/" in src]
        assert [src.rsplit("/", 1)[1] for src in own] == ["roadmap.js"], path


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """A site of 80 tracks."""
    count = 80
    topics = "".join(
        f"  t{n}: {{label: Canonical topic {n}, area: basics, summary: What topic {n} is about.}}\n"
        for n in range(count * 4)
    )
    roots = ", ".join(f"t{n}" for n in range(count * 4))
    resources = "".join(
        f"r{n}: {{title: The book of things {n}, type: book, authors: [An Author],"
        f" url: 'https://example.org/book/{n}'}}\n"
        for n in range(count * 4)
    )
    files: dict[str, str | None] = {
        "curriculum.yml": "id: crowd\ntitle: Crowd\ntagline: Many.\nsummary: Many tracks.\n"
        f"tracks: [{', '.join(f'track-{n}' for n in range(count))}]\n",
        "topics.yml": f"areas: {{basics: Basics}}\nroots: [{roots}]\ntopics:\n{topics}",
        "resources/all.yml": resources,
        "tracks/first/track.yml": None,
        "tracks/first/basics.yml": None,
    }
    for n in range(count):
        files[f"tracks/track-{n}/track.yml"] = (
            f"title: The track called {n}\nshort_title: Track {n}\n"
            f"summary: What can be learnt in track {n}, in a sentence or two.\n"
            "audience: Whoever wants to know\nbuilds: Something that works\nlevel: beginner\n"
            "length: 4w\nmonths: [basics]\nsource: {title: Made up}\n"
        )
        weeks = "".join(
            f"  - title: Stage {w} of many\n    week: {w}\n"
            f"    topics: [Canonical topic {4 * n + w - 1}]\n    resources: [r{4 * n + w - 1}]\n"
            f"    projects: [The project of stage {w}]\n"
            for w in range(1, 5)
        )
        files[f"tracks/track-{n}/basics.yml"] = f"title: Basics\nweek: 1-4\nweeks:\n{weeks}"
    return build(make_project(tmp_path_factory.mktemp("crowd"), files))


def test_no_page_grows_out_of_bounds_with_the_curriculum(crowd: BuiltSite) -> None:
    assert not heaviest((path, len(parts_of(crowd, path)[0]), SHELL) for path in crowd.pages)
    sizes = {path: packed(crowd.bytes(f"{path}index.html")) for path in crowd.pages}
    assert not heaviest((path, size, PAGE_PACKED) for path, size in sizes.items())
    weeks = [len(parts_of(crowd, f"tracks/track-{n}/stage-1-of-many/")[0]) for n in (2, 42)]
    assert abs(weeks[0] - weeks[1]) < 100


# ------------------------------------------------------------------------------ reproducible

CLOCK = """\
import datetime, os, time
shift = float(os.environ["SHIFT"])
real_time, RealDate, RealDateTime = time.time, datetime.date, datetime.datetime
time.time = lambda: real_time() + shift
class DateTime(RealDateTime):
    @classmethod
    def now(cls, tz=None):
        return RealDateTime.now(tz) + datetime.timedelta(seconds=shift)
    @classmethod
    def utcnow(cls):
        return RealDateTime.utcnow() + datetime.timedelta(seconds=shift)
    @classmethod
    def today(cls):
        return cls.now()
class Date(RealDate):
    @classmethod
    def today(cls):
        return RealDate.today() + datetime.timedelta(seconds=shift)
datetime.datetime, datetime.date = DateTime, Date
real_gmtime, real_localtime, real_strftime = time.gmtime, time.localtime, time.strftime
time.gmtime = lambda seconds=None: real_gmtime(time.time() if seconds is None else seconds)
time.localtime = lambda seconds=None: real_localtime(time.time() if seconds is None else seconds)
time.strftime = lambda form, when=None: real_strftime(form, when or time.localtime())
"""
"""Moves the clock of a Python that finds it as `sitecustomize`."""


@pytest.fixture
def moved_clock(tmp_path: Path) -> Path:
    folder = tmp_path / "clock"
    write_files(folder, {"sitecustomize.py": CLOCK})
    return folder


def test_the_clock_can_be_moved(moved_clock: Path) -> None:
    program = "import datetime, time; print(datetime.datetime.now().year, time.gmtime().tm_year)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(PYTHONPATH=str(moved_clock), SHIFT=str(40 * 365.25 * 86400)),
        capture_output=True,
        text=True,
        check=True,
    )
    years = [int(year) for year in done.stdout.split()]
    assert years[0] == years[1] > 2060


@pytest.mark.parametrize("curriculum", ["golden", "real"])
def test_builds_of_one_commit_are_the_same_bytes(
    curriculum: str, repository: Path, tmp_path: Path, moved_clock: Path
) -> None:
    if curriculum == "golden":
        origin, inside = repository, Path("deep/project")
    else:
        origin, inside = tmp_path / "origin", Path()
        copy_project(CHECKOUT, origin)
        git(origin, "init", "--quiet", "--initial-branch=main")
        git(origin, "add", ".")
        git(origin, "commit", "--quiet", "-m", "all", date="2024-01-01T12:00:00 +0000")
    machines = {
        "a": {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "SHIFT": "0"},
        "a longer/and deeper/folder": {
            "TZ": "America/Los_Angeles",
            "PYTHONHASHSEED": "4242",
            "SHIFT": str(-5.5 * 365 * 86400),
            "SOURCE_DATE_EPOCH": "86400",
            "LC_ALL": "C",
        },
        "b": {"TZ": "UTC", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1900000000", "SHIFT": "0"},
    }

    def build_on(name: str) -> BuiltSite:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "clone", "--quiet", str(origin), "clone")
        env = environment(PYTHONPATH=str(moved_clock), **machines[name])
        # Without --strict: the oldest day is before pages' own.
        return build(folder / "clone" / inside, env=env)

    with ThreadPoolExecutor(max_workers=2) as pool:
        first, *others = pool.map(build_on, machines)
    for other in others:
        assert other.paths == first.paths
        different = [path for path in first.paths if first.bytes(path) != other.bytes(path)]
        assert not different
    assert "sitemap.xml.gz" in first.paths
