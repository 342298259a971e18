"""Rows about what is on a page: anchors, titles, pages that scripts make, odd HTML."""

from __future__ import annotations

import codecs

from links.row import Row, either
from misbehaviours import (
    GOOD,
    chunk,
    head_of,
    page,
    says,
    sends,
    shows,
)
from roadmap_site.model.links import LinkStatus as Is

_MISSING = "the page is whole, and has no such anchor"
_UNKNOWN = either(Is.OK, Is.FRAGMENT)
_LIMIT = 1 << 20
"""Bytes that are read of a page, as the settings have it."""
_EVERYTHING = page(body="""
<h2 id="café">Coffee</h2><h2 id="a b">Blank</h2><h2 id="a&amp;b">Both</h2><h2 id=unquoted>U</h2>
<H2 ID="Upper">Upper</H2><h2 id="user-content-install">Install</h2><a name="old-style"></a>
<h2 id="50%">Half</h2><h2 id="caf%C3%A9-kept">Kept</h2><p id="c++">C++</p>
<p id="日本語">Japanese</p>
<a id='single' name="both-name">S</a><svg><g id="drawn"></g></svg><meta name="description">
<!-- <p id="commented"> --><script>var x = '<p id="scripted">';</script><map name="mapped"></map>
""")  # fmt: skip
_APP = (
    '<!doctype html><html><head><title>App</title><script src="/a.js" type="module"></script>'
    '</head><body><div id="root"></div></body></html>'
)
_NEXT = (
    '<!doctype html><html><head><title>Docs</title></head><body><div id="__next"></div>'
    '<script id="__NEXT_DATA__" type="application/json">{"page":"/"}</script>'
    '<script src="/_next/main.js"></script></body></html>'
)
_NOSCRIPT = (
    "<!doctype html><html><head><title>App</title></head><body><noscript>You need to enable "
    'JavaScript to run this app.</noscript><div id="app"></div><script src="/b.js"></script>'
    "</body></html>"
)
_WITH_SCRIPTS = page(
    head='<script async src="https://analytics.example.org/a.js"></script>'
    "<script>window.x = 1;</script>",
    body='<script src="/search.js" defer></script>',
)


def _on_page(name: str, tail: str, why: str, status: Is | None = Is.OK) -> Row:
    return Row(name, status or _UNKNOWN, why, at=f"http://{{plain}}/everything{tail}")


def _large(at: int, anchor: str) -> bytes:
    """A page whose anchor begins at an offset."""
    start = page()[:400].encode()
    return start + b"<!--" + b"x" * (at - len(start) - 7) + b"-->" + f'<p id="{anchor}">'.encode()


def _titled(name: str, status: Is, title: str, why: str = "") -> Row:
    reason = why or {
        Is.SUSPECT: "the title says that nothing was found",
        Is.OK: "the title is about something that was not found, or merely has that number",
    }.get(status, "")
    return Row(name, status, reason, shows(page(title)))


def _stress(name: str, body: str, why: str = "odd HTML is no fault of the link's") -> Row:
    """A megabyte of something, on a page that begins with an anchor."""
    return Row(name, Is.OK, why, shows((page() + body)[: _LIMIT + 100_000]), tail="#present")


def _charset(name: str, body: str | bytes | None = None, status: Is | None = Is.OK) -> Row:
    why = "an encoding that nobody knows is no reason to miss the anchor"
    does = shows(body or page(body="C:\\data \\u12 é"), f"text/html; charset={name}")
    return Row(f"charset-{name}", status or _UNKNOWN, why, does, tail="#present")


ROWS = (
    # Anchors.
    Row("fragment-present", Is.OK, "an id", at="http://{plain}/everything#present",
        also={"plain/everything": shows(_EVERYTHING)}),
    _on_page("fragment-named", "#old-style", "the name of an <a>"),
    _on_page("fragment-named-beside-id", "#both-name", "the name of an <a> that has an id too"),
    _on_page("fragment-encoded", "#caf%C3%A9", "decoded, it is an id"),
    _on_page("fragment-raw", "#café", "an id"),
    _on_page("fragment-blank", "#a%20b", "decoded, it is an id"),
    _on_page("fragment-entity", "#a&b", "an id, written with an entity"),
    _on_page("fragment-unquoted", "#unquoted", "an id without quotes"),
    _on_page("fragment-upper-attribute", "#Upper", "names of attributes have no case"),
    _on_page("fragment-single-quotes", "#single", "an id"),
    _on_page("fragment-github", "#install", "GitHub's pages put user-content- before ids"),
    _on_page("fragment-github-whole", "#user-content-install", "the id itself"),
    _on_page("fragment-percent", "#50%", "an id with a bare percent sign"),
    _on_page("fragment-percent-encoded", "#50%25", "decoded, it is an id"),
    _on_page("fragment-kept", "#caf%C3%A9-kept", "to the letter it is an id (HTML, 7.4.6.3)"),
    _on_page("fragment-plus", "#c++", "a plus is a plus"),
    _on_page("fragment-japanese", "#%E6%97%A5%E6%9C%AC%E8%AA%9E", "decoded, it is an id"),
    _on_page("fragment-svg", "#drawn", "ids of drawings count"),
    _on_page("fragment-empty", "#", "the top of the page"),
    _on_page("fragment-top", "#top", "the top of the page (HTML, 7.4.6.3)"),
    _on_page("fragment-top-upper", "#TOP", "the top, in any case"),
    _on_page("fragment-text", "#:~:text=multiply", "a text, not an anchor"),
    _on_page("fragment-text-range", "#:~:text=tables%20of,numbers", "a text, not an anchor"),
    _on_page("fragment-text-after-id", "#present:~:text=multiply", "an id, and a text after it"),
    _on_page("fragment-text-after-missing", "#missing:~:text=multiply", "no id; the text is there",
             None),
    _on_page("fragment-missing", "#missing", _MISSING, Is.FRAGMENT),
    _on_page("fragment-missing-encoded", "#no%20such", _MISSING, Is.FRAGMENT),
    _on_page("fragment-other-case", "#PRESENT", "ids have case", Is.FRAGMENT),
    _on_page("fragment-commented", "#commented", "what is in a comment is not there", Is.FRAGMENT),
    _on_page("fragment-in-script", "#scripted", "scripts may make it; as text it is not there",
             None),
    _on_page("fragment-name-of-meta", "#description", "only names of <a> are anchors", None),
    _on_page("fragment-route", "#/docs/intro", "a route for scripts, no anchor"),
    _on_page("fragment-bang", "#!/docs/intro", "a route for scripts, no anchor"),
    _on_page("fragment-bad-encoding", "#%E9%FF", "no UTF-8; no anchor", None),
    Row("fragment-on-404", Is.BROKEN, "there is no page to have it", at="http://{plain}/404#part"),
    Row("fragment-app", Is.OK, "scripts make the page", shows(_APP), tail="#part"),
    Row("fragment-next", Is.OK, "scripts make the page", shows(_NEXT), tail="#part"),
    Row("fragment-noscript", Is.OK, "scripts make the page", shows(_NOSCRIPT), tail="#part"),
    Row("fragment-app-route", Is.OK, "scripts make the page", shows(_APP), tail="#/docs"),
    Row("fragment-some-scripts", Is.FRAGMENT, "a page of prose that happens to have scripts",
        shows(_WITH_SCRIPTS), tail="#missing"),
    Row("fragment-many-scripts", _UNKNOWN, "a page of prose with many scripts",
        shows(page(body='<script src="/x.js"></script>' * 12)), tail="#missing"),
    Row("one-request", Is.OK, "two places on a page are one request",
        GOOD, tail="#present", requests=1),
    Row("one-request-named", Is.OK, "the second", at="http://{plain}/one-request#named"),
    Row("one-request-missing", Is.FRAGMENT, "the third, which is not there",
        at="http://{plain}/one-request#missing"),
    Row("one-request-bare", Is.OK, "the page itself", at="http://{plain}/one-request"),
    Row("pdf", Is.OK, "a document", shows(b"%PDF-1.7 ...", "application/pdf")),
    Row("pdf-page", Is.OK, "PDFs have anchors of their own",
        shows(b"%PDF-1.7 ...", "application/pdf"), tail="#page=3"),
    Row("text-line", Is.OK, "plain text has no anchors to miss",
        shows("one\ntwo\n", "text/plain"), tail="#L2"),
    Row("image", Is.OK, "a picture", shows(b"\x89PNG\r\n", "image/png"), tail="#xywh=1,2,3,4"),
    Row("video", Is.OK, "media fragments", shows(b"\0\0\0\x18ftyp", "video/mp4"), tail="#t=30"),
    Row("json", Is.OK, "data", shows('{"id": 1}', "application/json"), tail="#/id"),
    Row("download", Is.OK, "a file", shows(b"\0\1\2", "application/octet-stream"), tail="#x"),
    Row("no-type", Is.OK, "nothing said about the type", shows("hello", "")),
    Row("no-type-fragment", _UNKNOWN, "HTML that does not say so", sends(
        b"HTTP/1.1 200 OK\r\n\r\n" + page().encode()), tail="#missing"),
    Row("bad-type", Is.OK, "nonsense about the type", shows("hello", ";;=/ text html;charset"),
        tail="#x"),
    Row("upper-type", Is.FRAGMENT, "types have no case", shows(page(), "Text/HTML;Charset=UTF-8"),
        tail="#missing"),
    Row("xhtml", Is.OK, "an id", shows(page(), "application/xhtml+xml"), tail="#present"),
    Row("download-as-html", _UNKNOWN, "HTML that browsers save instead of showing",
        says(200, page(), {"Content-Disposition": "attachment"}), tail="#missing"),
    # Pages larger than what is read.
    Row("cut-missing", Is.OK, "what was not read may have it",
        shows(_large(3 << 20, "late")), tail="#late"),
    Row("cut-present", Is.OK, "it stands before the cut", shows(_large(3 << 20, "late")),
        tail="#present"),
    Row("cut-absent", Is.OK, "what was not read may have it", shows(_large(3 << 20, "late")),
        tail="#nowhere"),
    Row("cut-in-anchor", Is.OK, "the cut goes through the anchor",
        shows(_large(_LIMIT - 8, "straddles") + b"</p>" * 1_000), tail="#straddles"),
    Row("just-whole", Is.OK, "the anchor is the last that is read",
        shows(_large(_LIMIT - 100, "last")), tail="#last"),
    Row("just-cut", Is.OK, "a byte more than is read",
        shows(_large(_LIMIT - 4, "past")),
        tail="#past"),
    Row("chunks-cut-short", Is.OK, "the page is not whole", sends(
        head_of(200, {"Transfer-Encoding": "chunked"}) + chunk(page().encode())),
        is_alone=True, tail="#missing"),
    Row("length-cut-short", Is.OK, "the page is not whole", sends(
        head_of(200, {"Content-Length": "99999"}) + page().encode()), is_alone=True,
        tail="#missing"),
    # Titles.
    _titled("soft-404", Is.SUSPECT, "404 Not Found"),
    _titled("soft-page-not-found", Is.SUSPECT, "Page not found | Example"),
    _titled("soft-site-first", Is.SUSPECT, "Example – Page Not Found"),
    _titled("soft-not-found", Is.SUSPECT, "Not Found"),
    _titled("soft-404-alone", Is.SUSPECT, "404"),
    _titled("soft-error-404", Is.SUSPECT, "Error 404 (Not Found)!!1"),
    _titled("soft-404-page", Is.SUSPECT, "404: Page not found"),
    _titled("soft-entities", Is.SUSPECT, "404 &#8211; Page&nbsp;not found"),
    _titled("soft-blanks", Is.SUSPECT, "\n   Page\n   not   found\n "),
    _titled("title-http-404", Is.OK, "HTTP 404 explained"),
    _titled("title-fix-404", Is.OK, "How to fix 404 errors"),
    _titled("title-custom-404", Is.OK, "Designing a custom 404 page | Example"),
    _titled("title-room-404", Is.OK, "Room 404"),
    _titled("title-404-media", Is.OK, "404 Media"),
    _titled("title-peugeot", Is.OK, "Peugeot 404 – Wikipedia"),
    _titled("title-number", Is.OK, "RFC 404: Host Address Changes"),
    _titled("title-lecture", Is.OK, "CS 404: Machine Learning"),
    _titled("title-command", Is.OK, "bash: pip: command not found – Stack Overflow"),
    _titled("title-module", Is.OK, "ModuleNotFoundError: No module named 'numpy'"),
    _titled("title-api", Is.OK, "Handling Not Found errors in FastAPI"),
    _titled("title-driver", Is.OK, "CUDA driver not found: what to do"),
    Row("title-of-status", either(Is.OK, Is.SUSPECT),
        "a page about the status: its title cannot be told from a soft 404, but its address",
        shows(page("404 Not Found - HTTP | MDN")), at="http://{plain}/docs/HTTP/Status/404",
        also={"plain/docs/HTTP/Status/404": shows(page("404 Not Found - HTTP | MDN"))}),
    _titled("title-empty", Is.OK, "", "a page without a title"),
    Row("title-none", Is.OK, "no title at all", shows("<p>Hello, world, this is a text.</p>")),
    Row("title-of-drawing", Is.OK, "the title of a drawing is not the page's", shows(page().replace(
        "</h1>", "</h1><svg><title>404 Not Found</title></svg>", 1))),
    Row("title-commented", Is.OK, "a title in a comment",
        shows(page(head="").replace("<title>", "<!-- <title>404 Not Found</title> --><title>"))),
    Row("title-second", Is.OK, "the first title counts",
        shows(page(head="<title>404 Not Found</title>"))),
    Row("title-in-script", Is.OK, "a title in a script",
        shows(page().replace("<title>", "<script>'<title>404 Not Found</title>'</script><title>"))),
    Row("body-not-found", Is.OK, "bodies may say what they like",
        shows(page(body="<h1>404 Not Found</h1><p>The page you want was not found.</p>"))),
    Row("title-not-html", Is.OK, "plain text has no title",
        shows("<title>404 Not Found</title>", "text/plain")),
    Row("refresh", either(Is.OK, Is.SUSPECT, Is.MOVED), "the page answers, and leads on to another",
        shows(page(head='<meta http-equiv="refresh" content="0; url=/200">'))),
    Row("refresh-slow", Is.OK, "a page that only renews itself",
        shows(page(head='<meta http-equiv="refresh" content="300">'))),
    Row("refresh-bad", either(Is.OK, Is.SUSPECT), "leads to what is no address; it is a page still",
        shows(page(head='<meta http-equiv="refresh" content="0;url=http://[">'))),
    Row("refresh-private", either(Is.OK, Is.SUSPECT, Is.MOVED, Is.INVALID),
        "nothing is asked of where it leads",
        shows(page(head='<meta http-equiv="refresh" content="0;url=http://192.0.2.1/">'))),
    Row("canonical-other", Is.OK, "a canonical address is no redirect",
        shows(page(head='<link rel="canonical" href="http://[">'))),
    # Encodings of text.
    _charset("punycode", page(body="é-" + "x" * 300_000)),
    *(_charset(name) for name in ("idna", "unicode_escape", "raw_unicode_escape", "undefined")),
    *(_charset(name) for name in ("rot13", "base64", "zlib", "mbcs", "nonsense", "utf-8-sig")),
    Row("charset-long", Is.OK, "an encoding that nobody knows",
        shows(page(), "text/html; charset=" + "x" * 5_000), tail="#present"),
    _charset("utf-16", codecs.BOM_UTF16_LE + page().encode("utf-16-le")),
    _charset("utf-16le", page().encode("utf-16-le")),
    Row("charset-bom", Is.OK, "a byte order mark says UTF-16",
        shows(codecs.BOM_UTF16_BE + page().encode("utf-16-be"), "text/html"), tail="#present"),
    Row("charset-latin-1", Is.OK, "said by the header",
        shows(page(body='<p id="café">').encode("latin-1"), "text/html; charset=iso-8859-1"),
        tail="#café"),
    Row("charset-meta", Is.OK, "said by the page",
        shows(page(body='<p id="café">').replace("utf-8", "windows-1252").encode("cp1252"),
              "text/html"), tail="#café"),
    Row("charset-shift-jis", Is.OK, "said by the header",
        shows(page(body='<p id="日本語">').encode("shift_jis"), "text/html; charset=Shift_JIS"),
        tail="#日本語"),
    # Odd HTML.
    Row("empty-page", Is.OK, "nothing at all", sends(head_of(200, {"Content-Length": "0"}))),
    Row("empty-page-fragment", _UNKNOWN, "nothing at all",
        sends(head_of(200, {"Content-Length": "0"})), tail="#missing"),
    _stress("odd-sections", "<![spam[<![CDATA[<![if !IE]><!doctype [<!ELEMENT"),
    _stress("odd-nul", "\0<p\0 id='\0'>" * 1_000),
    _stress("odd-entities", "&#99999999999;&#x110000;&#xD800;&;&#;" * 1_000),
    _stress("many-open-tags", "<a " * 400_000),
    _stress("many-less-than", "<" * 1_100_000),
    _stress("many-comments", "<!--" * 300_000),
    _stress("many-declarations", "<!" * 600_000),
    _stress("many-instructions", "<?" * 600_000),
    _stress("many-ends", "</" * 600_000),
    _stress("many-ampersands", "&#" * 600_000),
    _stress("many-quotes", '<a href="' * 130_000),
    _stress("many-attributes", "<p " + "a=b " * 300_000 + ">"),
    _stress("many-ids", "".join(f"<p id=i{n}>" for n in range(90_000))),
    _stress("many-deep", "<div>" * 220_000),
    _stress("many-scripts-open", "<script>" * 140_000),
    _stress("many-titles", "<title>" * 160_000),
    _stress("long-attribute", '<p id="' + "x" * 1_100_000),
    _stress("long-title", "<title>" + "x " * 550_000),
    Row("long-title-alone", either(Is.OK, Is.SUSPECT), "a title of a megabyte",
        shows("<title>" + "not found " * 120_000), tail="#present"),
)  # fmt: skip
