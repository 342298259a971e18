"""Where a page's source stands on its repository's host: to edit, to see, to talk about."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from roadmap_site.render import clip

LONGEST = 300
"""Characters of each text that a new issue begins with; hosts refuse addresses past 8 KB."""
_TITLE = 80


@dataclass(frozen=True, slots=True)
class SourceLinks:
    """What a page says of where it comes from; each address is empty where there is none.

    `edit` opens the host's editor, `view` shows the file at its line, `suggest` opens an issue that
    names both page and file. `name` is the file's own, with its line if that is known.
    """

    name: str
    edit: str = ""
    view: str = ""
    suggest: str = ""


def source_links(
    repository: str, edit_url: str, *, path: str, line: int, title: str, address: str
) -> SourceLinks:
    """The links of a page from the file at `path`; `line` is 0 for the file as a whole.

    `repository` and `edit_url` are empty where the site names none, `path` where the page comes
    from no file of the project. `address` is the page's own.
    """
    host = _host(repository)
    at = f"{path}:{line}" if line else path
    anchor = _anchor(host, line) if "#" not in edit_url else ""
    return SourceLinks(
        name=at.rpartition("/")[2],
        edit=edit_url and edit_url + anchor,
        view=_view(host, edit_url) and _view(host, edit_url) + anchor,
        suggest=_issue(host, repository.rstrip("/"), title, address, at),
    )


def _host(repository: str) -> str:
    """Which software a repository's host runs, as far as its name tells."""
    labels = (urlsplit(repository).hostname or "").split(".")
    return next((kind for kind in ("github", "gitlab", "bitbucket") if kind in labels), "")


def _anchor(host: str, line: int) -> str:
    """The fragment for a line; in GitHub's editor, too, it puts the cursor there."""
    if not host or not line:
        return ""
    return f"#lines-{line}" if host == "bitbucket" else f"#L{line}"


def _view(host: str, edit_url: str) -> str:
    """The address that shows the file, where that is not the one to edit it at."""
    if host in ("github", "gitlab") and "/edit/" in edit_url:
        return edit_url.replace("/edit/", "/blob/", 1)
    return ""


def _issue(host: str, repository: str, title: str, address: str, at: str) -> str:
    """The address of a new issue that says already which page and which line are meant."""
    facts = [("Page", address), ("Source", at)]
    lines = [f"{name}: {clip(text, LONGEST)}" for name, text in facts if text]
    body = "\n".join([*lines, "", "What should change: "])
    subject = clip(title, _TITLE)
    if host == "github":
        return f"{repository}/issues/new?{_query({'title': subject, 'body': body})}"
    if host == "gitlab":
        fields = {"issue[title]": subject, "issue[description]": body}
        return f"{repository}/-/issues/new?{_query(fields)}"
    return ""


def _query(fields: dict[str, str]) -> str:
    return urlencode(fields, quote_via=quote)
