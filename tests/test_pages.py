"""Hand-written pages: where their parts stand, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import found, project, report_of
from roadmap_site.load.pages import read_page
from roadmap_site.model.source import SourceFile

PAGE = """\
---
title: About
---

A [link](a.md), the same [again](a.md), ![an
image](b.png) and [one][below] besides.

| Name | Where |
| --- | --- |
| x | [there](c.md "Title") |

!!! note

    - In a list: [within](d.md)

      ```
      [not](this.md)
      ```

[below]: https://example.org/
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_links_stand_where_they_are_written(newline: str) -> None:
    page, faults = read_page(SourceFile("pages/about.md", PAGE.replace("\n", newline)))
    assert not faults
    assert page.meta == {"title": "About"}
    places = {link.target: (link.span.line, link.span.column) for link in page.links}
    assert places == {
        "a.md": (5, 26),
        "b.png": (5, 41),
        "https://example.org/": (6, 19),
        "c.md": (10, 7),
        "d.md": (14, 18),
    }
    assert all(link.target_span.text == link.target for link in page.links)
    (defined,) = (link.target_span.line for link in page.links if ":" in link.target)
    assert defined == 20


@pytest.mark.parametrize(
    "content", [b"a\n" * (129 << 10), b"\xff\xfe\x00"], ids=["too large", "not UTF-8"]
)
def test_pages_that_are_not_read(content: bytes, tmp_path: Path) -> None:
    folder = project(tmp_path, {"pages/about.md": content})
    assert found(report_of(folder)) == ["pages/about.md:1 RS001"]


@pytest.mark.parametrize("text", ["", "---\n---\n", "---\n- a\n---\n", "```", "!!! a", "[", "# "])
def test_any_page_is_read(text: str) -> None:
    read_page(SourceFile("pages/about.md", text))


def test_words_after_what_goes_on_over_lines_and_in_titles() -> None:
    text = '!!! note "A *title*"\n\n[a\nb](c\n"d") e `f\ng` h\n<b\nclass=a> i\n'
    page, _ = read_page(SourceFile("pages/a.md", text))
    words = [(span.line, words.strip()) for words, span in page.texts if words.strip()]
    assert words == [(3, "a"), (4, "b"), (5, "e ``"), (6, "h"), (8, "i"), (1, "A title")]


@pytest.mark.usefixtures("no_hang")
def test_a_heading_of_white_space_is_read_in_time() -> None:
    file = SourceFile("pages/a.md", f"# a{' ' * 250_000}b\n")
    assert len(read_page(file)[0].headings) == 1
