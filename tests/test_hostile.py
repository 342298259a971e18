"""What of a hostile curriculum is refused before anything is built, and that the rest is inert.

The browser's part is browser/test_hostile.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from hostile_project import hostile_files, payloads
from html_document import read_html
from roadmap_site import Report, check, load, render
from site_builder import CURRICULUM, write_files


def report_of(folder: Path, files: dict[str, str | None]) -> Report:
    write_files(folder, {**CURRICULUM, **files})
    return check(load(folder))


def errors(report: Report) -> set[str]:
    return {d.rule.code for d in report if d.rule.severity == "error"}


ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\0script:alert(1)",
    "java\u2028script:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "view-source:https://example.org/",
    "//evil.example/x",
    "/\\evil.example/x",
    "https:/\\evil.example/x",
    "/relative",
    "relative/",
    "#top",
    "https:",
    "https://",
    "https:///x",
    "http://localhost/",
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://169.254.169.254/latest/",
    "http://10.0.0.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://[2002:7f00:1::]/",  # a relay leads from it to 127.0.0.1
    "https://user:password@example.org/",
    "https://example.org@evil.example/",
    "https://exa mple.org/",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'x",
    "https://example.org/<script>",
    "https://example.org/`x`",
    "ftp://example.org/",
    "mailto:a@example.org",
    "{{ config.site_url }}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_may_not_be_linked_to_are_refused(tmp_path: Path, address: str) -> None:
    resource = json.dumps({"tutorial": {"title": "T", "type": "tutorial", "url": address}})
    report = report_of(tmp_path / "resource", {"resources/all.yml": resource})
    assert errors(report) & {"RS401", "RS008"}, [d.message for d in report]
    track = CURRICULUM["tracks/first/track.yml"].replace(
        "source: {title: Written for the tests}",
        f"source: {json.dumps({'title': 'T', 'url': address})}",
    )
    report = report_of(tmp_path / "source", {"tracks/first/track.yml": track})
    assert errors(report) & {"RS401", "RS008"}, [d.message for d in report]


def test_an_address_of_the_web_is_not_refused(tmp_path: Path) -> None:
    address = "https://example.org/a-b_c~d/%C3%A9/?q=1&r=(2)#x!$*,;:@"
    resource = json.dumps({"tutorial": {"title": "T", "type": "tutorial", "url": address}})
    assert not errors(report_of(tmp_path, {"resources/all.yml": resource}))


def with_id(word: str) -> dict[str, dict[str, str | None]]:
    """Curricula in which one thing has this id, by the kind of thing."""
    id = yaml.safe_dump(word, default_style='"', width=1_000_000).strip()
    root, topics, resources, month = (
        CURRICULUM[name]
        for name in ("curriculum.yml", "topics.yml", "resources/all.yml", "tracks/first/basics.yml")
    )
    return {
        "curriculum": {"curriculum.yml": root.replace("id: small", f"id: {id}")},
        "item": {
            "tracks/first/basics.yml": month.replace(
                "[Printing]", f"[{{text: Printing, id: {id}}}]"
            )
        },
        "week": {"tracks/first/basics.yml": month.replace("Hello", f"Hello\n    id: {id}")},
        "former week": {
            "tracks/first/basics.yml": month.replace("Hello", f"Hello\n    moved: [{id}]")
        },
        "topic": {"topics.yml": topics.replace("  loops:", f"  ? {id}\n  :")},
        "resource": {
            "resources/all.yml": resources.replace("tutorial: {", f"? {id}\n: {{", 1),
            "tracks/first/basics.yml": month.replace("[tutorial]", f"[{id}]"),
        },
        "area": {
            "topics.yml": topics.replace("{basics: Basics}", f"{{? {id} : Basics}}").replace(
                "area: basics", f"area: {id}"
            )
        },
    }


@pytest.mark.parametrize("kind", with_id(""))
def test_ids_are_refused_where_they_are_hostile(tmp_path: Path, kind: str) -> None:
    assert not errors(report_of(tmp_path / "good", with_id("a-good-id")[kind]))
    for number, word in enumerate(payloads().values()):
        report = report_of(tmp_path / str(number), with_id(word)[kind])
        assert "RS103" in errors(report), word


@pytest.mark.parametrize("name", ["><img src=x onerror=alert(1)>", "a b", "..", "A", "x'y", "x\ny"])
def test_hostile_names_of_folders_are_refused(tmp_path: Path, name: str) -> None:
    files: dict[str, str | None] = {
        "curriculum.yml": CURRICULUM["curriculum.yml"].replace("[first]", json.dumps([name])),
        f"tracks/{name}/track.yml": CURRICULUM["tracks/first/track.yml"],
        f"tracks/{name}/basics.yml": CURRICULUM["tracks/first/basics.yml"],
        "tracks/first/track.yml": None,
        "tracks/first/basics.yml": None,
    }
    assert errors(report_of(tmp_path / "curriculum", files))


def test_the_hostile_curriculum_is_inert_as_rendered(tmp_path: Path) -> None:
    write_files(tmp_path, dict(hostile_files()))
    loaded = load(tmp_path)
    assert loaded.curriculum is not None
    assert not check(loaded).fails()
    for page in render(loaded.curriculum, site_url="https://example.org/").pages:
        for element in read_html(page.html + page.beside):
            assert element.tag not in ("script", "img", "svg", "iframe", "style", "link", "meta")
            assert not [name for name in element.attributes if name.startswith("on")], page.path
            assert element.get("href").split(":")[0] in ("", "https", element.get("href"))
