"""The rooms of the package: who may import whom, what they are called, who prints."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import roadmap_site

CHECKOUT = Path(__file__).parent.parent
PACKAGE = Path(roadmap_site.__path__[0])
SOURCES = sorted(PACKAGE.rglob("*.py"))
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def test_import_contracts_hold() -> None:
    script = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(script), "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_room_is_in_a_contract() -> None:
    """`exhaustive` says so of the layers; this says that it is still set."""
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    assert "exhaustive = true" in text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_room_is_called_after_nothing(path: Path) -> None:
    assert not BANNED.intersection(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_cli_prints_and_exits(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli"):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Name):
            assert node.id not in ("print", "input", "exit", "quit", "breakpoint")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            assert name not in ("click.echo", "sys.stdout", "sys.stderr", "sys.exit")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_of_a_readable_size(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 700


def test_loading_and_checking_need_no_more_than_yaml() -> None:
    """MkDocs takes half a second to import, which `check` need not wait for."""
    script = "import sys, roadmap_site.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"mkdocs", "material", "requests"} & set(done.stdout.split())
