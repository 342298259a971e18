"""What the site makes links of on a hand-written page is found, each at its place."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.utils.yaml import yaml_load

from roadmap_site.links.find import mentions_in
from roadmap_site.model.source import SourceFile

CONFIG = Path(__file__).parents[2] / "mkdocs.yml"
BUILT_IN = ["toc", "tables", "fenced_code"]
"""What MkDocs adds to a site's extensions of Markdown."""

# `@` stands for an address, `~` for one that is shown as text or not at all.
PAGES = {
    "lists": """\
- a [x](@)
    - b [x](@)
        1. c <@>

            [x](@)

                [x](~)
  - two [x](@)

      six ![x](@)

1.\ttab [x](@)

\t```
\t[x](~)
\t```
\t[x](@)

10. ten
    - [ ] [x](@)

* <p>[x](@)</p> [y](@)
""",
    "references": """\
[a][1] [b][Two words] [c], [d][] ![i][img] [e][two
words] [É] [f]

[1]: @
[two words]: <@> "title (x)"
[c]: @ 'title'
[d]: @
  [img]: @
[é]: @

> - [g]
>
> [g]: @

[f]:
@
""",
    "references written twice": """\
[a], [b]

[a]: ~
[b]: ~ "t"

> [a]: ~

- x

    [A]: @

[b]:
@
""",
    "titles": """\
[a](@ "t (x)") [b](@ 't') [c](<@> "t") [d](@_(x)) [e](@_(x) "t") [f]( @ )
[g](@
"t") [a [b] c](@) ![a [b] c](@) [x ![y](@) z](@) [h](@?a&amp;b) [i](@
) [`]`](@) [<b>p</b>](@) [\\]](@) \\[[q](@)\\] **[j](@)** _[k](@)_ [l](@)[m](@)
""",
    "tables": """\
| a [x](@) | b |
|---|:-:|
| `a|b` | [x](@) |
| ``a|`b`` | <a href="@">x</a> |
| a \\| b | [x](@ "t") |

a | b
- | -
😀 [x](@) | ![y](@)
""",
    "blocks": """\
!!! note "T [x](@)"

    [x](@)

    !!! warning inline end
        in [x](@)

        - li <@>

            ```py
            [x](~)
            ```

!!!tip
\t[x](@)

\t\t[x](~)

!!! note [x](@)
    [x](@)

<details markdown="1"><summary>S</summary>

[x](@)

</details>

<div class="grid cards" markdown>

- [x](@)

    ---

    [y](@)

</div>
<div markdown="block">
<p markdown="span">[x](@)</p> [y](@)
</div>
""",
    "blocks in quotes and lists": """\
> words
> !!! note "T [x](@)"
>
>     [x](@)
>
>     - li <@>
>
>         [y](@)
>
>     !!! tip
>
>         [x](@)
>
>             [x](~)
>
>     ```py
>     [x](~)
>     ```
>
>     | a | b |
>     | - | - |
>     | `a|b` | [x](@) |
>
> [x](@)
>
>     [x](~)

-   !!! note

        [x](@)

            [x](~)

- two

    - !!! tip "T"

            [x](@)

    [x](@)
""",
    "html": """\
<div>a</div> [x](@) <p>b</p> [y](@)
more [x](@)
<hr> [x](@)

> <div>
> a
> </div> [x](@)

<section>
<h2>a</h2> [x](~)

<img src="@" srcset="@ 1x, @ 2x">
</section> <@>

<script>

"[x](~)"
</script> [x](@) <!-- [x](~)
--> [x](@)

text <a
 title="a > b" href='@'>x</a> <A HREF=@>x</A> a<!-- ~ -->b [x](@)

<a href="@?a&amp;b">x</a> <@?a&amp;b> <!-- never closed [x](@)
""",
    "code": """\
``` {.py title="a"}
[x](~)
```

~~~
```
[x](~)
~~~

    [x](~)

`[x](~)` \\`[x](@)\\` ``[x](~) ` `` [x](@) `#!py [x](~)`

> ```
> [x](~)
> ```
> [x](@)
""",
    "headings": """\
Set [x](@)
===

Sub <@>
---
### [x](@) {#a}
#[x](@)
> # [x](@) #

[x](@){ .md-button target=_blank } ![y](@){: width="3" }
""",
}


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "srcset"):
                self.found.update(re.findall(r"https:[^ ,]+", value or ""))


def markdown() -> Markdown:
    names = [*BUILT_IN]
    settings: dict[str, dict[str, object]] = {}
    for extension in yaml_load(CONFIG.read_text("utf-8"))["markdown_extensions"]:
        given = extension if isinstance(extension, dict) else {extension: {}}
        names += given
        settings |= given
    return Markdown(extensions=names, extension_configs=settings)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", PAGES)
def test_what_the_site_links_to_is_found(name: str, newline: str) -> None:
    numbers = iter(range(1, 100))
    text = re.sub(
        "[@~]",
        lambda found: f"https://{'yes' if found[0] == '@' else 'no'}.example/{next(numbers)}",
        PAGES[name].replace("~~~", "\0"),
    ).replace("\0", "~~~")
    links = Links(markdown().convert(text)).found
    assert len(links) == PAGES[name].count("@")
    assert all(link.startswith("https://yes.") for link in links)
    page = text.replace("\n", newline)
    mentions = mentions_in(SourceFile("pages/a.md", page))
    urls = [mention.url for mention in mentions]
    assert links <= set(urls)
    assert len(urls) == len(set(urls))
    for mention in mentions:
        line = page.split(newline)[mention.span.line - 1]
        start, end = mention.span.column - 1, mention.span.end_column - 1
        assert line[start:end].replace("&amp;", "&") == mention.url
