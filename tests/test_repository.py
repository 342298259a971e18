"""The links of a page to its source, for each host that has a way of its own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from roadmap_site.mkdocs_plugin.repository import SourceLinks, source_links

FILE = "curriculum/tracks/first/basics.yml"


def links(repository: str, edit_url: str, line: int = 12) -> SourceLinks:
    return source_links(
        repository, edit_url, path=FILE, line=line, title="Hello", address="https://me.org/hello/"
    )


@pytest.mark.parametrize(
    ("repository", "edit", "opened", "shown", "issue"),
    [
        (
            "https://github.com/me/map",
            "https://github.com/me/map/edit/main/a.yml",
            "https://github.com/me/map/edit/main/a.yml#L12",
            "https://github.com/me/map/blob/main/a.yml#L12",
            "https://github.com/me/map/issues/new?",
        ),
        (
            "https://gitlab.example.org/me/map/",
            "https://gitlab.example.org/me/map/-/edit/main/a.yml",
            "https://gitlab.example.org/me/map/-/edit/main/a.yml#L12",
            "https://gitlab.example.org/me/map/-/blob/main/a.yml#L12",
            "https://gitlab.example.org/me/map/-/issues/new?",
        ),
        (
            "https://bitbucket.org/me/map",
            "https://bitbucket.org/me/map/src/main/a.yml",
            "https://bitbucket.org/me/map/src/main/a.yml#lines-12",
            "",
            "",
        ),
        # Nothing is known of another host but what its owner wrote.
        (
            "https://example.org/github/map",
            "https://example.org/github/map/edit/main/a.yml",
            "https://example.org/github/map/edit/main/a.yml",
            "",
            "",
        ),
        ("", "", "", "", ""),
        ("https://github.com/me/map", "", "", "", "https://github.com/me/map/issues/new?"),
    ],
)
def test_each_host_is_linked_in_its_own_way(
    repository: str, edit: str, opened: str, shown: str, issue: str
) -> None:
    found = links(repository, edit)
    assert (found.edit, found.view, found.name) == (opened, shown, "basics.yml:12")
    assert found.suggest.startswith(issue)
    assert bool(found.suggest) == bool(issue)


def test_an_address_with_a_fragment_of_its_own_keeps_it() -> None:
    found = links("https://github.com/me/map", "https://github.com/me/map/edit/main/a.yml#x")
    assert found.edit.endswith("a.yml#x")


def test_a_file_as_a_whole_has_no_line() -> None:
    found = links("https://github.com/me/map", "https://github.com/me/map/edit/main/a.md", line=0)
    assert found.edit.endswith("a.md")
    assert found.name == "basics.yml"


@pytest.mark.parametrize(
    ("repository", "names"),
    [
        ("https://github.com/me/map", ("title", "body")),
        ("https://gitlab.com/me/map", ("issue[title]", "issue[description]")),
    ],
)
def test_an_issue_begins_with_page_and_file(repository: str, names: tuple[str, str]) -> None:
    fields = parse_qs(urlsplit(links(repository, "").suggest).query, strict_parsing=True)
    assert tuple(fields) == names
    assert fields[names[0]] == ["Hello"]
    assert fields[names[1]] == [
        f"Page: https://me.org/hello/\nSource: {FILE}:12\n\nWhat should change: "
    ]


def test_what_strangers_wrote_stays_within_its_field_and_is_bounded() -> None:
    evil = '&body=x#"><img src=x onerror=alert(1)>\n%0a' + "\N{OGHAM LETTER BEITH}\U0001f600" * 9000
    found = source_links(
        "https://github.com/me/map", "", path=evil, line=7, title=evil, address="https://" + evil
    )
    assert len(found.suggest) < 8192
    assert not set(found.suggest) & set("\"'<># \n")
    fields = parse_qs(urlsplit(found.suggest).query, strict_parsing=True)
    assert {name: len(values) for name, values in fields.items()} == {"title": 1, "body": 1}
