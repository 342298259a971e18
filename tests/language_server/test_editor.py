"""What an editor sees in the YAML files: VS Code's language server, with this project's settings.

`make editor` runs these; they want Node.js and the server of package-lock.json.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from language_server.client import LanguageServer
from roadmap_site import load
from roadmap_site.schema import FOLDER, write_schemas
from site_builder import CHECKOUT

SCRIPT = CHECKOUT / ".cache/language_server/node_modules/yaml-language-server/bin"
MONTH = "curriculum/tracks/llm-in-3-months/deep-learning.yml"
TRACK = "curriculum/tracks/llm-in-3-months/track.yml"
ROOT = "curriculum/curriculum.yml"
TOPICS = "curriculum/topics.yml"
BOOKS = "curriculum/resources/book.yml"
HEAD = "title: Deep learning\nmonth: 2\nweeks:\n  - title: CNNs\n    week: 6\n"
"""A month up to its first week, which the keys in question are added to: line 6 is the next."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    script = SCRIPT / "yaml-language-server"
    assert script.is_file(), "the language server is not installed: make editor"
    folder = tmp_path_factory.mktemp("project")
    for name in ("curriculum", ".vscode"):
        shutil.copytree(CHECKOUT / name, folder / name)
    with LanguageServer(script, folder) as running:
        yield running


def test_files_without_a_fault_are_not_marked(server: LanguageServer) -> None:
    folder = server.folder
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yml"))
    assert len(paths) > 40
    assert server.faulty(paths) == {}


def test_faults_in_a_real_file_are_marked_where_they_are(server: LanguageServer) -> None:
    text = (server.folder / MONTH).read_text("utf-8")
    lines = text.split("\n")
    first = lines.index("    topics:")
    lines[first] = "    topcis:"
    second = lines.index("        teaches: [recurrent-neural-networks]")
    lines[second] = "        teaches: [recurrent-neural-network]"
    problems = server.problems(MONTH, "\n".join(lines))
    assert [(p.line, p.marked) for p in problems] == [
        (first + 1, "topcis"),
        (second + 1, "recurrent-neural-network"),
    ]


def test_the_other_ending_is_held_to_the_same(server: LanguageServer) -> None:
    path = MONTH.replace(".yml", ".yaml")
    assert server.problems(path, "titel: A\n")
    assert not server.problems("curriculum/pages/other.yaml", "titel: A\n")


@pytest.mark.parametrize(
    ("path", "text", "line", "marked", "message"),
    [
        (MONTH, HEAD + "    topcis: [A]\n", 6, "topcis", "topcis is not allowed"),
        (MONTH, HEAD.replace("    week: 6\n", "    goal: x\n"), 4, "t", 'Missing property "week"'),
        (MONTH, HEAD + "    topics: Pooling\n", 6, "Pooling", "on a line of its own with `- `"),
        (
            MONTH,
            HEAD + "    topics:\n      - Trees: an introduction\n",
            7,
            "Trees: an introduction",
            "a text that has `: ` in it wants double quotes",
        ),
        (
            MONTH,
            HEAD + "    topics:\n      - {text: A, teachs: [pooling]}\n",
            7,
            "teachs",
            "teachs is not allowed",
        ),
        (MONTH, HEAD + "    teaches: [poolin]\n", 6, "poolin", "There is no topic of this name"),
        (MONTH, HEAD + "    resources: [cs231]\n", 6, "cs231", "There is no resource of this"),
        (MONTH, HEAD + "    resources: [{ref: cs231}]\n", 6, "cs231", "There is no resource"),
        (
            MONTH,
            HEAD + "    resources:\n      - part: Chapter 3\n",
            7,
            "p",
            "Name a resource by `ref`, or several by `any_of` or `all_of`",
        ),
        (MONTH, "title: A\nweeks: []\n", 1, "t", "one of `month`, `week`, `length` and `ongoing`"),
        (MONTH, HEAD + "    time: five hours\n", 6, "five hours", "30min, 5-6h"),
        (MONTH, HEAD.replace("week: 6", "week: six"), 5, "six", "like 3 or 3-4"),
        (MONTH, HEAD + "    optional: yes\n", 6, "yes", "Write true or false"),
        (MONTH, HEAD + '    goal: ""\n', 6, '""', "Nothing stands here"),
        (MONTH, HEAD + "    id: My Week\n", 6, "My Week", "lower case words joined by hyphens"),
        (
            MONTH,
            HEAD + "    projects: [{title: A, kind: milestne}]\n",
            6,
            "milestne",
            "Write one of mini, milestone",
        ),
        (MONTH, HEAD + "    accept: {RS32: why}\n", 6, "RS32", "RS32 is not allowed"),
        (ROOT, "tracks: [nowhere]\n", 1, "nowhere", "There is no track of this name"),
        (TRACK, "months: [nowhere]\n", 1, "nowhere", "There is no month of this name"),
        (BOOKS, "a:\n  title: A\n  type: bok\n", 3, "bok", "Write one of article, book"),
        (BOOKS, "a:\n  title: A\n  type: book\n  url: example.org\n", 4, "example.org", "https://"),
        (BOOKS, "A b: {title: A, type: book}\n", 1, "A b", "lower case words joined by hyphens"),
    ],
)
def test_a_fault_is_marked_and_explained(
    server: LanguageServer, path: str, text: str, line: int, marked: str, message: str
) -> None:
    problems = server.problems(path, text)
    assert [p for p in problems if (p.line, p.marked) == (line, marked) and message in p.message]


@pytest.mark.parametrize(
    ("path", "text", "label", "documentation"),
    [
        (MONTH, HEAD + "    teaches: [|]\n", "backpropagation", "Backpropagation"),
        (MONTH, HEAD + "    teaches: [pooling, conv|]\n", "backpropagation", "Backpropagation"),
        (MONTH, HEAD + "    teaches:\n      - |\n", "pooling", "Pooling"),
        (MONTH, HEAD + "    resources: [|]\n", "cs231n", "CS231n: CNNs for Visual"),
        (MONTH, HEAD + "    resources:\n      - |\n", "cs231n", "(course)"),
        (MONTH, HEAD + "    resources:\n      - ref: |\n", "cs231n", "(course)"),
        (MONTH, HEAD + "    interview: [|]\n", "pytorch", "PyTorch"),
        (MONTH, HEAD + "    |\n", "topics", "What to learn."),
        (MONTH, HEAD + "    |\n", "optional", "Without it: `false`."),
        (MONTH, HEAD + "    accept:\n      |\n", "RS208", "late-prerequisite"),
        (
            MONTH,
            HEAD + "    projects:\n      - title: A\n        kind: |\n",
            "capstone",
            "leads up",
        ),
        (MONTH, HEAD + "    topics:\n      - |\n", "new item that teaches a topic", "canonical"),
        (MONTH, HEAD + "  - |\n", "new week", "A week with its topics"),
        (TOPICS, "topics:\n  |\n", "new topic", "under its id"),
        (TOPICS, "topics:\n  a:\n    area: |\n", "math", "Mathematics"),
        (BOOKS, "|\n", "new resource", "under its id"),
        (BOOKS, "a: {title: A, type: book}\nb:\n  |\n", "type", "Required."),
        (TRACK, "months: [|]\n", "deep-learning", "3-month LLM"),
        (ROOT, "tracks: [|]\n", "llm-in-3-months", "3-Month Roadmap"),
        (ROOT, "banks: [|]\n", "python", "Python"),
    ],
)
def test_what_can_stand_here_is_offered(
    server: LanguageServer, path: str, text: str, label: str, documentation: str
) -> None:
    offered = server.completions(path, text)
    assert label in offered
    shown = offered[label].get("documentation", "")
    assert documentation in (shown["value"] if isinstance(shown, dict) else shown)


def test_nothing_is_offered_that_helps_nobody(server: LanguageServer) -> None:
    """No tags, and no `true` or example where a text stands; no key a second time."""
    assert not server.completions(MONTH, "title: |\n")
    assert server.completions(MONTH, HEAD + "    optional: |\n").keys() == {"true", "false"}
    keys = server.completions(MONTH, HEAD + "    |\n")
    assert {"title", "week"}.isdisjoint(keys)  # which it has


def test_a_new_entry_needs_no_more_than_its_gaps_filled(server: LanguageServer) -> None:
    """The snippet's own words are the faults that are left."""
    offered = server.completions(MONTH, HEAD + "  |\n")["new week"]
    text = offered["textEdit"]["newText"].replace("\n", "\n  ")
    for gap, word in {
        "${1:Title without its number}": "RNNs",
        "${2:1}": "7",
        "${3:What to learn}": "LSTM",
        "${4:id-of-a-resource}": "cs231n",
    }.items():
        assert gap in text
        text = text.replace(gap, word)
    assert not server.problems(MONTH, f"{HEAD}  {text}\n")


@pytest.mark.parametrize(
    ("path", "text", "shown"),
    [
        (MONTH, HEAD + "    teac|hes: [pooling]\n", "Topics the whole of it teaches."),
        (MONTH, HEAD + "    ti|me: 3h\n", "Example: `time: 10-12h`"),
        (MONTH, HEAD + "    teaches: [pool|ing]\n", "* `pooling`: Pooling"),
        (MONTH, HEAD + "    resources: [cs2|31n]\n", "* `cs231n`: CS231n"),
        (MONTH, HEAD + "    topics: [Po|oling]\n", "One thing to tick off"),
        (MONTH, HEAD + "    accept: {RS2|08: why}\n", "late-prerequisite: "),
        (BOOKS, "a:\n  type: bo|ok\n", "* `book`: A book, printed or online."),
        (BOOKS, "a:\n  co|st: free\n", "Whether it costs money."),
        (TRACK, "week_numbers: mon|th\n", "Each month begins again at week 1."),
    ],
)
def test_what_stands_here_is_explained(
    server: LanguageServer, path: str, text: str, shown: str
) -> None:
    assert shown in server.hover(path, text)


def test_a_new_topic_is_known_once_the_schemas_are_written_again(server: LanguageServer) -> None:
    text = HEAD + "    teaches: [brand-new]\n"
    assert server.problems(MONTH, text)
    topics = server.folder / TOPICS
    before = topics.read_text("utf-8")
    topics.write_text(f"{before}\n  brand-new: {{label: Brand new, area: dl, summary: A test.}}\n")
    schemas = server.folder / "curriculum" / FOLDER
    try:
        written = write_schemas(schemas.parent, load(schemas.parent).curriculum)
        server.changed(f"curriculum/{FOLDER}/{name}" for name in written)
        assert not server.problems(MONTH, text)
    finally:
        topics.write_text(before)
        written = write_schemas(schemas.parent, load(schemas.parent).curriculum)
        server.changed(f"curriculum/{FOLDER}/{name}" for name in written)


def test_the_lock_names_no_registry() -> None:
    """A machine's own mirror has no place in it; `integrity` says what is meant."""
    folder = Path(__file__).parent
    lock = (folder / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')
