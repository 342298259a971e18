"""The JSON Schemas: they take what the loader takes, and are where editors look for them."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builders import CURRICULUM, MONTH, ROOT, TOPICS, TRACK, project
from roadmap_site import Severity, check, load
from roadmap_site.cli import main
from roadmap_site.load import faults
from roadmap_site.model import curriculum as model
from roadmap_site.model.curriculum import Curriculum
from roadmap_site.model.values import (
    DATE_PATTERN,
    DURATION_PATTERN,
    ID_PATTERN,
    NUMBERS_PATTERN,
    Duration,
    Numbers,
    slug,
)
from roadmap_site.schema import FOLDER, KINDS, editor_files, schemas
from site_builder import CHECKOUT, GOLDEN, build_here, make_project
from test_rules import CASES, files_of
from yaml_core import read_yaml

REAL = CHECKOUT / "curriculum"
FOLDERS = {"real": REAL, "golden": GOLDEN / "curriculum"}
SHAPE = {
    rule.code
    for rule in (
        faults.UNKNOWN_KEY,
        faults.MISSING_KEY,
        faults.WRONG_TYPE,
        faults.INVALID_VALUE,
        faults.BLANK_VALUE,
    )
}


def kind_of(path: str) -> str:
    """The kind of a YAML file, by its path in a curriculum."""
    folder, _, name = path.rpartition("/")
    stem = PurePosixPath(name).stem
    if folder.startswith("tracks/"):
        return "track" if stem == "track" else "month"
    return folder or stem


def loaded(folder: Path) -> Curriculum:
    curriculum = load(folder).curriculum
    assert curriculum is not None
    return curriculum


def validators(curriculum: Curriculum | None = None) -> Mapping[str, Draft202012Validator]:
    return {name: Draft202012Validator(schema) for name, schema in schemas(curriculum).items()}


@cache
def open_validators() -> Mapping[str, Draft202012Validator]:
    return validators()


def faults_of(validator: Draft202012Validator, text: str) -> list[str]:
    return [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(read_yaml(text))]


# --------------------------------------------------------------------------- what they accept


@pytest.mark.parametrize("name", ["open", *FOLDERS])
def test_schemas_are_schemas(name: str) -> None:
    for schema in schemas(loaded(FOLDERS[name]) if name in FOLDERS else None).values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("with_ids", [False, True], ids=["open", "ids"])
def test_files_without_a_fault_are_valid(name: str, with_ids: bool) -> None:
    folder = FOLDERS[name]
    chosen = validators(loaded(folder)) if with_ids else open_validators()
    paths = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.yml"))]
    assert {kind_of(path) for path in paths} == KINDS.keys()
    for path in paths:
        assert not faults_of(chosen[kind_of(path)], (folder / path).read_text("utf-8")), path


def text_cases() -> Iterator[tuple[Path, str, str]]:
    """Every file of the rule cases that a YAML reader gets to the end of."""
    for case in CASES:
        for path, content in files_of(case).items():
            code = case.parent.name[:5]
            if code in ("RS001", "RS002", "RS003") or not path.endswith((".yml", ".yaml")):
                continue
            if path.count("/") > 2 or kind_of(path) not in KINDS:
                continue
            yield case, path, content.decode("utf-8", "replace")


TEXT_CASES = list(text_cases())
text_case = pytest.mark.parametrize(
    ("case", "path", "text"),
    TEXT_CASES,
    ids=[f"{case.parent.name[:5]}-{case.stem}-{Path(path).stem}" for case, path, _ in TEXT_CASES],
)

UNSEEN = {
    "RS004-fail-duplicate": "JSON has no second key",
    "RS007-fail-tag": "JSON has no tags",
}
"""Faults of shape that a schema cannot see."""


@text_case
def test_schemas_and_checker_agree_on_the_rule_cases(
    case: Path, path: str, text: str, tmp_path: Path
) -> None:
    """What a schema rejects is an error of `check`; faults of shape are rejected by the schema."""
    folder = project(tmp_path, files_of(case))
    found = load(folder)
    if not found.curriculum or path not in found.curriculum.files:
        return  # which files are read is not for a schema to say
    rejected = faults_of(open_validators()[kind_of(path)], text)
    if rejected:
        assert check(found).fails(), rejected
    own = [d for d in found.diagnostics if d.span.file.path == path]
    if SHAPE & {d.rule.code for d in own} and f"{case.parent.name[:5]}-{case.stem}" not in UNSEEN:
        assert rejected


DIFFERENCES = [
    # A text that YAML reads as something else: allowing it would offer `true` and `null`, as
    # completions, wherever a text stands. Quotes settle it.
    ("milestone: true", True, False),
    ("milestone: Null", True, False),
    # The schema sees the number, not how it is written.
    ("week: 0x3", False, True),
    ("week: 3.0", False, True),
    ("optional: True", False, True),
    # No regular expression compares two numbers.
    ("week: 4-3", False, True),
    ("time: 6-5h", False, True),
]
"""What one of the two takes and the other does not: line, loader, schema."""


@pytest.mark.parametrize(("line", "loads", "is_valid"), DIFFERENCES)
def test_known_differences(line: str, loads: bool, is_valid: bool, tmp_path: Path) -> None:
    head = "title: Basics\nlabel: Basics\n" + ("" if line.startswith("week") else "week: 1\n")
    text = f"{head}topics: [Printing]\n{line}\n"
    diagnostics = load(project(tmp_path, {MONTH: text})).diagnostics
    assert (not diagnostics) is loads, diagnostics
    assert (not faults_of(open_validators()["month"], text)) is is_valid


# ------------------------------------------------------------------------------- mutations

TREES = {
    path.relative_to(GOLDEN / "curriculum").as_posix(): read_yaml(path.read_text("utf-8"))
    for path in sorted((GOLDEN / "curriculum").rglob("*.yml"))
}
STRANGE: tuple[Any, ...] = (
    None,
    "",
    " ",
    "x",
    "A b",
    "3-4",
    "30min",
    "2026",
    7,
    0,
    -1,
    1.5,
    [],
    ["x"],
    {},
    {"x": 1},
)
MUTATIONS = ("drop", "misspell", "replace", "add", "empty")


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every value of a tree: what holds it, and its key or position there."""
    found = []
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in pairs:
        found.append((tree, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


@pytest.fixture(scope="module")
def golden_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schema") / "curriculum"
    shutil.copytree(GOLDEN / "curriculum", folder)
    return folder


@given(st.data())
def test_schemas_and_checker_agree_on_mutations(golden_copy: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(TREES)))
    tree = copy.deepcopy(TREES[path])
    holder, key = data.draw(st.sampled_from(places(tree)))
    mutation = data.draw(st.sampled_from(MUTATIONS))
    if mutation == "drop":
        del holder[key]
    elif mutation == "misspell" and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    elif mutation == "add" and isinstance(holder, dict):
        holder["another"] = data.draw(st.sampled_from(STRANGE))
    elif mutation == "empty" and isinstance(holder[key], list | dict):
        holder[key].clear()
    else:
        holder[key] = data.draw(st.sampled_from(STRANGE))
    text = json.dumps(tree)  # JSON is YAML
    before = (golden_copy / path).read_bytes()
    try:
        (golden_copy / path).write_text(text, "utf-8")
        found = load(golden_copy)
        own = [d for d in check(found) if d.span.file.path == path]
    finally:
        (golden_copy / path).write_bytes(before)
    rejected = faults_of(open_validators()[kind_of(path)], text)
    if SHAPE & {d.rule.code for d in own}:
        assert rejected, own
    if rejected:
        assert any(d.rule.severity is Severity.ERROR for d in own), rejected


# ---------------------------------------------------------------------------------- values


def matches(pattern: str, text: str) -> bool:
    schema = {"pattern": f"^(?:{pattern})$"}
    return Draft202012Validator(schema).is_valid(text)


@given(st.text() | st.text("ab1-_ A", min_size=1))
def test_every_id_matches_the_pattern_of_ids(text: str) -> None:
    assert not slug(text) or matches(ID_PATTERN, slug(text))
    if text.isascii() and len(text) <= 64 and "\n" not in text:
        assert matches(ID_PATTERN, text) == (bool(text) and slug(text) == text)


@given(st.from_regex(DURATION_PATTERN, fullmatch=True) | st.from_regex(NUMBERS_PATTERN))
def test_patterns_take_what_the_model_parses(text: str) -> None:
    if Duration.parse(text):
        assert matches(rf"\s*{DURATION_PATTERN}\s*", text)
    if Numbers.parse(text):
        assert matches(rf"\s*{NUMBERS_PATTERN}\s*", text)


@pytest.mark.parametrize("pattern", [DATE_PATTERN, DURATION_PATTERN, ID_PATTERN, NUMBERS_PATTERN])
def test_patterns_mean_the_same_to_python_and_javascript(pattern: str) -> None:
    """Digits and letters are wider in Python; lookbehind and names are spelled otherwise."""
    assert not {"\\d", "\\w", "\\b", "(?<", "(?P", "\\Z"} & {
        pattern[i : i + n] for n in (2, 3) for i in range(len(pattern))
    }


# ---------------------------------------------------------------------------------- wording


def test_every_key_is_explained() -> None:
    text = json.dumps(schemas())
    classes = [c for c in vars(model).values() if isinstance(c, type) and c is not Curriculum]
    docs = {
        field.metadata["doc"]
        for cls in classes
        if hasattr(cls, "__dataclass_fields__")
        for field in fields(cls)
        if "doc" in field.metadata
    }
    assert len(docs) > 100
    assert not {doc for doc in docs if json.dumps({"description": doc})[1:-1] not in text}


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from subschemas(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from subschemas(value)


@pytest.mark.parametrize("name", ["open", "golden"])
def test_every_word_and_key_has_its_description(name: str) -> None:
    for schema in schemas(loaded(FOLDERS[name]) if name in FOLDERS else None).values():
        assert schema["title"]
        for part in subschemas(schema):
            if "enum" in part:
                assert len(part["enum"]) == len(part["enumDescriptions"])
                assert all(part["enumDescriptions"])
            assert ("description" in part) == ("markdownDescription" in part) or "body" in part
            if part.get("type") == "object" and "properties" in part:
                assert part["additionalProperties"] is False
                assert all("description" in value for value in part["properties"].values())


# ----------------------------------------------------------------------------- completion


def definition(curriculum: Curriculum | None, kind: str, name: str) -> Mapping[str, Any]:
    found = schemas(curriculum)[kind]["$defs"][name]
    assert isinstance(found, dict)
    return found


def test_ids_of_the_curriculum_are_offered_with_their_names(tmp_path: Path) -> None:
    curriculum = loaded(project(tmp_path))
    topics = definition(curriculum, "month", "topic-id")
    assert topics["enum"] == ["printing", "loops"]
    assert topics["enumDescriptions"] == ["Printing", "Loops"]
    assert definition(curriculum, "month", "resource-id")["enum"] == ["tutorial"]
    assert definition(curriculum, "track", "month-file")["enum"] == ["basics", "rest"]
    assert definition(curriculum, "curriculum", "track-id")["enumDescriptions"] == ["Python"]
    assert definition(curriculum, "topics", "area-id")["enum"] == ["basics"]
    assert definition(curriculum, "month", "accept")["properties"].keys() >= {"RS208", "RS302"}
    assert "RS201" not in definition(curriculum, "month", "accept")["properties"]


def test_an_unknown_id_is_rejected_with_a_curriculum_and_taken_without(tmp_path: Path) -> None:
    text = CURRICULUM[MONTH] + "teaches: [loop]\n"
    assert not faults_of(open_validators()["month"], text)
    assert faults_of(validators(loaded(project(tmp_path)))["month"], text)


def test_ids_of_faulty_entries_are_ids(tmp_path: Path) -> None:
    """An editor half-way through a new topic may already refer to it."""
    folder = project(tmp_path, {TOPICS: f"{CURRICULUM[TOPICS]}  half: {{label: Half}}\n"})
    topics = definition(loaded(folder), "month", "topic-id")
    assert topics["enum"] == ["printing", "loops", "half"]


def test_where_a_file_cannot_be_read_any_id_will_do(tmp_path: Path) -> None:
    folder = project(tmp_path, {TOPICS: "topics: ["})
    assert "enum" not in definition(loaded(folder), "month", "topic-id")
    assert "enum" not in definition(loaded(folder), "topics", "area-id")


def test_a_month_that_is_not_listed_yet_is_offered(tmp_path: Path) -> None:
    folder = project(tmp_path, {"tracks/python/more.yml": "title: More\n"})
    assert "more" in definition(loaded(folder), "track", "month-file")["enum"]


# ------------------------------------------------------------------------------- the command


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["schema", *map(str, arguments)])


def test_the_command_writes_what_differs(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert invoke(folder).exit_code == 0
    files = {path.name: path.read_text("utf-8") for path in (folder / FOLDER).iterdir()}
    assert files.keys() == {f"{name}.json" for name in KINDS}
    assert all(text.endswith("}\n") for text in files.values())
    assert "up to date" in invoke(folder).stdout
    (folder / FOLDER / "month.json").write_text("{}")
    done = invoke(folder)
    assert "month.json" in done.stdout
    assert "track.json" not in done.stdout
    assert files == {path.name: path.read_text("utf-8") for path in (folder / FOLDER).iterdir()}
    assert load(folder).diagnostics == ()


def test_check_names_what_is_out_of_date_and_writes_nothing(tmp_path: Path) -> None:
    folder = project(tmp_path)
    done = invoke(folder, "--check")
    assert done.exit_code == 1
    assert not (folder / FOLDER).exists()
    invoke(folder)
    assert invoke(folder, "--check").exit_code == 0
    title = CURRICULUM[TRACK].replace("short_title: Python", "short_title: Snake")
    (folder / TRACK).write_text(title)
    done = invoke(folder, "--check")
    assert done.exit_code == 1
    assert f"{FOLDER}/track.json is out of date" in done.stdout
    assert f"roadmap-site schema {folder}" in done.stdout
    assert "topics.json" not in done.stdout


def test_one_can_be_printed_or_all_written_elsewhere(tmp_path: Path) -> None:
    folder = project(tmp_path / "curriculum")
    printed = invoke(folder, "--print", "track")
    assert json.loads(printed.stdout)["title"] == "A track"
    invoke(folder, "-o", tmp_path / "out")
    assert (tmp_path / "out" / "track.json").read_text("utf-8") == printed.stdout
    assert not (folder / FOLDER).exists()


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    assert invoke(tmp_path).exit_code == 2
    folder = project(tmp_path / "faulty", {ROOT: "title: ["})
    done = invoke(folder)
    assert done.exit_code == 1
    assert "curriculum.yml has faults" in done.stderr
    assert not (folder / FOLDER).exists()
    blocked = project(tmp_path / "blocked", {FOLDER: "a file"})
    assert invoke(blocked).exit_code == 2


def test_links_in_the_folder_are_not_followed(tmp_path: Path) -> None:
    """The folder may come from a stranger's pull request."""
    own = tmp_path / "own.txt"
    own.write_text("my own")
    folder = project(tmp_path / "file")
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "month.json").symlink_to(own)
    assert invoke(folder).exit_code == 0
    assert own.read_text() == "my own"
    folder = project(tmp_path / "folder")
    (tmp_path / "outside").mkdir()
    (folder / FOLDER).symlink_to(tmp_path / "outside")
    done = invoke(folder)
    assert done.exit_code == 2
    assert "leads out of the curriculum" in done.stderr
    assert not list((tmp_path / "outside").iterdir())


# --------------------------------------------------------------------------------- this project


def test_the_schemas_of_this_project_are_up_to_date() -> None:
    """Its ids apart: who adds a topic in a browser, at the repository's host, can write none."""
    for name, document in schemas(loaded(REAL)).items():
        kept = json.loads((REAL / FOLDER / f"{name}.json").read_text("utf-8"))
        assert without_ids(kept) == without_ids(document), "make schema brings them up to date"


def without_ids(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = {
        name: value if "There is no" not in value.get("errorMessage", "") else {}
        for name, value in schema["$defs"].items()
    }
    return {**schema, "$defs": definitions}


def test_editors_find_them() -> None:
    for path, text in editor_files().items():
        assert (CHECKOUT / path).read_text("utf-8") == text, path
    settings = json.loads(editor_files("data")[".vscode/settings.json"])
    for schema, patterns in settings["yaml.schemas"].items():
        assert schema.startswith(f"./data/{FOLDER}/")
        assert all(pattern.startswith("data/") for pattern in patterns)


def test_the_site_publishes_them(tmp_path: Path) -> None:
    site = build_here(make_project(tmp_path))
    curriculum = loaded(tmp_path / "curriculum")
    published = {path for path in site.paths if path.startswith("schema/")}
    assert published == {f"schema/v1/{name}.json" for name in KINDS}
    for name, schema in schemas(curriculum).items():
        there = json.loads(site.text(f"schema/v1/{name}.json"))
        assert there.pop("$id") == f"{site.url}schema/v1/{name}.json"
        assert there == schema
