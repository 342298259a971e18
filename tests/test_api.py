"""The public API: what `import roadmap_site` gives, typed and documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

import roadmap_site
from builders import project

PACKAGE = Path(roadmap_site.__path__[0])
MODULES = sorted(
    module.name for module in pkgutil.walk_packages([str(PACKAGE)], prefix="roadmap_site.")
)


def test_all_are_the_public_names() -> None:
    public = {
        name
        for name, value in vars(roadmap_site).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert {*public, "__version__"} == set(roadmap_site.__all__)
    assert len(set(roadmap_site.__all__)) == len(roadmap_site.__all__)


def test_the_docstring_of_the_package_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project(tmp_path / "curriculum")
    monkeypatch.chdir(tmp_path)
    assert roadmap_site.__doc__
    _, example = roadmap_site.__doc__.split("\n\n", 1)
    exec(example, {})
    assert "tracks/python/ Python" in capsys.readouterr().out


def test_version_is_that_of_the_distribution() -> None:
    assert roadmap_site.__version__ == metadata.version("roadmap-site")
    assert re.fullmatch(r"\d+\.\d+\.\d+", roadmap_site.__version__)


def test_types_ship() -> None:
    assert (PACKAGE / "py.typed").read_bytes() == b""


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_is_documented(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_everything_public_is_documented(name: str) -> None:
    """Public classes, functions, methods and properties; enumerations' members by their class."""
    module = importlib.import_module(name)
    for what, value in inspect.getmembers(module):
        ours = getattr(value, "__module__", None) == module.__name__
        if what.startswith("_") or not ours or not (inspect.isclass(value) or callable(value)):
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, f"{name}.{what}"
        if inspect.isclass(value):
            for member, inside in vars(value).items():
                is_code = inspect.isfunction(inside) or isinstance(inside, property)
                if is_code and not member.startswith("_"):
                    assert inside.__doc__, f"{name}.{what}.{member}"


def test_signatures_are_annotated() -> None:
    for name in roadmap_site.__all__:
        value = getattr(roadmap_site, name)
        if inspect.isfunction(value):
            signature = inspect.signature(value)
            assert signature.return_annotation is not inspect.Signature.empty
            for parameter in signature.parameters.values():
                assert parameter.annotation is not inspect.Parameter.empty
