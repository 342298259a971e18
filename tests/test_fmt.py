"""`roadmap-site fmt`: what it writes, what it leaves alone, and how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builders import CURRICULUM, LIBRARY, MONTH, TRACK, project, write
from roadmap_site.cli import main

UGLY = "title:   'Basics'\r\nweek: 1 # one\r\n\r\n\r\ntopics:\r\n- Printing\r\n"
NEAT = "title: Basics\nweek: 1 # one\n\ntopics:\n  - Printing\n"


def invoke(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["fmt", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose only file out of style is MONTH."""
    monkeypatch.chdir(tmp_path)
    root = project(tmp_path / "curriculum")
    assert invoke("-q").exit_code == 0
    write(root / MONTH, UGLY)
    return root


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_it_formats_the_curriculum(folder: Path) -> None:
    before = contents(folder)
    result = invoke()
    assert result.exit_code == 0
    others = len(CURRICULUM) - 1
    assert result.output == (
        f"formatted curriculum/{MONTH}\n1 file formatted, {others} already in style\n"
    )
    assert contents(folder) == {**before, folder / MONTH: NEAT.encode()}
    assert invoke().output.startswith("0 files formatted")


@pytest.mark.parametrize(
    ("option", "shown"),
    [("--check", f"would change curriculum/{MONTH}"), ("--diff", "+  - Printing")],
)
def test_check_and_diff_write_nothing(folder: Path, option: str, shown: str) -> None:
    before = contents(folder)
    result = invoke(option)
    assert result.exit_code == 1
    assert shown in result.output.splitlines()
    assert contents(folder) == before
    write(folder / MONTH, NEAT)
    assert invoke(option).exit_code == 0


def test_the_diff_cannot_drive_a_terminal(folder: Path) -> None:
    write(folder / MONTH, "title:  a\u202eb # \u2066\nweek: 1\ntopics: [Printing]\n")
    output = invoke("--diff").output
    assert "\\u202e" in output
    assert "\u202e" not in output
    assert "\u2066" not in output


def test_quiet_says_nothing(folder: Path) -> None:
    assert invoke("--quiet").output == ""
    assert (folder / MONTH).read_bytes() == NEAT.encode()


def test_files_and_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / LIBRARY, b"a:   {title: A,   type: book}\n")
    assert "1 file formatted, 0 already" in invoke(Path("curriculum") / MONTH).output
    write(folder / MONTH, UGLY)
    assert "1 file formatted, 2 already" in invoke("curriculum/tracks").output
    write(folder / MONTH, UGLY)
    assert "2 files formatted" in invoke(".").output
    write(folder / MONTH, UGLY)
    monkeypatch.chdir(folder / "tracks" / "python")
    result = invoke("basics.yml")
    assert result.output.startswith(f"formatted ../../{MONTH}\n"), result.output


def test_what_is_beside_the_curriculum_one_stands_in_is_not_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder.parent / "other.yml", UGLY)
    monkeypatch.chdir(folder)
    result = invoke("../other.yml")
    assert result.exit_code == 2
    assert "../other.yml belongs to no curriculum" in result.output


def test_only_what_belongs_to_a_curriculum(folder: Path) -> None:
    for path in (".hidden/a.yml", ".github/b.yml"):
        write(folder / path, UGLY)
    write(folder.parent / "mkdocs.yml", UGLY)
    before = contents(folder.parent)
    assert invoke(".").exit_code == 0
    changed = {p for p, content in contents(folder.parent).items() if content != before[p]}
    assert changed == {folder / MONTH}
    result = invoke("mkdocs.yml")
    assert result.exit_code == 2
    assert "belongs to no curriculum" in result.output
    assert invoke("nowhere").exit_code == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"title: 'Basics\nweek:   1\n", "RS002"),
        (b"title:   !x Basics\n", "RS007"),
        (b"a:   1\na: 2\n", "RS004"),
        (b"a:   " + b"[" * 70 + b"]" * 70, "RS003"),
        (b"a:   \xff\n", "RS001"),
    ],
)
def test_a_file_with_a_fault_stays(folder: Path, content: bytes, code: str) -> None:
    write(folder / MONTH, content)
    write(folder / TRACK, b"title:   Python\n")
    result = invoke("--no-color")
    assert result.exit_code == 1
    assert result.output.startswith(f"curriculum/{MONTH}:")
    assert f"error {code}" in result.output
    assert result.output.splitlines()[-1].endswith("1 with faults")
    assert (folder / MONTH).read_bytes() == content
    assert (folder / TRACK).read_bytes() == b"title: Python\n"


def test_a_file_that_changes_meanwhile_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The package's own `fmt` is the command.
    module = sys.modules["roadmap_site.cli.fmt"]
    real = module.format_source

    def slow(file: object) -> object:
        write(folder / MONTH, "title: Mine\n")
        return real(file)

    monkeypatch.setattr(module, "format_source", slow)
    result = invoke(folder / MONTH)
    assert result.exit_code == 2
    assert "was changed meanwhile" in result.output
    assert (folder / MONTH).read_text() == "title: Mine\n"


def test_a_byte_order_mark_stays(folder: Path) -> None:
    write(folder / MONTH, b"\xef\xbb\xbf" + UGLY.encode())
    assert invoke().exit_code == 0
    assert (folder / MONTH).read_bytes() == b"\xef\xbb\xbf" + NEAT.encode()


def test_stdin(folder: Path) -> None:
    result = invoke("--stdin", stdin=UGLY)
    assert (result.exit_code, result.stdout) == (0, NEAT)
    assert invoke("--stdin", "--check", stdin=UGLY).exit_code == 1
    assert invoke("--stdin", "--check", stdin=NEAT).exit_code == 0
    assert "+title: Basics" in invoke("--stdin", "--diff", stdin=UGLY).stdout
    result = invoke("--stdin", "--stdin-filename", "x.yml", stdin="a: 'b\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("x.yml:1:4: error RS002")
    assert invoke("--stdin", folder, stdin=UGLY).exit_code == 2


def test_help_shows_each_example_on_a_line_of_its_own() -> None:
    lines = invoke("--help").output.splitlines()
    assert "    roadmap-site fmt --check" in lines
