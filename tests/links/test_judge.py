"""Verdicts: what was seen, and what it is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap_site.links.judging.judge import judge, wants_second
from roadmap_site.links.seen import Failure, Hop, PageFacts, Seen
from roadmap_site.model.links import Judged, LinkStatus

URL = "https://example.org/docs/page"


def page(title: str = "A page", *anchors: str, **facts: object) -> PageFacts:
    return PageFacts(title=title, anchors=frozenset(anchors), **facts)  # type: ignore[arg-type]


def answer(
    code: int,
    url: str = URL,
    facts: PageFacts | None = None,
    *,
    headers: dict[str, str] | None = None,
    retry_after: float | None = None,
) -> Seen:
    return Seen((Hop(url, code),), headers=headers or {}, page=facts, retry_after=retry_after)


def failed(failure: Failure, *hops: Hop, detail: str = "") -> Seen:
    return Seen(hops, failure, detail=detail)


def chain(*steps: tuple[int, str], end: int = 200, facts: PageFacts | None = None) -> Seen:
    """From URL on, by steps of a status and where it leads."""
    hops = []
    at = URL
    for code, to in steps:
        hops.append(Hop(at, code, to))
        at = to.partition("#")[0]
    return Seen((*hops, Hop(at, end)), page=facts)


def status(*seen: Seen, url: str = URL) -> str:
    return judge(url, seen).status.value


F = Failure


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], "unchecked"),
        ([answer(200)], "ok"),
        ([answer(204)], "ok"),
        ([answer(206)], "ok"),
        # Gone.
        ([answer(404), answer(404)], "broken"),
        ([answer(404), answer(410)], "broken"),
        ([answer(404)], "flaky"),
        ([answer(404), answer(200)], "ok"),
        ([answer(404), answer(503)], "flaky"),
        ([answer(503), answer(404)], "flaky"),
        ([answer(404), failed(F.TIMEOUT)], "flaky"),
        ([answer(404), failed(F.NO_HOST)], "flaky"),
        ([answer(404), failed(F.DEADLINE)], "flaky"),
        ([answer(404), answer(403)], "blocked"),
        ([chain((302, URL + "2"), end=404)] * 2, "broken"),
        ([chain((301, URL + "2"), end=404)] * 2, "broken"),
        ([failed(F.NO_HOST)] * 2, "broken"),
        ([failed(F.NO_HOST)], "flaky"),
        ([failed(F.NO_HOST), failed(F.LOOKUP)], "flaky"),
        ([failed(F.NO_HOST), answer(200)], "ok"),
        ([failed(F.REDIRECT_LOOP)] * 2, "broken"),
        ([failed(F.TOO_MANY_REDIRECTS)] * 2, "broken"),
        ([failed(F.BAD_REDIRECT)] * 2, "broken"),
        ([failed(F.REDIRECT_LOOP), failed(F.TOO_MANY_REDIRECTS)], "broken"),
        ([failed(F.REDIRECT_LOOP), failed(F.NO_HOST)], "flaky"),
        ([failed(F.REDIRECT_LOOP), failed(F.RESET)], "flaky"),
        # Nothing may be asked.
        ([failed(F.NOT_PUBLIC)], "invalid"),
        ([answer(503), failed(F.NOT_PUBLIC, Hop(URL, 302, "http://10.0.0.1/"))], "invalid"),
        # Walls.
        *(([answer(code)], "blocked") for code in (400, 401, 402, 403, 405, 406, 407, 418, 451)),
        ([answer(999)], "blocked"),
        ([answer(429)] * 2, "blocked"),
        ([answer(429), answer(200)], "ok"),
        ([answer(403, headers={"cf-mitigated": "challenge"})], "blocked"),
        ([answer(503, headers={"cf-mitigated": "challenge"})], "blocked"),
        ([answer(202, headers={"x-amzn-waf-action": "challenge"})], "blocked"),
        ([answer(200, facts=page("Just a moment..."))], "blocked"),
        ([answer(200, facts=page("Client Challenge"))], "blocked"),
        ([answer(404, facts=page("Just a moment..."))], "blocked"),
        ([answer(503, facts=page("Just a moment..."))], "blocked"),
        ([answer(404, facts=page("Page not found"))] * 2, "broken"),
        ([failed(F.WAIT, Hop(URL, 429))], "blocked"),
        ([failed(F.OTHER_PROGRAM, Hop(URL, 302, "vscode:x"))], "blocked"),
        ([failed(F.TIMEOUT), answer(403)], "blocked"),
        # Weather.
        *(([answer(code)] * 2, "flaky") for code in (500, 501, 502, 503, 504, 520, 408, 421, 425)),
        *(([answer(code)] * 2, "flaky") for code in (300, 302, 304)),
        *(([failed(why)] * 2, "flaky") for why in (F.RESET, F.REFUSED, F.GARBAGE, F.LOOKUP)),
        ([failed(F.UNREACHABLE)] * 2, "flaky"),
        ([answer(503), answer(200)], "ok"),
        ([answer(200), answer(503)], "ok"),
        ([failed(F.RESET), answer(200)], "ok"),
        ([failed(F.TIMEOUT)] * 2, "timeout"),
        ([failed(F.TIMEOUT), failed(F.HOST_DOWN)], "timeout"),
        ([failed(F.HOST_DOWN)], "timeout"),
        ([failed(F.TIMEOUT), failed(F.DEADLINE)], "timeout"),
        ([failed(F.TIMEOUT), answer(503)], "flaky"),
        ([failed(F.TLS)], "tls"),
        ([answer(503), failed(F.TLS)], "tls"),
        ([failed(F.TLS), answer(404)], "tls"),
        ([failed(F.DEADLINE)], "unchecked"),
        ([failed(F.LIMIT)], "unchecked"),
    ],
)
def test_status(seen: list[Seen], expected: str) -> None:
    assert status(*seen) == expected


@pytest.mark.parametrize(
    ("seen", "is_answered"),
    [
        ([failed(F.GARBAGE)] * 2, True),
        ([failed(F.GARBAGE), failed(F.RESET)], True),
        ([failed(F.GARBAGE, Hop(URL, 302, "https://example.test/"))] * 2, True),
        *(([answer(code)] * 2, True) for code in (101, 300, 302, 304, 408, 421, 425)),
        *(([answer(code)] * 2, False) for code in (500, 503, 522)),
        *(([failed(why)] * 2, False) for why in (F.RESET, F.REFUSED, F.LOOKUP, F.TIMEOUT)),
        ([failed(F.RESET, Hop(URL, 302, "https://example.test/"))] * 2, False),
        ([answer(404), answer(503)], False),
        ([answer(404)] * 2, False),
        ([failed(F.TLS)], False),
    ],
)
def test_who_answers_in_no_way_that_tells(seen: list[Seen], is_answered: bool) -> None:
    """What lasts of it is no sign that the page is gone: browsers may well show it."""
    assert judge(URL, seen).is_answered == is_answered


@pytest.mark.parametrize(
    ("seen", "detail"),
    [
        ([answer(200)], ""),
        ([answer(404)] * 2, "404 Not Found, twice"),
        ([answer(404), answer(410)], "404 Not Found, then 410 Gone"),
        ([answer(404), failed(F.DEADLINE)], "404 Not Found, once"),
        ([chain((302, URL + "2"), end=404)] * 2, "redirects to 404 Not Found, twice"),
        ([failed(F.NO_HOST)] * 2, "the host does not exist, twice"),
        (
            [failed(F.NO_HOST, Hop(URL, 302, "https://example.test/"))] * 2,
            "after a redirect, the host does not exist, twice",
        ),
        (
            [answer(503), failed(F.TIMEOUT)],
            "503 Service Unavailable, then no answer in time",
        ),
        (
            [failed(F.TLS, detail="it has expired")],
            "the certificate cannot be trusted: it has expired",
        ),
        ([failed(F.TLS, detail="no agreement")], "no agreement"),
        (
            [failed(F.OTHER_PROGRAM, Hop(URL, 302, "vscode:x"))],
            "it leads to another program than a browser",
        ),
        (
            [failed(F.NOT_PUBLIC, detail="port 22 is none of the web's")],
            "port 22 is none of the web's",
        ),
        (
            [failed(F.NOT_PUBLIC, Hop(URL, 302, "http://10.0.0.1/"))],
            "after a redirect, it leads to an address that is not public",
        ),
        (
            [failed(F.BAD_REDIRECT, Hop(URL, 302, "http://["), detail="it names no host")] * 2,
            "it redirects to what is no address: it names no host, twice",
        ),
        ([failed(F.RESET, detail="more")], "the host closes the connection without an answer"),
        ([failed(F.TLS)], "the certificate cannot be trusted"),
        (
            [failed(F.WAIT, Hop(URL, 429))],
            "the host asks to wait longer than this run may (429 Too Many Requests)",
        ),
        (
            [answer(403, headers={"cf-mitigated": "challenge"})],
            "asks programs to stay away (403 Forbidden, Cloudflare challenge)",
        ),
        ([answer(999)], "refuses programs (status 999)"),
        ([failed(F.DEADLINE)], "the time for the whole run was over"),
    ],
)
def test_detail(seen: list[Seen], detail: str) -> None:
    assert judge(URL, seen).detail == detail


def test_code_and_final_are_of_the_last_answer() -> None:
    judged = judge(URL, [chain((302, "https://example.test/"), end=404)] * 2)
    assert (judged.code, judged.final) == (404, "https://example.test/")
    judged = judge(URL, [failed(F.TIMEOUT, Hop(URL, 302, "https://example.test/"))])
    assert (judged.code, judged.final) == (302, URL)
    assert judge(URL, [failed(F.NO_HOST)]) == Judged(
        LinkStatus.FLAKY, "the host does not exist, once"
    )


NEW = "https://example.test/new/page"


@pytest.mark.parametrize(
    ("seen", "replacement"),
    [
        (chain((301, NEW)), NEW),
        (chain((308, NEW)), NEW),
        (chain((301, URL + "/"), (308, NEW)), NEW),
        (chain((301, URL + "/")), URL + "/"),
        (chain((302, NEW)), ""),
        (chain((303, NEW)), ""),
        (chain((307, NEW)), ""),
        (chain((301, URL + "/"), (302, NEW)), ""),
        (chain((302, URL + "/"), (301, NEW)), ""),
        (chain((301, URL)), ""),
        (chain((301, URL + "/"), (301, URL)), ""),
        # Not what anybody should write.
        (chain((301, "http://example.org/docs/page")), ""),
        (chain((301, "https://example.test/login?next=/docs/page")), ""),
        (chain((301, "https://login.example.test/docs/page")), ""),
        (chain((301, "https://example.test/sign_in.php")), ""),
        (chain((301, NEW + "?utm_source=x")), ""),
        (chain((301, NEW + ";jsessionid=0A1B")), ""),
        (chain((301, NEW + "?PHPSESSID=0a1b")), ""),
        (chain((301, NEW + "?v=0123456789abcdef0123456789abcdef")), ""),
        (chain((301, NEW + "?v=dQw4w9WgXcQ")), NEW + "?v=dQw4w9WgXcQ"),
        (chain((301, "https://example.org/de/docs/page")), ""),
        (chain((301, "https://example.org/pt-BR/docs/page")), ""),
        (chain((301, "https://example.org/de/page")), "https://example.org/de/page"),
        (chain((301, "https://example.org/de/guide/page")), "https://example.org/de/guide/page"),
        (chain((301, "https://example.org/v2/docs/page")), "https://example.org/v2/docs/page"),
        (chain((301, "https://me:pass@example.test/new/page")), ""),
        (chain((301, "ftp://example.test/new/page")), ""),
        (chain((301, "https://example.test/a b")), ""),
        (chain((301, "https://example.test/a\u202eb")), ""),
        (chain((301, "https://example.test/a\nb: c")), ""),
        (chain((301, 'https://example.test/"')), ""),
        (chain((301, "https://example.test/" + "a" * 9000)), ""),
        (chain((301, "https://[/")), ""),
    ],
)
def test_moved(seen: Seen, replacement: str) -> None:
    judged = judge(URL, [seen])
    assert judged.replacement == replacement
    assert judged.status is (LinkStatus.MOVED if replacement else LinkStatus.OK)
    assert judged.detail


def test_what_leads_to_itself_has_not_moved() -> None:
    seen = Seen((Hop("https://example.org/%C3%A9", 301), Hop("https://example.org/%C3%A9", 200)))
    assert judge("https://example.org/é", [seen]).status is LinkStatus.OK


def test_what_an_address_had_before_may_stay() -> None:
    old, new = "http://example.org/a?ref=x", "https://example.org/a?ref=x"
    assert judge(old, [Seen((Hop(old, 301, new), Hop(new, 200)))]).replacement == new


@pytest.mark.parametrize("host", ["bit.ly", "www.tinyurl.com", "T.CO"])
def test_a_short_name_may_be_one_of_a_home_page(host: str) -> None:
    old, new = f"https://{host}/3xYz", "https://example.org/"
    judged = judge(old, [Seen((Hop(old, 301, new), Hop(new, 200)))])
    assert (judged.status, judged.replacement) == (LinkStatus.MOVED, new)


def test_encryption_alone_is_a_move() -> None:
    plain = URL.replace("https:", "http:")
    judged = judge(plain, [Seen((Hop(plain, 301, URL), Hop(URL, 200)))])
    assert judged.replacement == URL


def test_a_log_in_that_moved_is_a_move() -> None:
    old, new = "http://example.org/login", "https://example.org/login"
    assert judge(old, [Seen((Hop(old, 301, new), Hop(new, 200)))]).replacement == new


@pytest.mark.parametrize(
    ("fragment", "location", "replacement"),
    [
        ("#part", NEW, NEW + "#part"),
        ("#part", NEW + "#other", NEW + "#other"),
        ("#part", NEW + "#", NEW + "#part"),
        ("#", NEW, NEW),
        ("#:~:text=word", NEW, NEW + "#:~:text=word"),
    ],
)
def test_fragments_survive_a_move(fragment: str, location: str, replacement: str) -> None:
    assert judge(URL + fragment, [chain((301, location))]).replacement == replacement


def test_a_move_without_the_place_is_told_of_the_place() -> None:
    seen = chain((301, NEW), facts=page("New", "here"))
    assert status(seen, url=URL + "#gone") == "fragment"
    assert status(seen, url=URL + "#here") == "moved"
    # What the redirect names is no fault of whoever wrote the address.
    assert status(chain((301, NEW + "#x"), facts=page("New", "a")), url=URL + "#gone") == "moved"


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 Not Found",
        "Not Found",
        "Page not found",
        "Page Not Found | Example",
        "Example - Page not found",
        "Example » 404",
        "Error 404 (Not Found)!!1",
        "Oops! Page not found",
        "404 - File or directory not found.",
        "404: This page could not be found",
        "Page not found · GitHub Pages",
        "The page you requested was not found",
        "We couldn't find that page",
        "Seite nicht gefunden – Beispiel",
        "Página no encontrada",
        "Page introuvable",
        "Site not found · GitHub Pages",
        "Sorry, this page isn't available.",
        "Страница не найдена",
        "ページが見つかりません - 例",
        "页面不存在",
        "페이지를 찾을 수 없습니다",
    ],
)
def test_titles_of_pages_that_are_gone(title: str) -> None:
    judged = judge(URL, [answer(200, facts=page(title))])
    assert judged.status is LinkStatus.SUSPECT
    assert f"`{title}`" in judged.detail


@pytest.mark.parametrize(
    "title",
    [
        "",
        "How to fix 404 errors",
        "HTTP 404 explained",
        "HTTP 404 - Wikipedia",
        "Not Found (film)",
        "Error 404: how to fix it",
        "Page Not Found: A Brief History of the 404 Error",
        "Peugeot 404 - Wikipedia",
        "Room 404",
        "Not found in translation",
        "Missing values",
        "Designing a page not found page | Example",
        "|" * 300,
    ],
)
def test_titles_of_pages_that_are_there(title: str) -> None:
    assert status(answer(200, facts=page(title))) == "ok"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/Web/HTTP/Status/404", "ok"),
        ("https://example.org/wiki/Not_Found", "ok"),
        ("https://example.org/404.html", "ok"),
        ("https://example.org/soft404", "suspect"),
        ("https://example.org/course-404-x", "suspect"),
    ],
)
def test_pages_about_pages_that_are_gone(url: str, expected: str) -> None:
    assert status(answer(200, url, page("404 Not Found - HTTP")), url=url) == expected


def test_a_page_about_what_is_gone() -> None:
    url = "https://example.org/Web/HTTP/Status/410"
    assert status(answer(200, url, page("410 Gone - HTTP")), url=url) == "ok"
    assert status(answer(200, URL, page("410 Gone - HTTP"))) == "suspect"


@pytest.mark.parametrize(
    ("code", "url", "final", "expected"),
    [
        (302, URL, "https://example.org/", "suspect"),
        (301, URL, "https://example.org/", "suspect"),
        (301, URL, "https://example.org", "suspect"),
        (302, URL, "https://www.example.org/index.html", "suspect"),
        (302, URL, "https://example.org/en/", "suspect"),
        (302, URL, "https://example.org/en-US/index.php", "suspect"),
        (301, URL, "https://example.test/", "suspect"),
        (302, URL, "https://example.test/", "ok"),
        (302, URL, "https://example.org/?page=7", "ok"),
        (302, URL, "https://example.org/#/docs/page", "ok"),
        (301, URL, "https://docs.example.org/", "moved"),
        (301, URL, "https://example.org/ml/", "moved"),
        (302, "https://example.org/index.html", "https://example.org/", "ok"),
        (301, "https://example.org/index.html", "https://example.org/", "moved"),
        (301, "https://example.org/home", "https://example.org/", "moved"),
        (302, "https://example.org/en/", "https://example.org/", "ok"),
        (302, "https://example.org/", "https://example.org/de/", "ok"),
        (301, "http://example.org", "https://example.org/", "moved"),
        (302, URL, "https://example.org/404", "suspect"),
        (302, URL, "https://example.org/errors/not-found.html", "suspect"),
    ],
)
def test_the_home_page_instead(code: int, url: str, final: str, expected: str) -> None:
    seen = Seen((Hop(url, code, final), Hop(final.partition("#")[0], 200)))
    assert status(seen, url=url) == expected


def test_a_page_that_leads_home_by_itself() -> None:
    home = page("Old", refresh="https://example.org/")
    assert status(answer(200, facts=home)) == "suspect"
    assert status(answer(200, facts=page("Old", refresh=NEW))) == "ok"
    assert status(answer(200, "https://example.org/", home), url="https://example.org/") == "ok"


@pytest.mark.parametrize(
    ("fragment", "anchors"),
    [
        ("part", ["part"]),
        ("", []),
        ("top", []),
        ("TOP", []),
        ("caf%C3%A9", ["café"]),
        ("café", ["café"]),
        ("café", ["caf%C3%A9"]),
        ("caf%c3%a9", ["caf%C3%A9"]),
        ("a%20b", ["a b"]),
        ("%zz", ["%zz"]),
        ("install", ["user-content-install"]),
        ("Install", ["user-content-install"]),
        ("user-content-install", ["install"]),
        (".C3.9Cbersicht", ["Übersicht"]),
        (":~:text=some%20words", []),
        ("part:~:text=words", ["part"]),
        ("!/route", []),
        ("/route", []),
        ("L10", []),
        ("L10-L20", []),
        ("L10C3-L20C6", []),
        ("L10-20", []),
        ("issuecomment-123", []),
        ("discussion_r123", []),
        ("page=3", []),
        ("t=30s", []),
    ],
)
def test_fragments_that_are_there(fragment: str, anchors: list[str]) -> None:
    assert status(answer(200, facts=page("A", *anchors)), url=f"{URL}#{fragment}") == "ok"


@pytest.mark.parametrize(
    ("fragment", "anchors"),
    [
        ("part", []),
        ("part", ["Part"]),
        ("Install", ["user-content-Other"]),
        ("gone:~:text=words", ["part"]),
        ("Lemma", []),
        ("L", []),
        ("topic", ["top"]),
        ("a%20b", ["a_b"]),
    ],
)
def test_fragments_that_are_not(fragment: str, anchors: list[str]) -> None:
    judged = judge(f"{URL}#{fragment}", [answer(200, facts=page("A", *anchors))])
    assert judged.status is LinkStatus.FRAGMENT
    assert f"`{fragment.partition(':~:')[0]}`" in judged.detail


@pytest.mark.parametrize(
    "facts",
    [
        None,
        page("A", "x", is_whole=False),
        page("A", "x", is_scripted=True),
        page("A", "x", refresh=NEW),
    ],
)
def test_pages_that_say_little_about_fragments(facts: PageFacts | None) -> None:
    assert status(answer(200, facts=facts), url=URL + "#gone") == "ok"


@pytest.mark.parametrize(
    ("url", "seen", "expected", "detail"),
    [
        ("https://youtu.be/dQw4w9WgXcQ", [answer(200)], "ok", ""),
        (
            "https://youtu.be/dQw4w9WgXcQ",
            [answer(404)] * 2,
            "broken",
            "the video is gone or private (404 Not Found), twice",
        ),
        ("https://youtu.be/dQw4w9WgXcQ", [answer(429)] * 2, "blocked", None),
        ("https://doi.org/10.1000/182", [answer(302)], "ok", ""),
        ("https://doi.org/10.1000/182", [answer(301)], "ok", ""),
        (
            "https://doi.org/10.1000/182",
            [answer(404)] * 2,
            "broken",
            "no such DOI is registered (404 Not Found), twice",
        ),
        ("https://doi.org/10.1000/182", [answer(500)] * 2, "flaky", None),
        ("https://pypi.org/project/x/#files", [answer(200, facts=page())], "ok", ""),
        (
            # The name is spelt otherwise; where its JSON moved is nobody's business.
            "https://pypi.org/project/X/",
            [chain((301, "https://pypi.org/pypi/x/json"))],
            "ok",
            "",
        ),
        ("https://github.com/a/b#readme", [answer(200, facts=page("A", "x"))], "ok", ""),
        ("https://github.com/a/b", [answer(404)] * 2, "broken", "404 Not Found, twice"),
        (
            "https://github.com/a/b",
            [Seen((Hop("https://github.com/a/b", 301), Hop("https://github.com/c/b", 200)))],
            "moved",
            None,
        ),
        (
            "https://www.linkedin.com/in/x",
            [answer(404)] * 2,
            "blocked",
            "LinkedIn does not answer programs (404 Not Found)",
        ),
        ("https://www.linkedin.com/in/x", [answer(200)], "ok", ""),
        (
            "https://www.linkedin.com/in/x",
            [chain((302, "https://www.linkedin.com/authwall"))],
            "blocked",
            "LinkedIn asks to log in",
        ),
        ("https://www.linkedin.com/in/x", [failed(F.TIMEOUT)] * 2, "timeout", None),
    ],
)
def test_sites(url: str, seen: list[Seen], expected: str, detail: str | None) -> None:
    judged = judge(url, seen)
    assert judged.status == expected
    if detail is not None:
        assert judged.detail == detail


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (answer(200), False),
        (answer(404), True),
        (answer(410), True),
        (answer(403), False),
        (answer(401), False),
        (answer(999), False),
        (answer(302), False),
        (answer(429), True),
        (answer(429, retry_after=30), True),
        (answer(429, retry_after=3600), False),
        (answer(500), True),
        (answer(503, retry_after=3600), False),
        (answer(503, headers={"cf-mitigated": "challenge"}), False),
        (answer(408), True),
        (chain((302, NEW), end=404), True),
        (Seen(), False),
        *(
            (failed(why), True)
            for why in set(F) - {F.TLS, F.NOT_PUBLIC, F.WAIT, F.OTHER_PROGRAM, F.DEADLINE, F.LIMIT}
        ),
        (failed(F.TLS), False),
        (failed(F.NOT_PUBLIC), False),
        (failed(F.WAIT), False),
        (failed(F.OTHER_PROGRAM), False),
        (answer(404, facts=page("Just a moment...")), False),
        (failed(F.DEADLINE), False),
        (failed(F.LIMIT), False),
    ],
)
def test_what_is_asked_again(seen: Seen, *, expected: bool) -> None:
    assert wants_second(seen) is expected


URLS = st.one_of(
    st.sampled_from(
        [
            URL,
            URL + "#a",
            "https://example.org/",
            "https://youtu.be/dQw4w9WgXcQ",
            "https://doi.org/10.1/x",
            "https://www.linkedin.com/x",
            "https://[",
        ]
    ),
    st.text(max_size=30),
    st.text(max_size=30).map("https://example.org/".__add__),
)
CODES = st.one_of(
    st.sampled_from([200, 301, 302, 308, 404, 410, 403, 429, 500, 503]), st.integers()
)
PAGES = st.builds(
    PageFacts,
    title=st.one_of(st.sampled_from(["404", "Just a moment..."]), st.text(max_size=50)),
    anchors=st.frozensets(st.text(max_size=4), max_size=3),
    is_whole=st.booleans(),
    is_scripted=st.booleans(),
    refresh=URLS,
)
SEEN = st.builds(
    Seen,
    hops=st.lists(st.builds(Hop, URLS, CODES, URLS), max_size=3).map(tuple),
    failure=st.one_of(st.none(), st.none(), st.sampled_from(Failure)),
    headers=st.dictionaries(st.sampled_from(["cf-mitigated", "server"]), st.text(max_size=9)),
    page=st.one_of(st.none(), PAGES),
    retry_after=st.one_of(st.none(), st.floats(allow_nan=True)),
    detail=st.sampled_from(["", "words"]),
)
SURE = (
    {F.NO_HOST},
    {F.REDIRECT_LOOP, F.TOO_MANY_REDIRECTS, F.BAD_REDIRECT},
    {404, 410},
)


@settings(max_examples=500, deadline=None)
@given(URLS, st.lists(SEEN, max_size=3))
def test_never_raises_and_broken_takes_the_same_twice(url: str, seen: list[Seen]) -> None:
    judged = judge(url, seen)
    for one in seen:
        wants_second(one)
    assert (judged.status is LinkStatus.MOVED) == bool(judged.replacement)
    assert "\n" not in judged.detail
    if judged.status is LinkStatus.MOVED:
        assert re.fullmatch(r"https?://\S+", judged.replacement)
    if judged.status is LinkStatus.BROKEN:
        unchecked = {F.DEADLINE, F.LIMIT}
        told = [
            one.failure or one.code
            for one in seen
            if one.failure not in unchecked and (one.failure or one.hops)
        ]
        assert len(told) >= 2
        assert any(set(told) <= kind for kind in SURE)


def test_an_address_that_is_none_is_judged_all_the_same() -> None:
    seen = Seen((Hop("https://[a", 301, "https://a.test/"), Hop("https://a.test/", 200)))
    assert judge("https://[a", [seen]).status in (LinkStatus.MOVED, LinkStatus.SUSPECT)
