"""RS7xx: pages written by hand in Markdown.

Whether links within the site lead somewhere is for MkDocs to say, which knows every page there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from roadmap_site.load.spelling import meant, nearest
from roadmap_site.model.diagnostic import Diagnostic, Edit, Fix, Related, Severity, cited, rule
from roadmap_site.model.index import Index
from roadmap_site.model.pages import Heading
from roadmap_site.model.source import Span
from roadmap_site.model.values import slug


@rule("RS701", "undescribed-page", Severity.INFO)
def undescribed_page(index: Index) -> Iterator[Diagnostic]:
    """A page does not say what it is.

    What it checks: each hand-written page has a `description` in its front matter, and a `title`
    there or a heading of the first level.

    Why it matters: search engines and shared links show both; without a title the page goes by the
    name of its file.

    Example: a page that begins with its first paragraph

    Use instead: `---`, `title: About`, `description: Who makes this site.` and `---` at its top
    """
    for page in index.curriculum.pages.values():
        if page.meta is None:
            continue
        title = next((h for h in page.headings if h.level == 1), None)
        is_titled = "title" in page.meta or title is not None
        missing = [] if is_titled else ["title"]
        missing += [] if page.meta.get("description", "").strip() else ["description"]
        if missing:
            keys = " and ".join(f"`{key}`" for key in missing)
            yield undescribed_page.at(
                title.span if title else Span.whole(page.file),
                f"the page has no {keys}",
                hint="add it to the front matter, between two lines of --- at the top",
            )


@rule("RS702", "empty-link", Severity.ERROR)
def empty_link(index: Index) -> Iterator[Diagnostic]:
    """A link that shows nothing, or leads nowhere.

    What it checks: each link and image of a hand-written page has an address, and each link words
    (or an image with an alternative text).

    Why it matters: nobody can click on nothing, and a screen reader reads the address aloud.

    Example: `[](contribute.md)`

    Use instead: `[how to contribute](contribute.md)`
    """
    for page in index.curriculum.pages.values():
        for link in page.links:
            if not link.target:
                what = "image" if link.is_image else "link"
                yield empty_link.at(link.span, f"the {what} has no address", hint="add it")
            elif not link.text and not link.is_image:
                yield empty_link.at(
                    link.span, "the link has no words", hint="say where it leads, in the brackets"
                )


# fmt: off
_VAGUE = frozenset((
    "article", "click", "click here", "click this", "click this link", "go", "here", "link",
    "more", "page", "read", "read more", "see here", "this", "this article", "this link",
    "this page", "this site", "this website", "website",
))
_VAGUE_HEADINGS = frozenset((
    "details", "info", "information", "misc", "miscellaneous", "more", "note", "notes", "other",
    "others", "stuff", "things", "various",
))
# fmt: on


@rule("RS703", "vague-link", Severity.WARNING)
def vague_link(index: Index) -> Iterator[Diagnostic]:
    """The words of a link do not say where it leads.

    What it checks: no link of a hand-written page reads "click here", "this link" or the like, or
    is a single letter.

    Why it matters: a screen reader can list the links of a page; twelve times "here" is no list
    (WCAG 2.4.4).

    Example: `To contribute, [click here](contribute.md).`

    Use instead: `See [how to contribute](contribute.md).`
    """
    for page in index.curriculum.pages.values():
        for link in page.links:
            words = " ".join(link.text.split()).strip(" .,:;!>»→").casefold()
            is_letter = len(words) == 1 and words.isascii() and words.isalpha()
            if link.target and not link.is_image and (words in _VAGUE or is_letter):
                yield vague_link.at(
                    link.span,
                    f"the words {cited(link.text)} do not say where the link leads",
                    hint="make the name of what it leads to the link",
                )


@rule("RS704", "undescribed-image", Severity.WARNING)
def undescribed_image(index: Index) -> Iterator[Diagnostic]:
    """An image without an alternative text.

    What it checks: each image of a hand-written page says in its brackets what it shows.

    Why it matters: who cannot see it learns nothing of it (WCAG 1.1.1).

    Example: `![](progress.png)`

    Use instead: `![The bar of a track that is half done](progress.png)`
    """
    for page in index.curriculum.pages.values():
        for link in page.links:
            if link.is_image and not link.text:
                yield undescribed_image.at(
                    link.span, "the image has no alternative text", hint="say what it shows"
                )


@rule("RS705", "heading-level", Severity.WARNING)
def heading_level(index: Index) -> Iterator[Diagnostic]:
    """A heading that skips a level, or a second title.

    What it checks: a hand-written page has one heading of the first level at most, and each other
    is at most one level below the one before it.

    Why it matters: screen readers and the table of contents go by the levels.

    Example: `## Print`, and then `#### On paper`

    Use instead: `### On paper`
    """
    for page in index.curriculum.pages.values():
        level, title = 1, None
        for heading in page.headings:
            if heading.level == 1 and title is not None:
                yield heading_level.at(
                    heading.span,
                    "the page has a title already",
                    hint="begin it with two #",
                    related=(Related(title.span, "this one"),),
                )
            if heading.level == 1:
                title = title or heading
            if heading.level > level + 1:
                yield heading_level.at(
                    heading.span,
                    f"a heading of level {heading.level} follows one of level {level}",
                    hint=f"begin it with {level + 1} #",
                )
            level = heading.level


@rule("RS706", "repeated-heading", Severity.WARNING)
def repeated_heading(index: Index) -> Iterator[Diagnostic]:
    """Two headings of a page with the same words.

    What it checks: the headings of a hand-written page differ, unless they have anchors of their
    own (`## Print { #print-week }`).

    Why it matters: the second's address gets a number (`#print_1`), and leads elsewhere once
    another is put before it.

    Example: `### Example` under two headings

    Use instead: `### Example of a week` and `### Example of a topic`
    """
    for page in index.curriculum.pages.values():
        seen: dict[str, Heading] = {}
        for heading in page.headings:
            key = f"#{heading.anchor}" if heading.anchor else heading.text.casefold()
            first = seen.setdefault(key, heading)
            if first is not heading and key:
                yield repeated_heading.at(
                    heading.span,
                    f"the heading {cited(heading.text)} stands on this page already",
                    hint="tell the two apart",
                    related=(Related(first.span, "first here"),),
                )


@rule("RS707", "vague-heading", Severity.INFO)
def vague_heading(index: Index) -> Iterator[Diagnostic]:
    """A heading that could stand over anything.

    What it checks: no heading of a hand-written page reads Note, More, Other or the like.

    Why it matters: in the table of contents and in search, a heading stands alone.

    Example: `## Note`

    Use instead: `## What the hours leave out`, or an admonition: `!!! note`
    """
    for page in index.curriculum.pages.values():
        for heading in page.headings:
            if heading.text.strip(" .:!").casefold() in _VAGUE_HEADINGS:
                yield vague_heading.at(
                    heading.span,
                    f"the heading {cited(heading.text)} does not say what stands under it",
                    hint="say it, or make an admonition of it",
                )


_TYPES = (
    *("abstract", "bug", "danger", "example", "failure", "info", "note", "question", "quote"),
    *("success", "tip", "warning"),
    # Other names of the same.
    *("attention", "caution", "check", "cite", "done", "error", "fail", "faq", "help", "hint"),
    *("important", "missing", "summary", "tldr"),
)


@rule("RS708", "unknown-admonition", Severity.WARNING, fixable=True)
def unknown_admonition(index: Index) -> Iterator[Diagnostic]:
    """An admonition of a type that the theme does not have.

    What it checks: what follows `!!!` or `???` on a hand-written page is one of Material's types.

    Why it matters: it is shown in the colours of a note, whatever it was to be.

    Example: `!!! warnning`

    Use instead: `!!! warning`
    """
    for page in index.curriculum.pages.values():
        for block in page.blocks:
            word = block.type.lower()
            if word not in _TYPES:
                near = nearest(word, _TYPES)
                sure = meant(word, _TYPES)
                yield unknown_admonition.at(
                    block.span,
                    f"there is no admonition {cited(block.type)}",
                    hint=f"did you mean `{near}`?"
                    if near
                    else "`note`, `tip` and `warning` will do",
                    fix=Fix(f"write `{sure}`", (Edit(block.span, sure),)) if sure else None,
                )


@rule("RS709", "open-fence", Severity.ERROR)
def open_fence(index: Index) -> Iterator[Diagnostic]:
    """A block of code that is never closed.

    What it checks: each line of three backticks or `~~~` that opens a block of code on a
    hand-written page has one that closes it.

    Why it matters: the rest of the page is shown as code, or the backticks stand in the text.

    Example: three backticks and `python`, and no line of backticks below it

    Use instead: the same number of backticks, on a line of its own, where the code ends
    """
    for page in index.curriculum.pages.values():
        if page.open_fence:
            yield open_fence.at(
                page.open_fence,
                "the block of code that begins here is never closed",
                hint="close it with the same marks on a line of their own",
            )


_ADDRESSABLE = re.compile(r"index|README")


@rule("RS710", "odd-page-address", Severity.WARNING)
def odd_page_address(index: Index) -> Iterator[Diagnostic]:
    """The name of a page's file makes an odd address.

    What it checks: hand-written pages and their folders are called by lower case words joined by
    hyphens.

    Why it matters: the name is the page's address; spaces become %20, and some servers tell
    capitals apart.

    Example: `pages/How To Use.md`

    Use instead: `pages/how-to-use.md`
    """
    for path, page in index.curriculum.pages.items():
        steps = path.removesuffix(".md").split("/")
        odd = [s for s in steps if slug(s) != s and not _ADDRESSABLE.fullmatch(s)]
        if odd:
            right = "/".join(s if s not in odd else slug(s) or "like-this" for s in steps)
            yield odd_page_address.at(
                Span.whole(page.file),
                f"{cited(odd[0])} makes an odd address",
                hint=f"rename it {cited(right + '.md')}, and mend the links to it",
            )


RULES = (
    undescribed_page,
    empty_link,
    vague_link,
    undescribed_image,
    heading_level,
    repeated_heading,
    vague_heading,
    unknown_admonition,
    open_fence,
    odd_page_address,
)
