"""GitHub's command line as far as workflows call it: `gh api` on the issues of one repository.

    GH_STATE=state.json python gh.py api --method PATCH repos/owner/name/issues/3 --raw-field ...

The state is `{"issues": [...], "comments": [...], "requests": [...]}`; it is read and written anew
by each call.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

MAX_BODY = 65_536
US = "github-actions[bot]"


def refuse(status: int, why: str) -> None:
    sys.stderr.write(f"gh: {why} (HTTP {status})\n")
    raise SystemExit(1)


def fields(options: argparse.Namespace) -> dict[str, str]:
    pairs = [text.split("=", 1) for text in options.raw_field]
    for text in options.field:
        name, value = text.split("=", 1)
        pairs.append([name, Path(value[1:]).read_text("utf-8") if value[0] == "@" else value])
    return dict(pairs)


def filtered(pages: list[Any], query: str) -> str:
    """What jq makes of each page; gh has one of its own built in."""
    return "".join(
        subprocess.run(
            ["jq", "--raw-output", query],
            input=json.dumps(page),
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for page in pages
    )


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--method")
    parser.add_argument("--jq", default=".")
    parser.add_argument("--raw-field", action="append", default=[])
    parser.add_argument("--field", action="append", default=[])
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--paginate", action="store_true")
    options = parser.parse_args()
    file = Path(os.environ["GH_STATE"])
    state = json.loads(file.read_text("utf-8"))
    given = fields(options)
    method = options.method or ("POST" if given else "GET")
    address = urlsplit(options.path)
    repos, owner, name, issues, *rest = address.path.split("/")
    state["requests"].append(f"{method} {address.path}")
    if not os.environ.get("GH_TOKEN"):
        refuse(401, "set the GH_TOKEN environment variable")
    if [repos, f"{owner}/{name}", issues] != ["repos", os.environ["GITHUB_REPOSITORY"], "issues"]:
        refuse(404, "Not Found")
    if len(given.get("body", "")) > MAX_BODY:
        refuse(422, "body is too long (maximum is 65536 characters)")
    issue = next((one for one in state["issues"] if str(one["number"]) in rest[:1]), None)
    pages: list[Any]
    match method, rest:
        case "GET", []:
            asked = {key: values[0] for key, values in parse_qs(address.query).items()}
            found = [one for one in state["issues"] if one["state"] == asked.get("state", "open")]
            found.sort(key=lambda one: one["number"], reverse=asked.get("direction") != "asc")
            size = int(asked.get("per_page", 30))
            pages = [found[i : i + size] for i in range(0, len(found), size)] or [[]]
            pages = pages if options.paginate else pages[:1]
        case "POST", []:
            number = max((one["number"] for one in state["issues"]), default=0) + 1
            issue = {"number": number, "state": "open", "user": {"login": US}, **given}
            state["issues"].append(issue)
            pages = [issue]
        case "PATCH", [_] if issue:
            issue.update(given)
            pages = [issue]
        case "POST", [_, "comments"] if issue:
            state["comments"].append({"issue": issue["number"], **given})
            pages = [given]
        case _:
            refuse(404, "Not Found")
    file.write_text(json.dumps(state), "utf-8")
    if not options.silent:
        sys.stdout.write(filtered(pages, options.jq))


if __name__ == "__main__":
    main()
