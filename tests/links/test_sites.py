"""What is asked where a page itself says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap_site.links.judging.sites import SITES, question

VIDEO = "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "http://youtube.com/watch?list=PL123&v=dQw4w9WgXcQ&t=30s",
        "https://m.youtube.com/watch/?v=dQw4w9WgXcQ#t=30",
        "https://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?t=30",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://WWW.YouTube.com:443/watch?v=dQw4w9WgXcQ",
    ],
)
def test_a_video_is_asked_for_once_however_it_is_written(url: str) -> None:
    assert question(url).ask == VIDEO


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/playlist?list=PLabc",
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?x=1",
        "https://youtu.be/",
        "https://example.org/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://example.org/@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://doi.org/",
        "https://doi.org/the-identifier",
        "https://pypi.org/",
        "https://pypi.org/search/?q=x",
        "ftp://doi.org/10.1/x",
        "https://[",
        "https://example.org:port/",
        "",
    ],
)
def test_anything_else_is_asked_as_it_is(url: str) -> None:
    found = question(url)
    assert (found.ask, found.follows, found.site) == (url, True, None)


def test_the_fragment_is_not_asked_for() -> None:
    assert question("https://example.org/a?b#c#d").ask == "https://example.org/a?b"


@pytest.mark.parametrize(
    ("url", "ask"),
    [
        ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("http://dx.doi.org/10.1000/a?b=c#d", "https://doi.org/10.1000/a?b=c"),
        ("https://www.doi.org/10/abc", "https://doi.org/10/abc"),
    ],
)
def test_a_doi_is_asked_for_its_first_redirect_alone(url: str, ask: str) -> None:
    found = question(url)
    assert (found.ask, found.follows) == (ask, False)


@pytest.mark.parametrize(
    ("url", "ask"),
    [
        ("https://pypi.org/project/aiohttp/", "https://pypi.org/pypi/aiohttp/json"),
        ("https://pypi.org/project/aiohttp", "https://pypi.org/pypi/aiohttp/json"),
        ("https://pypi.org/p/a.b-c_d/#files", "https://pypi.org/pypi/a.b-c_d/json"),
        ("https://pypi.org/project/aiohttp/3.12.0/", "https://pypi.org/pypi/aiohttp/3.12.0/json"),
        ("https://pypi.org/project/x/1!2.0+local", "https://pypi.org/pypi/x/1!2.0+local/json"),
    ],
)
def test_a_project_is_asked_for_as_json(url: str, ask: str) -> None:
    assert question(url).ask == ask


@pytest.mark.parametrize(
    "url",
    ["https://www.linkedin.com/in/x", "https://de.linkedin.com/in/x", "https://linkedin.com/"],
)
def test_countries_are_one_site(url: str) -> None:
    found = question(url)
    assert found.ask == url
    assert found.site
    assert found.site.name == "LinkedIn"


def test_every_row_has_its_reason_and_nothing_that_does_nothing() -> None:
    assert {site.name for site in SITES} == {"YouTube", "GitHub", "DOI", "PyPI", "LinkedIn"}
    for site in SITES:
        assert len(site.reason.split()) > 20
        assert site.ask or not site.has_anchors or site.is_walled
        assert bool(site.ask) == bool(site.gone)


@given(st.text(), st.sampled_from(sorted(set().union(*(site.hosts for site in SITES)))))
def test_never_raises(text: str, host: str) -> None:
    question(text)
    for url in (f"https://{host}/{text}", f"https://{text}@{host}:{text}/{text}"):
        assert "#" not in question(url).ask
