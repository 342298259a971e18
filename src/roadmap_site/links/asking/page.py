"""What matters of an HTML page: its title, its anchors, where it leads on, whether scripts make it.

No parser: one pass over the tags with patterns that never go back (possessive ones), so that no
page takes longer than its length. Where browsers read a page otherwise, this finds more anchors.
"""

from __future__ import annotations

import codecs
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from roadmap_site.links.seen import PageFacts
from roadmap_site.links.settings import MAX_BODY, MAX_URL
from roadmap_site.load import html as tags

MAX_TITLE = 300
"""Characters kept of a title."""
MAX_ANCHORS = 20_000
"""Anchors kept of a page; one that has more counts as not whole."""
MAX_LEADS = 100
"""Tags looked at that may say where a page leads on."""
MAX_DELAY = 30
"""Seconds until a page leads on. One that waits longer shows its news."""

_TAG = re.compile(
    # Quotes count only after `=`. A tag that never ends reaches to the end of the text, so that no
    # second search starts within it.
    r"<(?:(!--)|([a-zA-Z][^\s/>]*+)"
    r"((?:[^>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+|[\"'])*+)(?:>|\Z))"
)
_WANTED = re.compile(r"[\s/\"'](?:id|name)\s*+=", re.IGNORECASE | re.ASCII)
_WANTED_OF = frozenset({"base", "meta"})
_COMMENT_END = re.compile(r"--!?>")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII)
    for name in (
        "iframe",
        "noembed",
        "noframes",
        "noscript",  # browsers, which run scripts, take it for text
        "script",
        "style",
        "textarea",
        "title",
        "xmp",
    )
}
"""Elements whose content is text, and what ends them (HTML standard, section 13.2.6)."""
_SVG_END = re.compile(r"</svg(?=[\s/>])", re.IGNORECASE | re.ASCII)
_ANY_TAG = re.compile(r"<[^<>]*+>")  # up to another `<` at most: none is looked through twice

_JAVASCRIPT = re.compile(r"java\s?script", re.IGNORECASE)
_ROUTES = tuple(f"href={quote}#{sign}" for quote in ('"', "'", "") for sign in ("/", "!/"))
_ROOTS = frozenset({"app", "root", "main-app", "app-root", "react-root", "q-app", "svelte"}) | {
    "__next",
    "__nuxt",
    "___gatsby",
}
"""Ids of elements that frameworks fill."""
_FEW = 200
"""A page with scripts that shows fewer characters is made by them."""
_SAMPLE = 4_000
"""Characters between tags that are looked at to tell so."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_ENCODINGS = re.compile(
    r"utf-8|utf-16(?:-[bl]e)?|iso8859-\d+|cp(?:125\d|866|874|932|949|950)|koi8-[rtu]|gbk|gb2312"
    r"|gb18030|big5(?:hkscs)?|euc_(?:jp|kr)|shift_jis|iso2022_jp|mac-(?:roman|cyrillic)|tis-620"
)
"""Encodings of the web, by Python's names: its others are slow, or not of text."""
_PRINTABLE = re.compile(r"[^\x00-\x20\x7f]+")


def page_facts(body: bytes, *, charset: str, base: str, is_whole: bool) -> PageFacts:
    """Read a page, at most MAX_BODY bytes of it. Never raises, whatever is in it.

    `charset` is what the answer's header says, if it does; `base` is the page's own address.
    """
    text = _decoded(body[:MAX_BODY], charset)
    anchors: set[str] = set()
    shown: list[str] = []
    title = refresh = ""
    has_base = has_title = has_script = is_empty = False
    svg_end = length = leads = at = 0
    while match := _TAG.search(text, at):
        start, end = match.span()
        if length < _SAMPLE:
            shown.append(text[at : min(start, at + _SAMPLE)])
            length += start - at
        if match[1]:
            closed = _COMMENT_END.search(text, start + 2)  # `<!-->` is a whole comment
            at = closed.end() if closed else len(text)
            continue
        at = end
        name = match[2].lower()
        written = match[3]
        if written and (name in _WANTED_OF or _WANTED.search(written)):
            attributes = tags.read_attributes(written)
            anchors.update(tags.anchors(name, attributes))
            is_empty |= attributes.get("id") in _ROOTS and text.startswith("</", end)
            if len(anchors) > MAX_ANCHORS:
                is_whole = False
                break
            if name == "base" and not has_base and (href := attributes.get("href")):
                has_base, base = True, _absolute(base, href) or base
            elif (
                name == "meta"
                and attributes.get("http-equiv", "").lower() == "refresh"
                and leads < MAX_LEADS  # each may take as long as the longest address
            ):
                leads += 1
                refresh = refresh or _refresh(base, attributes.get("content", ""))
        if ending := _RAW.get(name):
            closed = ending.search(text, end)
            at = closed.start() if closed else len(text)
            if name == "script":
                has_script = True
            elif name == "title" and not has_title and start >= svg_end:
                has_title, title = True, _title(text[end : min(at, end + 8 * MAX_TITLE)])
            elif name == "noscript":
                is_empty |= bool(_JAVASCRIPT.search(_ANY_TAG.sub("", text[end:at])))
        elif name == "svg" and start >= svg_end and not written.endswith("/"):
            closed = _SVG_END.search(text, end)
            svg_end = closed.end() if closed else len(text)
    shown.append(text[at : at + _SAMPLE])
    return PageFacts(
        title=title,
        anchors=frozenset(anchors),
        is_whole=is_whole and len(body) <= MAX_BODY,
        is_scripted=has_script
        and (
            is_empty
            or not anchors
            or _is_short("".join(shown))
            or any(mark in text for mark in _ROUTES)
        ),
        refresh=refresh,
    )


def _decoded(body: bytes, charset: str) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    encoding = _encoding(charset)
    if not encoding and (match := _META_CHARSET.search(body, 0, 1024)):
        encoding = _encoding(match[1].decode("ascii", "replace"))
        if encoding.startswith("utf-16"):
            encoding = ""  # nobody could have read the tag that says so
    return body.decode(encoding or "utf-8", "replace")


def _encoding(charset: str) -> str:
    """Python's name of an encoding of the web; empty for what is none."""
    name = charset.strip(" \t\"'")
    if not name.isascii() or not name.isprintable() or len(name) > 40:
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    if found in ("ascii", "iso8859-1"):
        return "cp1252"  # what the web means by them (Encoding standard, section 4.2)
    return found if _ENCODINGS.fullmatch(found) else ""


def _title(written: str) -> str:
    return " ".join(unescape(written).split())[:MAX_TITLE].rstrip()


def _absolute(base: str, href: str) -> str:
    """An address of the web, or an empty text for what is none."""
    try:
        url = urljoin(base, href.strip()[:MAX_URL])
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return ""
    return url if href.strip() and is_web and _PRINTABLE.fullmatch(url) else ""


def _refresh(base: str, content: str) -> str:
    delay, url = tags.refresh(content)
    return _absolute(base, url) if delay <= MAX_DELAY else ""


def _is_short(text: str) -> bool:
    return len("".join(_ANY_TAG.sub("", text).split())) < _FEW
