"""Addresses are found where they stand: in YAML of every style, in pages, over a curriculum."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builders import LIBRARY, MONTH, ROOT, project
from roadmap_site.links.find import find, mentions_in
from roadmap_site.load.files import Folder, InMemory
from roadmap_site.model.links import Mention
from roadmap_site.model.source import SourceFile

SCALARS = Path(__file__).parent / "scalars"
URL = "https://example.org/page"


def in_yaml(text: str, path: str = "a.yml") -> list[Mention]:
    return mentions_in(SourceFile(path, text))


def in_page(text: str) -> list[Mention]:
    return mentions_in(SourceFile("pages/a.md", text))


def urls(mentions: list[Mention]) -> list[str]:
    return [mention.url for mention in mentions]


# ----------------------------------------------------------------------------------- styles


def expected() -> list[tuple[int, int, str, str]]:
    """The rows of `scalars.tsv`; a line break in what is written is shown as an arrow."""
    _, *lines = (SCALARS / "scalars.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return [(int(row[0]), int(row[1]), row[2], row[3] if row[3:] else row[2]) for row in rows]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "marked"])
def test_every_style_of_a_scalar(newline: str, mark: bytes) -> None:
    text = (SCALARS / "scalars.yml").read_text("utf-8").replace("\n", newline)
    found = find(InMemory({"scalars.yml": mark + text.encode()}))
    assert not found.diagnostics
    rows = [
        (m.span.line, m.span.column, m.url, m.span.text.replace(newline, "⏎"))
        for m in found.mentions
    ]
    assert rows == expected()
    assert all(m.is_literal == (m.url == m.span.text) for m in found.mentions)


def test_the_fixture_has_styles_enough() -> None:
    assert len(expected()) >= 75


WORDS = st.text(st.sampled_from("abé漢😀 \n'\"\\:#-\t\u2028."), max_size=30)
ADDRESSES = st.builds(
    "https://{}.example.org/{}x".format,
    st.text(string.ascii_lowercase, min_size=1, max_size=5),
    st.text(st.sampled_from("ab/é漢😀\\-_=&%~+"), max_size=30),
)


@given(
    before=WORDS,
    url=ADDRESSES,
    after=WORDS,
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.sampled_from([5, 20, 80, 1000]),
    unicode=st.booleans(),
    flow=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_the_emitter_writes(
    before: str,
    url: str,
    after: str,
    style: str | None,
    width: int,
    unicode: bool,
    flow: bool,
    newline: str,
) -> None:
    value = f"{before} {url} {after}"
    text = yaml.dump(
        {"first": [value], "second": {"note": value}},
        default_style=style,
        default_flow_style=flow,
        width=width,
        allow_unicode=unicode,
        line_break=newline,
    )
    mentions = in_yaml(text)
    assert urls(mentions) == [url, url]
    for mention in mentions:
        written = mention.span.text
        # Between the same quotes the span reads as the address and nothing else.
        quotes = [quote for quote in ("", "'", '"') if read(f"{quote}{written}{quote}") == url]
        assert quotes, written
        assert mention.is_literal == (written == url)


def read(text: str) -> object:
    try:
        return yaml.load(text, yaml.CBaseLoader)
    except yaml.YAMLError:
        return None


ATOMS = [URL, "b", " ", "\n", "\n\n", "\r\n", "é", "漢", "'", "''", '"', "\\", "\\n", "\\u00e9"]
ATOMS += [
    "\\\n",
    "\\ ",
    "\t",
    "\u2028",
    "\x85",
    "# c",
    ": ",
    "-",
    "\\/",
    "\n  ",
    "\ufeff",
    "|",
    ">",
]
ATOMS += ["&a ", "*a", "!t ", "[", "]", "{", "}", ",", "`", "<", "](", "<a href=", "<!--", "[a]: "]
TANGLES = st.lists(st.sampled_from(ATOMS), max_size=14).map("".join)


@given(head=st.sampled_from(["", "k: ", "k: >\n  ", "k: |2\n  ", 'k: "', "k: '"]), tangle=TANGLES)
def test_no_text_is_too_tangled(head: str, tangle: str) -> None:
    for mention in in_yaml(head + tangle):
        assert mention.is_literal == (mention.span.text == mention.url)
        is_alias = mention.span.text.startswith("*")
        assert URL in mention.span.text or "\\" in mention.span.text or is_alias


@given(TANGLES)
def test_no_page_is_too_tangled(tangle: str) -> None:
    for mention in in_page(tangle):
        assert mention.is_literal == (mention.span.text == mention.url)


# ----------------------------------------------------------------------- what is an address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{URL}", [URL]),
        (f"{URL}.", [URL]),
        (f"{URL}, {URL};{URL}: {URL}! {URL}?", [URL, f"{URL};{URL}", URL, URL]),
        (f"({URL}) [{URL}] {{{URL}}} <{URL}>", [URL] * 4),
        (f"({URL}_(a)).", [f"{URL}_(a)"]),
        (f"{URL}_(a)_(b)", [f"{URL}_(a)_(b)"]),
        (f"{URL}(", [URL]),
        (f"({URL}[a)", [f"{URL}[a"]),
        (f"[{URL}]({URL}),[x]({URL})", [URL] * 3),
        (f"'{URL}' \"{URL}\" “{URL}” «{URL}»", [URL] * 4),
        (f"it's {URL}'s", [f"{URL}'s"]),
        (f"見{URL}/漢字、{URL}。", [f"{URL}/漢字", URL]),
        (f"{URL}/a.b,c", [f"{URL}/a.b,c"]),
        (f"{URL}\u200b{URL}", [URL] * 2),
        (f"*{URL}* **{URL}** _{URL}_, __{URL}__", [URL] * 4),
        (f"{URL}_ a_{URL}_b_.", [f"{URL}_", f"{URL}_b"]),
        (f"**{URL}.**a *{URL}*(a)", [URL] * 2),
        (f"{URL}/{{user}}/a, {URL}/a{{}}b {URL}/{{a", [f"{URL}/{{a"]),
        (f"{URL}/<owner>/<name> {URL}?v=<the id>. {URL}<br> {URL}/</a>", [URL, f"{URL}/"]),
        (f"{URL}/$HOME/${{X}} {URL}?$filter=a", [f"{URL}?$filter=a"]),
        (f"`{URL}`", []),
        (f"a `b {URL} c` {URL} `", [URL]),
        (f"one ` {URL} only", [URL]),
        (f"{URL}`", [URL]),
        (
            "HTTPS://EXAMPLE.ORG and hTTp://example.org/",
            ["HTTPS://EXAMPLE.ORG", "http://example.org/"],
        ),
        ("https:// http:// https://... https:///", []),
        ("a xhttps://example.org", []),
        ("git+https://example.org/a", ["git+https://example.org/a"]),
        ("use git+https://example.org/a", []),
        ("ftp://example.org/a", ["ftp://example.org/a"]),
        ("  ftp://example.org/a\n", ["ftp://example.org/a"]),
        ("see ftp://example.org/a", []),
        ("mailto:a@example.org", []),
        ("", []),
    ],
)
def test_addresses_in_words(text: str, found: list[str]) -> None:
    mentions = in_yaml(yaml.dump({"note": text}, allow_unicode=True, default_style='"', width=999))
    assert [url.casefold() for url in urls(mentions)] == [url.casefold() for url in found]


@pytest.mark.parametrize("key", ["url", "docs_url"])
@pytest.mark.parametrize("value", ["a", "/path", "javascript:x", f"{URL}.", f"`{URL}`"])
def test_the_value_of_an_address_key_is_one(key: str, value: str) -> None:
    (mention,) = in_yaml(f"- {key}: {value!r}\n")
    assert (mention.url, mention.span.text) == (value, value)


def test_an_address_is_read_as_the_site_reads_it() -> None:
    (mention,) = in_yaml('url: " https://example.org/a\n  b "\n')
    assert mention.url == "https://example.org/a b"
    assert mention.span.text == "https://example.org/a\n  b"
    assert not mention.is_literal


@pytest.mark.parametrize("value", ["", "~", "null", "''", '" "', "[]", "{}"])
def test_no_value_is_no_address(value: str) -> None:
    assert not in_yaml(f"url: {value}\n")


def test_a_list_under_an_address_key_is_read_as_others() -> None:
    assert urls(in_yaml(f"url: [{URL}, words, {{url: x}}]\n")) == [URL, "x"]


def test_settings_and_programs_have_no_links() -> None:
    text = f"check: {{docs_url: {URL}/1}}\nsummary: {URL}/2\ncode: {{source: {URL}/3}}\n"
    assert urls(in_yaml(text, ROOT)) == [f"{URL}/2"]
    assert urls(in_yaml(f"banks: {{check: {URL}}}\n", ROOT)) == [URL]
    assert urls(in_yaml(text, "tracks/a.yml")) == [f"{URL}/1", f"{URL}/2"]
    assert urls(in_yaml(f"topics:\n- code: |\n    a({URL})\n  note: {URL}\n")) == [URL]
    assert urls(in_yaml(f"source: {{title: x, url: {URL}}}\n")) == [URL]


def test_an_alias_of_a_part_that_is_left_out_brings_it_back() -> None:
    (mention,) = in_yaml(f"check: &a {{note: {URL}}}\nbanks: *a\n", ROOT)
    assert mention.span.line == 1


def test_an_alias_of_a_list_has_no_places_of_its_own() -> None:
    assert urls(in_yaml(f"a: &a [{URL}, {{note: {URL}}}]\nb: *a\nc: [*a]\n")) == [URL, URL]


def test_a_mark_of_byte_order_before_a_text() -> None:
    (mention,) = in_yaml(f"url: &a\n\ufeff  {URL}\n")
    assert (mention.span.text, mention.is_literal) == (URL, True)


# ------------------------------------------------------------------------------------ pages

PAGE = """\
---
title: "See https:\\/\\/example.org/1"
---
`https://example.org/2` and [https://example.org/2](https://example.org/2 "https://example.org/2")
[![alt https://example.org/3](https://example.org/3)](<https://example.org/4>).
An <https://example.org/5>, https://example.org/bare, [one][ref] and [two][REF], [three],
[escaped](https://example.org/6\\_a&amp;b), <b><a class="x" href='https://example.org/7?a&amp;b'>x</a>
and <img alt="https://example.org/no"
src=https://example.org/8> <!-- [x](https://example.org/no) <https://example.org/no> -->

| a | [b](https://example.org/9) | [b](https://example.org/9) |
| --- | --- | --- |
| [c\\|d](https://example.org/10) | c | [c](https://example.org/11) |
| [e](https://example.org/12\\|f) | | |

!!! note "See [x](https://example.org/21), https://example.org/22"

    > - Quoted [x](https://example.org/13)
    >   <https://example.org/14>

    ```
    [x](https://example.org/no)
    ```

        [x](https://example.org/no)

<div>
  <!-- <a href="https://example.org/no"> -->
  <A HREF = "https://example.org/15">x</A><script>"<a href='https://example.org/no'>"</script>
  <a
    href=" https://example.org/16
">x</a> <p href="https://example.org/no">
</div>

# Heading [x](https://example.org/17) #

[inner](page.md), [mail](mailto:a@example.org), <a@example.org>, [anchor](#a),
[script](javascript:x)
![](//example.org/18)

[ref]: https://example.org/19 "https://example.org/no"
> [three]:
>   <https://example.org/20>

[unused]: https://example.org/no
"""
IN_PAGE = """\
2:13 https:\\/\\/example.org/1
4:53 https://example.org/2
5:31 https://example.org/3
5:56 https://example.org/4
6:5 https://example.org/5
6:29 https://example.org/bare
7:11 https://example.org/6\\_a&amp;b
7:66 https://example.org/7?a&amp;b
9:5 https://example.org/8
11:11 https://example.org/9
11:40 https://example.org/9
13:10 https://example.org/10
13:44 https://example.org/11
14:7 https://example.org/12\\|f
16:19 https://example.org/21
16:44 https://example.org/22
18:20 https://example.org/13
19:10 https://example.org/14
29:14 https://example.org/15
31:12 https://example.org/16
35:15 https://example.org/17
38:10 javascript:x
39:5 //example.org/18
41:8 https://example.org/19
43:6 https://example.org/20
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_links_of_a_page(newline: str) -> None:
    mentions = in_page(PAGE.replace("\n", newline))
    lines = [f"{m.span.line}:{m.span.column} {m.span.text}\n" for m in mentions]
    assert "".join(lines) == IN_PAGE
    odd = [mention.url for mention in mentions if not mention.is_literal]
    assert odd == [
        "https://example.org/1",
        "https://example.org/6_a&b",
        "https://example.org/7?a&b",
        "https://example.org/12|f",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f'<img alt="" src={URL}/1 srcset="{URL}/2 2x, {URL}/3?a&amp;b 3x">',
        f"<picture><source srcset='{URL}/1'><img src=\"{URL}/2\"></picture>",
        f'<video poster="{URL}/1" src="{URL}/2"><track src="{URL}/3"></video>',
        f'<object data="{URL}/1"></object> <embed src="{URL}/2">',
        f'<link rel="stylesheet" href="{URL}/1"><script src="{URL}/2"></script>',
        f'=== "[a]({URL}/1)"\n\n    [b]({URL}/2)',
        f'??? note "{URL}/1"\n    {URL}/2',
        f'<figure markdown="span">\n  ![a]({URL}/1)\n  {URL}/2\n</figure>',
        f"<div class=a markdown>\n{URL}/1\n\n</div>",
        f"<br>\n[a]({URL}/1) <span>\n{URL}/2</span>",
        f"<div>\n<DIV><p>a</div>\n</div>\n[a]({URL}/1)",
        f"<p>a</p>\n[a]({URL}/1)\n<hr>\n[b]({URL}/2)",
        f"| a | b |\n| --- | --- |\n| `a|b` {URL}/1 | [a]({URL}/2) |\n| ``|`|`` | {URL}/3 |",
        f"| a | b |\n| --- | --- |\n| \\`a | [a]({URL}/1) ` |\n| `a\\|b` | {URL}/2 |",
        f"a `b|c` [a]({URL}/1)\n\n[a]: <{URL}/2>\n\n<a title='`|`' href={URL}/3>`|` [a]</a>",
        f"<div>a</div> {URL}/1 [a]({URL}/2)\n{URL}/3\n<p>b</p>",
        f"<div>a</div>{URL}/1<div>b</div> <a href='{URL}/2'>a</a>",
        f"> <div>\n> a\n> </div> [a]({URL}/1)\n> [b]({URL}/2)",
        f"- <p>a\n  </p> [a]({URL}/1)\n\n  <p>b</p>\n- <hr> [b]({URL}/2)",
        f"<div>a</div> <a href={URL}/1>a</a>\n<p>b</p> [b]({URL}/2)",
        f"<a href='{URL}/1'>a</a> <div>a</div> [a]({URL}/2)",
        f"<p><a href='{URL}/1'>a</a></p> <{URL}/2>",
        f"<script>\n\na</Script> [a]({URL}/1)\n<pre><pre></pre> [b]({URL}/2)",
        f"<!-- a --> [a]({URL}/1) <!-- b\n--> {URL}/2",
        f"<!-- a\n\nb --> <{URL}/1>\n\n<?php\na ?> {URL}/2\n\n<!DOCTYPE a>[c]({URL}/3)",
        f"<!-- a\n\nnever closed [a]({URL}/1)",
        f'<p markdown="span">[a]({URL}/1)</p> {URL}/2',
        f"- <p>[a]({URL}/1)</p>\n\n    <div>\n    [b]({URL}/2)\n    </div>\n> <p>[c]({URL}/3)</p>",
        f"- a\n\n      [a]({URL}/1)\n\n1. b\n\n       {URL}/2\n    - c\n\n          {URL}/3",
        f"- a\n\t[b]({URL}/1)\n\t{URL}/2\n> c\n>\t<{URL}/3> {URL}/4",
        f"!!! note [a]({URL}/1)",
        f"!!!note\n\n    {URL}/1",
        f"!!! note inline end\n\n    {URL}/1",
        f"!!! note\n\n\t[a]({URL}/1)\n\t!!! tip\n\t\t{URL}/2\n\n    \t{URL}/3\n{URL}/4",
    ],
)
def test_what_readers_of_a_page_follow_or_load(text: str) -> None:
    places = [(m.span.line, m.span.column, m.span.text) for m in in_page(f"é\n\n{text}\n")]
    lines = ["é", "", *text.split("\n")]
    assert places == [
        (number, found.start() + 1, found[0])
        for number, line in enumerate(lines, start=1)
        for found in re.finditer(rf"{URL}[\w/?&;]+", line)
    ]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("?a&section=1&region=b&copy=c", None),
        ("?a&sectional&amplify", None),
        ("?a&section;b&nothing;", None),
        ("?a&amp;b&#38;c&#x26;d&AMP;e", "?a&b&c&d&e"),
        ("?a&amp", "?a&"),
        ("?&uuml;&amp;amp;", "?ü&amp;"),
        ("?&#zz;&;&", None),
    ],
)
def test_an_attribute_is_read_as_browsers_read_it(query: str, meant: str | None) -> None:
    for html in (
        f'<a href="{URL}{query}">a</a>',
        f"a <img src={URL}{query} srcset='{URL}{query}'>",
    ):
        mentions = in_page(f"# A\n\n{html}\n")
        assert set(urls(mentions)) == {URL + (meant or query)}
        assert {mention.span.text for mention in mentions} == {URL + query}


@pytest.mark.parametrize(
    "text",
    [
        f'<link rel="preconnect" href="{URL}">',
        f'<!-- <img srcset="{URL}"> -->',
        f'<meta name="a" content="{URL}">',
        f"```\n<div markdown>\n[a]({URL})\n```",
        '<a href>a</a> <a href="">a</a> <img srcset=", ,">',
        f"{URL}/<owner>/<name> and {URL}?v=<the id>",
        f"<div>\n<div>a</div>\n[a]({URL})\n</div>",
        f"<div>\n<div>a</div> [a]({URL})\n</div>",
        f"<!-- a\n\n[a]({URL})\n-->",
        f"- a\n\n        {URL}\n    - b\n\n            {URL}",
    ],
)
def test_what_readers_of_a_page_do_not_follow(text: str) -> None:
    assert not in_page(f"a\n\n{text}\n")


@pytest.mark.parametrize(
    ("words", "url", "written"),
    [
        (f"**{URL}**a", URL, URL),
        (f"_{URL}_.", URL, URL),
        (f"{URL}\\", URL, URL),
        (f"\\*{URL}\\*", URL, URL),
        (f"&lt;{URL}&gt;, &quot;", URL, URL),
        (f"a&nbsp;{URL}&nbsp;b", URL, URL),
        (f"{URL}?a&amp;b=c", f"{URL}?a&b=c", f"{URL}?a&amp;b=c"),
        (f"{URL}?a=1&copy=2", f"{URL}?a=1&copy=2", f"{URL}?a=1&copy=2"),
        (f"{URL}\\_a", f"{URL}_a", f"{URL}\\_a"),
        (f"``{URL}/no`` {URL} ` a", URL, URL),
        (f"\\`{URL}\\` \\``{URL}/no`", URL, URL),
        (f"<{URL}?a&amp;b=c&copy=d>", f"{URL}?a&b=c&copy=d", f"{URL}?a&amp;b=c&copy=d"),
        (f"{URL}/<br>{URL}/<owner>", f"{URL}/", f"{URL}/"),
        (f"<b title=a>{URL}</b>", URL, URL),
    ],
)
def test_an_address_in_the_words_of_a_page(words: str, url: str, written: str) -> None:
    (mention,) = in_page(f"# A\n\nSee {words}\n")
    assert (mention.url, mention.span.text) == (url, written)
    assert mention.is_literal == (url == written)


def test_an_address_in_a_cell_with_escapes() -> None:
    page = f"| a |\n| --- |\n| a\\|b {URL} |\n"
    (mention,) = in_page(page)
    assert (mention.url, mention.span.line) == (URL, 3)


@pytest.mark.parametrize(
    "before",
    ["[a\nb](c\n'd')", "![a\nb](c\n'd')", "<b\nclass=a\n>", "`a\nb` `", "[a](<b>\n(c\nd)) `a\nb`"],
)
def test_an_address_after_what_goes_on_over_lines(before: str) -> None:
    (mention,) = in_page(f"a\n\n{before} {URL} c\n")
    line = before.count("\n") + 3
    column = len(before.rpartition("\n")[2]) + 2
    assert (mention.url, mention.span.line, mention.span.column) == (URL, line, column)


@pytest.mark.usefixtures("no_hang")
@pytest.mark.parametrize("block", ["<pre><pre></pre>\n\n", "> # a\nb\n", "> !!! a\nb\n"])
def test_blocks_that_open_again_and_again_are_read_in_time(block: str) -> None:
    (mention,) = in_page(block * 14_000 + f"\n<{URL}>\n")
    assert mention.span.text == URL


# ------------------------------------------------------------------------------ a curriculum


def test_every_file_of_a_curriculum(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        {
            "not-listed.yaml": f"- {URL}/1",
            "pages/a.md": f"[x]({URL}/2)",
            "pages/deep/b.md": f"[x]({URL}/3)",
            "README.md": f"[x]({URL}/no)",
            "pages/notes.txt": f"[x]({URL}/no)",
            ".hidden/a.yml": f"url: {URL}/no",
        },
    )
    found = find(Folder(folder))
    assert not found.diagnostics
    places = [(m.span.file.path, m.url.rpartition("/")[2]) for m in found.mentions]
    tutorial = (LIBRARY, "")
    assert places == [
        ("not-listed.yaml", "1"),
        ("pages/a.md", "2"),
        ("pages/deep/b.md", "3"),
        tutorial,
    ]
    files = Folder(folder)

    def below(*paths: str) -> list[str]:
        return [mention.span.file.path for mention in find(files, paths).mentions]

    assert below("pages") == below("pages/") == ["pages/a.md", "pages/deep/b.md"]
    assert below("pages/deep", LIBRARY) == ["pages/deep/b.md", LIBRARY]
    assert below("page", "resources/lib", "README.md") == []
    assert below(".") == [path for path, _ in places]
    assert below() == []


def test_what_cannot_be_read_is_said_and_the_rest_is_found(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        {
            MONTH: f"note: {URL}\nurl: [\n",
            "pages/a.md": f"---\na: [\n---\n[x]({URL}/a)\n",
            "pages/large.md": b"a\n" * (129 << 10),
            "b.yml": b"\xff",
            "large.yml": b"a" * ((1 << 20) + 1),
            "twice.yml": f"url: {URL}/b\nurl: {URL}/c\n",
            "tagged.yml": f"url: !t {URL}/d\n",
            "empty.yml": "",
        },
    )
    (folder / "link.yml").symlink_to("/etc/hostname")
    found = find(Folder(folder))
    assert [(d.span.file.path, d.rule.code) for d in found.diagnostics] == [
        ("b.yml", "RS001"),
        ("large.yml", "RS001"),
        ("link.yml", "RS001"),
        ("pages/a.md", "RS002"),
        ("pages/large.md", "RS001"),
        (MONTH, "RS002"),
        ("twice.yml", "RS004"),
    ]
    tutorial = "https://docs.python.org/3/tutorial/"
    assert urls(list(found.mentions)) == [f"{URL}/a", tutorial, f"{URL}/d", f"{URL}/b"]


def test_a_file_alone() -> None:
    page = find(InMemory({"notes.md": f"[x]({URL})".encode()}))
    assert [mention.span.column for mention in page.mentions] == [5]
    (mention,) = find(InMemory({"links.yaml": f"url: {URL}".encode()})).mentions
    assert (mention.url, mention.is_changed) == (URL, True)
