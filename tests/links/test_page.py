"""What is read from a page, from plain ones to those that are made to hurt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap_site.links.asking.page import MAX_ANCHORS, MAX_LEADS, page_facts
from roadmap_site.links.seen import PageFacts
from roadmap_site.links.settings import MAX_BODY


def facts(html: str | bytes, *, charset: str = "utf-8", is_whole: bool = True) -> PageFacts:
    body = html if isinstance(html, bytes) else html.encode()
    return page_facts(body, charset=charset, base="https://example.org/a/b", is_whole=is_whole)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>One</title><title>Two</title>", "One"),
        ("<svg><title>Icon</title></svg><title>Page</title>", "Page"),
        ("<SVG width=1><TITLE>Icon</TITLE></SVG ><TITLE lang='de'>Page</TITLE>", "Page"),
        ("<svg/><title>Page</title>", "Page"),
        ("<title>\n  A &amp; B\t&lt;b&gt; \n</title>", "A & B <b>"),
        ("<!-- <title>No</title> --><title>Yes</title>", "Yes"),
        ("<!--><title>Yes</title>-->", "Yes"),
        ("<script>'<title>No</title>'</script><title>Yes</title>", "Yes"),
        ("<title>never ends", "never ends"),
        ("<title></title><p>text", ""),
        ("<titles>No</titles>", ""),
        (f"<title>{'long ' * 1000}</title>", "long " * 59 + "long"),
    ],
)
def test_title(html: str, title: str) -> None:
    assert facts(html).title == title


@pytest.mark.parametrize(
    ("html", "anchors"),
    [
        ("<p id=one>", {"one"}),
        ("<p id='one two'>", {"one two"}),
        ('<P CLASS="x" ID = "one">', {"one"}),
        ('<p\nid="one"/>', {"one"}),
        ('<p class="x"id="one">', {"one"}),
        ('<p id="a&amp;b">', {"a&b"}),
        ('<p id="caf&eacute;">', {"café"}),
        ('<p id="first" id="second">', {"first"}),
        ('<a name="old">', {"old"}),
        ('<a name="old" id="new">', {"old", "new"}),
        ('<input name="q">', set()),
        ('<p id="">', set()),
        ('<p data-id="no" xml:id2="no">', set()),
        ('<p title=" id=no ">', set()),
        ('<p title="a > b" id="one">', {"one"}),
        ("<p title='a > \"b' id=one>", {"one"}),
        ('<p title=it\'s id="one"><p id="two">', {"one", "two"}),
        ('<!-- <p id="no"> --><p id="one">', {"one"}),
        ('<!-- never ends <p id="no">', set()),
        ("<script>x = '<p id=no>'</script><p id=one>", {"one"}),
        ("<SCRIPT>'<p id=no></scripts>'</SCRIPT\n><p id=one>", {"one"}),
        ("<style>/* <p id=no> */</style><p id=one>", {"one"}),
        ("<textarea id=box><p id=no></textarea>", {"box"}),
        ("<noscript><p id=no></noscript><p id=one>", {"one"}),
        # Scripts bring templates to life.
        ("<template><p id=one></template>", {"one"}),
        ("<svg><g id=one></g></svg>", {"one"}),
        ("1 < 2 <p id=one> 3 <4", {"one"}),
        ('<p id="cut', set()),
    ],
)
def test_anchors(html: str, anchors: set[str]) -> None:
    assert facts(html).anchors == anchors


def test_an_unclosed_quote_does_not_swallow_the_page() -> None:
    assert "two" in facts('<p id="one"><p class="><p id=two>').anchors


def test_many_anchors_count_as_a_page_that_was_cut() -> None:
    found = facts("".join(f"<p id={number}>" for number in range(MAX_ANCHORS + 100)))
    assert not found.is_whole
    assert len(found.anchors) == MAX_ANCHORS + 1
    assert facts("".join(f"<p id={number}>" for number in range(MAX_ANCHORS))).is_whole


def test_a_body_that_is_too_long_is_cut() -> None:
    body = b"<p id=one>" + b" " * MAX_BODY + b"<p id=two>"
    found = facts(body)
    assert found.anchors == {"one"}
    assert not found.is_whole
    assert not facts("<p>", is_whole=False).is_whole


META = "<meta http-equiv=refresh content='0;url=e'>"


@pytest.mark.parametrize(
    ("html", "refresh"),
    [
        (META, "https://example.org/a/e"),
        (f'<base href="https://example.test/d/">{META}', "https://example.test/d/e"),
        (
            f'<base href="https://example.test/d/"><base href="/f/">{META}',
            "https://example.test/d/e",
        ),
        (f'<base href="//[">{META}', "https://example.org/a/e"),
    ],
)
def test_addresses_are_absolute(html: str, refresh: str) -> None:
    assert facts(html).refresh == refresh


@pytest.mark.parametrize(
    ("content", "refresh"),
    [
        ("0; url=/new", "https://example.org/new"),
        ("0;URL='/new'", "https://example.org/new"),
        ("5, /new", "https://example.org/new"),
        ("0.5 ; url = /new", "https://example.org/new"),
        ("; url=/new", "https://example.org/new"),
        ("300; url=/news", ""),
        ("5", ""),
        ("url=", ""),
        ("0; url=data:text/html,x", ""),
        ("0; url=//[", ""),
        ("0; url=https://example.org/&#10;x y", ""),
    ],
)
def test_refresh(content: str, refresh: str) -> None:
    html = f'<meta http-equiv="Refresh" content="{content}">'
    assert facts(html).refresh == refresh
    assert facts(f"<noscript>{html}</noscript>").refresh == ""


PROSE = "<p id=one>" + "Enough words that anybody can read without a script. " * 8


@pytest.mark.parametrize(
    ("html", "is_scripted"),
    [
        (PROSE, False),
        ("<p id=one>Short, and whole.", False),
        (PROSE + "<script src=x></script>", False),
        ("<p id=one>Short.<script src=x></script>", True),
        ('<div id="app"></div><script src=x></script>' + PROSE, True),
        (f'<div id="__next">{PROSE}</div><script src=x></script>', False),
        (PROSE + "<noscript>Please enable <b>JavaScript</b>.</noscript><script></script>", True),
        (PROSE + "<noscript><img alt=javascript></noscript><script></script>", False),
        (PROSE + '<a href="#/guide">Guide</a><script></script>', True),
        (PROSE + '<a href="#!">Open</a><script></script>', False),
        (PROSE.replace(" id=one", "") + "<script></script>", True),
        (PROSE.replace(" id=one", ""), False),
    ],
)
def test_scripted(html: str, *, is_scripted: bool) -> None:
    assert facts(html).is_scripted is is_scripted


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Été</title>".encode(), "utf-8"),
        ("<title>Été</title>".encode(), ""),
        ("<title>Été</title>".encode(), "no-such-charset"),
        ("<title>Été</title>".encode(), "hex"),
        ("<title>Été</title>".encode(), "idna"),
        ("<title>Été</title>".encode(), "\0"),
        ("<title>Été</title>".encode(), "../é" * 100),
        ("<title>Été</title>".encode("latin-1"), '"ISO-8859-1"'),
        ("<title>Été</title>".encode("utf-16"), ""),
        ("<title>Été</title>".encode("utf-8-sig"), "latin-1"),
        ("<meta charset='windows-1252'><title>Été</title>".encode("cp1252"), ""),
        (
            b"<meta http-equiv=content-type content='text/html; charset=iso-8859-15'>"
            + "<title>Été</title>".encode("iso-8859-15"),
            "",
        ),
        ("<meta charset=utf-16><title>Été</title>".encode(), ""),
    ],
)
def test_charset(body: bytes, charset: str) -> None:
    assert facts(body, charset=charset).title == "Été"


def test_bytes_that_are_no_text_do_no_harm() -> None:
    found = facts(b"<title>\xff\xfe\x00ok</title>\xff<p id=\xc3(>")
    assert found.title.endswith("ok")


HOSTILE = [
    "<", "<a ", "<!--", "<script>", "<svg>", "<title>", "<textarea>", "<a id=x>", "<a id='", 'id="',
    "<noscript>", "<noscript>javascrip</noscript>", "</script", "<a b=\"'\" c='\"'", "<a = ", "<a/",
    '<meta http-equiv=refresh content="1;url=', "<meta charset=", "<base href=http://[>", "--!",
    "&", "<link rel=canonical href=//[ ", "<a id=&amp;", "<svg></svg>", "<noscript><", "\"'",
    "<a\n=\n", "<iframe></iframe", '<a x="', "<a x='", "<?", "</", "<a name id=q ",
]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        *(("", piece) for piece in HOSTILE),
        *(("<noscript>", piece) for piece in HOSTILE),
    ],
)
@pytest.mark.usefixtures("no_hang")
def test_no_page_of_the_greatest_length_hangs(head: str, piece: str) -> None:
    facts((head + piece * (MAX_BODY // len(piece) + 1)).encode()[:MAX_BODY])


def test_of_tags_that_lead_nowhere_only_so_many_are_tried() -> None:
    """Each costs as much as the longest base."""
    bad = "<meta http-equiv=refresh content='0;url=a b'>"
    good = "<meta http-equiv=refresh content='0;url=c'>"
    few, many = (facts((bad * times + good).encode()) for times in (MAX_LEADS // 4, MAX_LEADS))
    assert few.refresh.endswith("/c")
    assert many.refresh == ""


@settings(max_examples=300, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from([*HOSTILE, ">", " ", "é", "<b id=é>", "</title>", "-->", "\0"])
    ),
    charset=st.text(max_size=20),
    is_whole=st.booleans(),
)
def test_never_raises(pieces: list[str], charset: str, *, is_whole: bool) -> None:
    body = "".join(pieces).encode()
    found = page_facts(body, charset=charset, base="https://example.org/", is_whole=is_whole)
    assert len(found.title) <= 300


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "utf-16", "shift_jis", "gb18030", "utf-7"]))
def test_never_raises_on_bytes(body: bytes, charset: str) -> None:
    facts(body, charset=charset)
