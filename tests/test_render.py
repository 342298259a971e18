"""Rendering through the public API: golden pages, ticks, totals, structured data, redirects."""

from __future__ import annotations

import gc
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin

import pytest
from jsonschema import Draft202012Validator

from html_document import Element, read_html
from roadmap_site import Curriculum, Page, Site, check, load, render
from roadmap_site.model.places import TickPlace, places
from roadmap_site.model.values import Duration, Numbers
from roadmap_site.render import Templates
from roadmap_site.render.page import Draft, clip
from roadmap_site.render.templates import highlighted, inline, paragraphs
from site_builder import CHECKOUT, CURRICULUM, GOLDEN, compare_with_golden, write_files

URL = "https://example.org/small/complete/"
DATES = {
    "curriculum.yml": "2026-01-01",
    "topics.yml": "2026-01-02",
    "tracks/apprentice/track.yml": "2026-01-03",
    "tracks/apprentice/first-month.yml": "2026-01-04",
}
FOLDERS = {"golden": GOLDEN / "curriculum", "real": CHECKOUT / "curriculum"}
STRUCTURED = json.loads((CHECKOUT / "tests" / "schema_org.json").read_text("utf-8"))


@cache
def load_good(folder: Path) -> Curriculum:
    loaded = load(folder)
    report = check(loaded)
    assert loaded.curriculum is not None
    assert not report.fails(), [d.message for d in report]
    return loaded.curriculum


@cache
def rendered(folder: Path) -> Site:
    return render(load_good(folder), site_url=URL, updated=DATES)


@pytest.fixture(scope="module", params=FOLDERS)
def folder(request: pytest.FixtureRequest) -> Path:
    return FOLDERS[request.param]


@pytest.fixture(scope="module")
def curriculum(folder: Path) -> Curriculum:
    return load_good(folder)


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return rendered(folder)


@pytest.fixture(scope="module")
def articles(site: Site) -> Mapping[str, Element]:
    return {page.path: read_html(page.html) for page in site.pages}


def made_of(folder: Path, files: Mapping[str, str | None], site_url: str = URL) -> Site:
    """The site of CURRICULUM with other files in place of some of its own."""
    write_files(folder, {**CURRICULUM, **files})
    return render(load_good(folder), site_url=site_url)


# ------------------------------------------------------------------------------ golden files


def golden_page(page: Page) -> str:
    """All of a page, in a form that a reviewer can read."""
    facts = {
        "kind": page.kind,
        "title": page.title,
        "description": page.description,
        "comes from": f"{at.file.path}:{at.line}:{at.column}" if (at := page.span) else "",
        "updated": page.updated,
        "track": f"{page.track}, tone {page.tone}" if page.track else "",
        "previous": page.previous,
        "next": page.next,
        "found as": page.search.title if page.search else "",
        "found by": page.search.text if page.search else "",
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value]
    parts = ["<!--", *lines, "-->"]
    if page.kind == "track" and page.nav:
        parts += ["<!-- side navigation", json_text(page.nav), "-->"]
    if page.data:
        data = re.fullmatch(r"<script type=\"application/ld\+json\">(.*)</script>", page.data)
        assert data
        parts += ["<!-- structured data", json_text(json.loads(data[1])), "-->"]
    parts.append(page.html.strip())
    if page.beside:
        parts += ["<!-- beside the article -->", page.beside.strip()]
    return "\n".join([*parts, ""])


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def golden_path(page: Page) -> str:
    return f"{page.path.rstrip('/') or 'index'}.html"


def test_golden_pages(request: pytest.FixtureRequest) -> None:
    site = rendered(FOLDERS["golden"])
    # What tells of the data as such changes with the model and the rules, not with the curriculum.
    pages = [page for page in site.pages if page.span]
    texts = {golden_path(page): golden_page(page) for page in pages}
    for path, text in site.files.items():
        texts[path] = json_text(json.loads(text)) + "\n" if path.endswith(".json") else text
    assert len(texts) == len(pages) + len(site.files)
    compare_with_golden("expected", texts, request.config)


def test_golden_curriculum_has_every_kind_of_page_and_every_field() -> None:
    kinds = {page.kind for page in rendered(FOLDERS["golden"]).pages}
    real = {page.kind for page in rendered(FOLDERS["real"]).pages}
    assert real <= kinds
    unset = unset_fields(load_good(FOLDERS["golden"]))
    assert not unset, f"no golden page shows {sorted(unset)}"


def unset_fields(curriculum: Curriculum) -> set[str]:
    """The model's keys, class by class, that no entity of a curriculum sets."""
    known: set[str] = set()
    used: set[str] = set()

    def visit(value: object) -> None:
        if isinstance(value, tuple):
            for entry in value:
                visit(entry)
        elif isinstance(value, Mapping):
            visit(tuple(value.values()))
        elif isinstance(value, Curriculum):
            visit((value.about, value.tracks, value.vocabulary, value.resources, value.banks))
        elif is_dataclass(value):
            for field in fields(value):
                held = getattr(value, field.name)
                if "doc" in field.metadata and field.name not in ("accept", "check"):
                    name = f"{type(value).__name__}.{field.name}"
                    known.add(name)
                    if field.default is MISSING or held != field.default:
                        used.add(name)
                if field.name != "check" and ("doc" in field.metadata or field.name == "phases"):
                    visit(held)

    visit(curriculum)
    assert len(known) > 100
    return known - used


def resolved(path: str, href: str) -> str:
    """The site path (and anchor) that a link of the page at `path` leads to."""
    return unquote(urljoin(URL + quote(path), href)).removeprefix(URL)


# ------------------------------------------------------------------------------ every word

UNSEEN = frozenset(
    """accept all_of any_of area bank banks cites currency id language months moved ref requires
    retired roots teaches tracks url""".split()  # noqa: SIM905 - a list of words
)
"""Keys whose values readers see as links, as what they refer to, or as a part of other words."""


def words_of(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text, number and length that an editor wrote below a value, and its key."""
    if isinstance(value, tuple):
        for entry in value:
            yield from words_of(entry, where)
    elif isinstance(value, Mapping):
        yield from words_of(tuple(value.values()), where)
    elif isinstance(value, Duration | Numbers):
        yield where, str(value)
    elif isinstance(value, str):
        for paragraph in re.split(r"\n\s*\n", value):
            yield where, " ".join(paragraph.replace("`", "").split())
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in UNSEEN and ("doc" in field.metadata or field.name == "phases"):
                inner = f"{type(value).__name__}.{field.name}"
                yield from words_of(getattr(value, field.name), inner)


def text_of(pages: Iterable[Page]) -> str:
    return "\n".join(read_html(page.html + page.beside).words for page in pages)


def test_no_more_than_one_draft_is_kept_at_a_time(folder: Path) -> None:
    class Watching(Templates):
        drafts = 0

        def render(self, name: str, at: str, **context: Any) -> str:
            if name in ("all", "rules"):  # amid the tracks, and towards the end
                here = sum(isinstance(it, Draft) for it in gc.get_objects())
                self.drafts = max(self.drafts, here)
            return super().render(name, at, **context)

    templates = Watching()
    curriculum = load_good(folder)
    gc.collect()  # what other tests have left
    render(curriculum, templates=templates)
    assert templates.drafts == 1


def test_no_word_is_left_out(site: Site, curriculum: Curriculum) -> None:
    everywhere = text_of(site.pages)
    shared = (curriculum.vocabulary, curriculum.resources, curriculum.banks)
    missing = [(key, words) for key, words in words_of(shared) if words not in everywhere]
    for track in curriculum.tracks:
        # What is said of its source stands on the page of credits.
        own = text_of(p for p in site.pages if p.track == track.id or p.kind == "credits")
        missing += [(key, words) for key, words in words_of(track) if words not in own]
    assert not missing


# -------------------------------------------------------------------------------- any page


def test_ids_are_unique_on_each_page(articles: Mapping[str, Element]) -> None:
    for path, article in articles.items():
        ids = Counter(element["id"] for element in article if "id" in element)
        assert max(ids.values(), default=1) == 1, (path, ids.most_common(3))


def test_each_article_has_one_h1_and_headings_in_order(articles: Mapping[str, Element]) -> None:
    for path, article in articles.items():
        levels = [int(e.tag[1]) for e in article if re.fullmatch("h[1-6]", e.tag)]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert not jumps, (path, jumps)
        assert all(e.words for e in article if re.fullmatch("h[1-6]", e.tag)), path


def test_titles_and_descriptions_say_something_short(site: Site) -> None:
    for page in site.pages:
        assert page.title.strip(), page.path
        assert 0 < len(page.description) <= 160, page.path
        assert "\n" not in page.title + page.description


def test_every_page_says_where_it_comes_from(site: Site, folder: Path) -> None:
    for page in site.pages:
        if page.kind in ("contribute", "rules", "rule"):  # they tell of the data as such
            assert page.span is None
            continue
        assert page.span is not None, page.path
        text = (folder / page.span.file.path).read_text("utf-8")
        assert 1 <= page.span.line <= len(text.splitlines()), page.path


def test_rendering_is_a_pure_function(curriculum: Curriculum, site: Site, folder: Path) -> None:
    templates = Templates()
    for _ in range(2):
        assert render(curriculum, site_url=URL, updated=DATES, templates=templates) == site
    again = load(folder).curriculum
    assert again is not None
    assert render(again, site_url=URL, updated=DATES) == site


def test_neighbours_lead_along_the_road_and_back(site: Site, curriculum: Curriculum) -> None:
    pages = {page.path: page for page in site.pages}
    for track in curriculum.tracks:
        stops = [f"tracks/{p.key}/" for p in places(track) if p.kind in ("week", "phase")]
        for before, path, after in zip(["", *stops], stops, [*stops[1:], ""], strict=False):
            assert (pages[path].previous, pages[path].next) == (before, after)
            links = read_html(pages[path].beside).one("nav", class_="steps").all("a")
            assert [link["rel"] for link in links] == [
                *(["prev"] if before else []),
                *(["next"] if after else []),
            ]


# ---------------------------------------------------------------------------------- ticks


@dataclass(frozen=True)
class Box:
    """A tickable as it stands on a page: what the widgets read of it."""

    key: str
    left_out: bool
    branch: str


def boxes(article: Element) -> Iterator[Box]:
    """The tickables of a page by the contract between templates and widgets."""
    for item in article.all("li"):
        labels = [c for c in item.children if isinstance(c, Element) and c.tag == "label"]
        ticks = [e for label in labels for e in label.all("input", type="checkbox")]
        if not any("rm-tick" in tick.classes for tick in ticks):
            continue
        assert len(labels) == 1
        assert len(ticks) == 1
        assert labels[0].one("span").words, f"{item} has no words"
        around = [item, *item.ancestors]
        place = next(element["data-place"] for element in around if "data-place" in element)
        within = around[: 1 + next(i for i, e in enumerate(around) if "data-place" in e)]
        yield Box(
            f"{place}/{item.get('data-item') or item['id']}",
            any("data-o" in element for element in within),
            next((e["data-branch"] for e in within if "data-branch" in e), ""),
        )


def expected_boxes(place: TickPlace) -> list[Box]:
    return [Box(f"{place.key}/{tick.id}", tick.left_out, tick.branch) for tick in place.ticks]


def test_pages_of_places_hold_just_the_ticks_of_the_model(
    curriculum: Curriculum, articles: Mapping[str, Element]
) -> None:
    seen = 0
    for track in curriculum.tracks:
        for place in places(track):
            found = list(boxes(articles[f"tracks/{place.key}/"]))
            wanted = expected_boxes(place)
            assert Counter(found) == Counter(wanted), place.key
            assert all(count == 1 for count in Counter(box.key for box in found).values())
            seen += len(found)
    assert seen > 50


def test_the_whole_track_holds_every_tick_of_its_road(
    curriculum: Curriculum, articles: Mapping[str, Element]
) -> None:
    for track in curriculum.tracks:
        road = [place for place in places(track) if place.kind in ("week", "phase")]
        found = boxes(articles[f"tracks/{track.id}/all/"])
        wanted = [box for place in road for box in expected_boxes(place)]
        assert Counter((b.key, b.left_out) for b in found) == Counter(
            (b.key, b.left_out) for b in wanted
        ), track.id


def test_no_other_page_holds_ticks(articles: Mapping[str, Element]) -> None:
    for path, article in articles.items():
        if not re.fullmatch("tracks/[^/]+/[^/]+/", path):
            assert not list(boxes(article)), path
            assert not article.all("input", class_="rm-tick"), path


def test_data_files_hold_the_ticks_of_the_model(site: Site, curriculum: Curriculum) -> None:
    about = json.loads(site.files["assets/roadmap/data/site.json"])
    assert about["id"] == curriculum.about.id
    assert [track["id"] for track in about["tracks"]] == [track.id for track in curriculum.tracks]
    for track, entry in zip(curriculum.tracks, about["tracks"], strict=True):
        data = json.loads(site.files[entry["data"]])
        spots = list(places(track))
        assert [place["id"] for place in data["places"]] == [spot.id for spot in spots]
        assert entry["required"] == sum(spot.required for spot in spots)
        for place, spot in zip(data["places"], spots, strict=True):
            rows = [(row[0], bool(row[2]), *row[3:]) for row in place["items"]]
            assert rows == [
                (t.id, t.left_out, t.branch) if t.branch else (t.id, t.left_out) for t in spot.ticks
            ]
            assert all(row[1].strip() for row in place["items"]), spot.key
            assert place["kind"] == spot.kind
            assert f"tracks/{spot.key}/" == place["url"]
            branches = {branch["id"] for branch in place.get("branches", ())}
            assert {tick.branch for tick in spot.ticks} - {""} <= branches


def test_data_files_are_written_without_spaces(site: Site) -> None:
    for path, text in site.files.items():
        if path.endswith(".json"):
            compact = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
            assert text == compact, path


def test_totals_written_by_the_server_are_those_of_the_model(
    curriculum: Curriculum, articles: Mapping[str, Element]
) -> None:
    totals = {"*": 0}
    for track in curriculum.tracks:
        spots = list(places(track))
        totals[track.id] = sum(spot.required for spot in spots)
        totals["*"] += totals[track.id]
        for spot in spots:
            totals[spot.key] = spot.required
            if spot.phase is not None:
                phase = f"{track.id}/@{spot.phase.id}"
                totals[phase] = totals.get(phase, 0) + spot.required
    shown = set()
    for path, article in articles.items():
        for meter in article:
            if "data-progress" not in meter:
                continue
            total = totals[meter["data-progress"]]
            progress = meter.one("progress")
            assert progress.get("value") == "0", path
            assert progress["max"] == str(total or 1), (path, meter["data-progress"])
            assert progress["aria-label"].strip(), path
            words = meter.one("span", data_progress_text="").words
            assert words == (f"0 of {total}" if total else "all optional"), path
            shown.add(meter["data-progress"])
    assert {"*", *(track.id for track in curriculum.tracks)} <= shown


def test_choices_name_their_branches(
    curriculum: Curriculum, articles: Mapping[str, Element]
) -> None:
    asked = 0
    for track in curriculum.tracks:
        for phase in track.phases:
            if not phase.branches:
                continue
            asked += 1
            key = f"{track.id}/{phase.id}"
            choose = articles[f"tracks/{key}/"].one(data_choose=key)
            radios = choose.all("input", type="radio")
            ids = [branch.id for branch in phase.branches]
            assert [radio["value"] for radio in radios] == [*ids, ""]
            assert {radio["name"] for radio in radios} == {key}
            assert [e["data-branch"] for e in choose if "data-branch" in e] == ids
    assert asked


# -------------------------------------------------------------------------------- redirects


def test_former_ids_lead_to_the_pages_of_today(site: Site, curriculum: Curriculum) -> None:
    wanted: dict[str, str] = {}  # by former path
    for track in curriculum.tracks:
        for folder in (track.id, *track.moved):
            wanted[f"tracks/{folder}/"] = f"tracks/{track.id}/"
            wanted[f"tracks/{folder}/all/"] = f"tracks/{track.id}/all/"
            for place in places(track):
                for id in (place.id, *place.entity.moved):
                    if "/" not in id:
                        wanted[f"tracks/{folder}/{id}/"] = f"tracks/{place.key}/"
    for topic in curriculum.topics.values():
        for id in (topic.id, *topic.moved):
            wanted[f"topics/{id}/"] = f"topics/{topic.id}/"
    wanted = {old: new for old, new in wanted.items() if old != new}
    assert wanted.items() <= site.redirects.items()


def test_redirects_lead_to_pages_and_anchors_that_are_there(
    site: Site, articles: Mapping[str, Element]
) -> None:
    pages = {page.path: page for page in site.pages}
    for old, new in site.redirects.items():
        document = read_html(site.files[f"{old}index.html"])
        target = document.one("a")["href"]
        assert resolved(old, target) == new
        assert document.one("meta", http_equiv="refresh")["content"] == f"0; url={target}"
        path, _, anchor = new.partition("#")
        assert document.one("a").words == pages[path].title
        assert document.one("link", rel="canonical")["href"] == URL + quote(new, "/#")
        assert document.one("html")["lang"]
        if anchor:
            assert articles[path].all(id=anchor), new


FORMER: Mapping[str, str] = {
    "curriculum.yml": CURRICULUM["curriculum.yml"].replace("[first]", "[first, second]")
    + "banks: [names]\nretired_tracks: [third, ../../escape]\nretired_banks: [riddles]\n",
    "topics.yml": CURRICULUM["topics.yml"] + "retired: [goto, loops]\n",
    "questions/names.yml": """\
title: Names
short_title: Names
summary: What names are.
moved: [variables]
questions: [{text: What is a name?, answer: A word for a value.}]
""",
    "tracks/first/track.yml": CURRICULUM["tracks/first/track.yml"]
    + "moved: [zeroth]\nretired: [typing, hello]\n",
    "tracks/first/basics.yml": CURRICULUM["tracks/first/basics.yml"]
    .replace("week: 1-2", "week: 1-2\nmoved: [start, second/origin]")
    .replace("title: Again", "title: Again\n    moved: [once-more, second/repeat]"),
    "tracks/second/track.yml": CURRICULUM["tracks/first/track.yml"].replace("First", "Second")
    + "moved: [minus-one]\n",
    "tracks/second/basics.yml": CURRICULUM["tracks/first/basics.yml"],
}


def test_every_former_address_leads_on(tmp_path: Path) -> None:
    write_files(tmp_path, {**CURRICULUM, **FORMER})
    loaded = load(tmp_path).curriculum
    assert loaded is not None
    site = render(loaded, site_url=URL)
    again = "tracks/first/again/"
    month = "tracks/first/#_basics"
    assert dict(site.redirects) == {
        "tracks/zeroth/": "tracks/first/",
        "tracks/zeroth/all/": "tracks/first/all/",
        "tracks/zeroth/hello/": "tracks/first/hello/",
        "tracks/zeroth/again/": again,
        "tracks/first/once-more/": again,
        "tracks/zeroth/once-more/": again,
        # What came from another track did so under any of that track's names.
        "tracks/second/repeat/": again,
        "tracks/minus-one/repeat/": again,
        # A month that has weeks has no page of its own.
        "tracks/first/basics/": month,
        "tracks/zeroth/basics/": month,
        "tracks/first/start/": month,
        "tracks/zeroth/start/": month,
        "tracks/second/origin/": month,
        "tracks/minus-one/origin/": month,
        "tracks/minus-one/": "tracks/second/",
        "tracks/minus-one/all/": "tracks/second/all/",
        "tracks/minus-one/hello/": "tracks/second/hello/",
        "tracks/minus-one/again/": "tracks/second/again/",
        "tracks/second/basics/": "tracks/second/#_basics",
        "tracks/minus-one/basics/": "tracks/second/#_basics",
        "questions/variables/": "questions/names/",
        # Taken away. What is in use again (hello, loops) stays, and ids alone make addresses.
        "tracks/first/typing/": "tracks/first/",
        "tracks/zeroth/typing/": "tracks/first/",
        "tracks/third/": "",
        "tracks/third/all/": "",
        "topics/goto/": "topics/",
        "questions/riddles/": "questions/",
    }
    assert not {page.path for page in site.pages} & set(site.redirects)


def test_a_redirect_says_whether_the_page_moved_or_was_taken_away(tmp_path: Path) -> None:
    track = {"tracks/first/track.yml": FORMER["tracks/first/track.yml"].replace(", hello", "")}
    site = made_of(tmp_path, track)
    moved, gone = (
        read_html(site.files[f"tracks/{old}/index.html"]) for old in ("zeroth", "first/typing")
    )
    assert moved.one("title").words == "First steps has moved"
    assert moved.one("p").words == "This page has moved to First steps."
    assert gone.one("title").words == "This page was taken away"
    assert gone.one("p").words == "What stood here was taken away. Go on at First steps."


# ------------------------------------------------------------------------------------ moves


def test_the_map_of_moves_is_shipped_and_each_page_names_its_version(tmp_path: Path) -> None:
    path = "assets/roadmap/data/moves.json"
    still = made_of(tmp_path / "still", {})
    assert path not in still.files
    assert not any("data-rm-moves" in page.html for page in still.pages)
    addresses = set()
    for former in ("once-more", "two-times"):
        weeks = CURRICULUM["tracks/first/basics.yml"].replace(
            "title: Again", f"title: Again\n    moved: [{former}]"
        )
        site = made_of(tmp_path / former, {"tracks/first/basics.yml": weeks})
        assert json.loads(site.files[path]) == {"places": {f"first/{former}": "first/again"}}
        named = re.compile(rf'<div class="rm [^>]* data-rm-moves="({path}\?[0-9a-f]{{8}})"')
        (address,) = {named.findall(page.html)[0] for page in site.pages}
        addresses.add(address)
    assert len(addresses) == 2


# ---------------------------------------------------------------------------- structured data


def structured_data(page: Page) -> Any:
    """What the one script element in a page's data holds."""
    return json.loads(read_html(page.data).one("script", type="application/ld+json").text)


def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(STRUCTURED)
    return Draft202012Validator(STRUCTURED)


def test_track_and_week_pages_carry_valid_structured_data(site: Site) -> None:
    valid = validator()
    kinds = Counter()  # type: Counter[str]
    for page in site.pages:
        if not page.data:
            assert page.kind not in ("track", "week", "phase"), page.path
            continue
        data = structured_data(page)
        faults = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in valid.iter_errors(data)]
        assert not faults, (page.path, faults)
        wanted = "Course" if page.kind == "track" else "Syllabus"
        assert data["@type"] == wanted, page.path
        kinds[data["@type"]] += 1
    assert kinds["Course"] >= 2
    assert kinds["Syllabus"] >= 2


def test_structured_data_refers_to_pages_of_the_site_by_full_addresses(site: Site) -> None:
    addresses = {URL + quote(page.path) for page in site.pages}
    for page in site.pages:
        if page.data:
            data = structured_data(page)
            assert data["url"] == URL + quote(page.path)
            own = [data, *data.get("syllabusSections", ()), data.get("isPartOf", data)]
            assert {entry["url"] for entry in own} <= addresses, page.path


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@type": "Curs"}, "Curs"),
        ({"colour": "red"}, "colour"),
        ({"url": "tracks/first/"}, "tracks/first/"),
        ({"url": "javascript:alert(1)"}, "javascript"),
        ({"timeRequired": "10-12h"}, "10-12h"),
        ({"hasCourseInstance": {"@type": "CourseInstance"}}, "courseMode"),
        ({"syllabusSections": []}, "[]"),
    ],
)
def test_the_schema_refuses(change: dict[str, object], fault: str) -> None:
    page = next(page for page in rendered(FOLDERS["golden"]).pages if page.kind == "track")
    data = structured_data(page)
    assert validator().is_valid(data)
    assert not validator().is_valid({**data, **change}), fault


def test_structured_data_cannot_end_its_script(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><!--<script>]]>&"
    text = CURRICULUM["tracks/first/track.yml"]
    text = text.replace("title: First steps", f"title: {json.dumps(evil)}", 1)
    text = text.replace("summary: Two weeks", 'summary: "Two\\Lweeks').replace(
        "Python.", 'Python."'
    )
    page = next(
        page
        for page in made_of(tmp_path, {"tracks/first/track.yml": text}).pages
        if page.kind == "track"
    )
    assert page.data.count("<") == 2
    assert "\u2028" not in page.data
    assert structured_data(page)["name"] == evil
    assert structured_data(page)["description"].split() == ["Two", "weeks", "with", "Python."]


def test_without_a_site_address_structured_data_has_none_of_its_own(tmp_path: Path) -> None:
    for page in made_of(tmp_path, {}, site_url="").pages:
        if page.data:
            data = structured_data(page)
            assert "url" not in data
            for part in data.get("hasPart", ()):
                assert part["url"] == "https://docs.python.org/3/tutorial/"


# ------------------------------------------------------------------------------------ search


def test_a_week_is_found_by_its_topics_other_names(site: Site, curriculum: Curriculum) -> None:
    short = {str(track.id): track.short_title for track in curriculum.tracks}
    pages = {page.path: page for page in site.pages}
    for page in site.pages:
        if page.kind in ("week", "phase", "track"):
            assert page.search
            assert page.search.title.endswith(short[page.track]), page.path
    for topic in curriculum.topics.values():
        article = read_html(pages[f"topics/{topic.id}/"].html)
        taught = article.all("ul", class_="taught")
        for link in taught[0].all("a") if taught else ():
            path = resolved(f"topics/{topic.id}/", link["href"])
            entry = pages[path].search
            if pages[path].kind in ("week", "phase"):
                assert entry
                for name in (topic.label, *topic.also):
                    assert name in entry.text, (path, name)


def test_what_a_page_is_found_by_is_bounded(tmp_path: Path) -> None:
    month = CURRICULUM["tracks/first/basics.yml"].replace(
        "[Printing]", f"[{', '.join(f'Item {n} of very many' for n in range(2000))}]"
    )
    site = made_of(
        tmp_path, {"tracks/first/basics.yml": month.replace("title: Hello", f"title: {'w ' * 999}")}
    )
    for page in site.pages:
        if page.search:
            assert len(page.search.title) <= 200
            assert len(page.search.text) <= 10_000
    week = next(page.search for page in site.pages if page.kind == "week")
    assert week
    assert week.title.startswith("w w")
    assert "Item 7 of very many" in week.text


# ------------------------------------------------------------------------- long and small lists


def many_topics(count: int) -> dict[str, str]:
    topics = "".join(
        f"  t{n}: {{label: Topic {n}, area: a{n % 3}, summary: The {n}th.}}\n" for n in range(count)
    )
    roots = ", ".join(f"t{n}" for n in range(count))
    weeks = "".join(f"      - Topic {n}\n" for n in range(count))
    month = "title: Basics\nweek: 1-2\nweeks:\n  - title: All\n    id: everything\n    week: 1-2\n"
    return {
        "topics.yml": f"areas: {{a0: A, a1: B, a2: C}}\nroots: [{roots}]\ntopics:\n{topics}",
        "tracks/first/basics.yml": f"{month}    topics:\n{weeks}    resources: [tutorial]\n",
    }


def test_a_long_list_goes_on_on_further_pages(tmp_path: Path) -> None:
    site = made_of(tmp_path, many_topics(600))
    sheets = [page for page in site.pages if page.kind == "topics"]
    assert [page.path for page in sheets] == ["topics/", "topics/page-2/", "topics/page-3/"]
    assert [page.title for page in sheets] == ["Topics", "Topics, page 2", "Topics, page 3"]
    listed = [
        resolved(page.path, link["href"])
        for page in sheets
        for area in read_html(page.html).all("section", class_="area")
        for link in area.all("a")
    ]
    assert Counter(listed) == Counter(f"topics/t{n}/" for n in range(600))
    # A topic's trail leads to the sheet on which its area begins.
    by_path = {page.path: read_html(page.html) for page in sheets}
    for number in (0, 1, 2):
        article = read_html(next(p for p in site.pages if p.path == f"topics/t{number}/").html)
        target = article.one("nav", class_="crumbs").all("a")[-1]["href"]
        path, _, anchor = resolved(f"topics/t{number}/", target).partition("#")
        by_path[path].one(id=anchor)


@pytest.mark.parametrize("length", [1, 159, 160, 161, 5000])
def test_a_description_is_cut_at_a_word(length: int) -> None:
    text = ("lorem ipsum\tdolor\n" * 300)[:length]
    cut = clip(text)
    flat = " ".join(text.split())
    assert len(cut) <= 160
    assert cut == flat if len(flat) <= 160 else cut.endswith("…")
    assert set(cut.rstrip("…").split()) <= set(flat.split())


def test_a_description_without_spaces_is_cut_all_the_same() -> None:
    assert clip("x" * 500) == "x" * 159 + "…"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a `b` c", "a <code>b</code> c"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ('<b onclick="x">\'&', "&lt;b onclick=&#34;x&#34;&gt;&#39;&amp;"),
        ("an ` alone", "an ` alone"),
        ("with `--since x`", "with <code>--since x</code>"),
        ("with `--since`", 'with <code class="option">--since</code>'),
        (f"`--{'x' * 21}`", f"<code>--{'x' * 21}</code>"),
        ("`a\nb`", "`a\nb`"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("[x](javascript:y)", "[x](javascript:y)"),
    ],
)
def test_inline_markup_is_code_spans_and_nothing_else(text: str, html: str) -> None:
    assert inline(text) == html


def test_prose_is_paragraphs() -> None:
    assert paragraphs("a\nb\n \n\nc <d>") == "<p>a\nb</p><p>c &lt;d&gt;</p>"
    assert paragraphs("") == ""


@pytest.mark.parametrize("language", ["python", "html", "no such language", "text", "bash"])
def test_code_is_escaped_and_complete(language: str) -> None:
    source = "x = '<script>&amp;'\n\n\tif x < 1: # {{ x }}\n  pass\n"
    html = highlighted(source, language)
    document = read_html(html)
    assert not document.all("script")
    assert document.text == source.rstrip()
