"""What `.ci/venv` does with good, bad and missing interpreters; they are shell scripts here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / ".ci" / "venv"
TOOLS = ("cat", "cmp", "cp", "dirname", "mkdir", "rm", "rmdir", "sh")


class Checkout:
    """A checkout with the script in it, and a PATH of a few tools and pretended Pythons."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.offline = folder / "offline"
        (self.root / ".ci").mkdir(parents=True)
        shutil.copy(SCRIPT, self.root / ".ci")
        (self.root / "requirements.lock").write_text("mkdocs==1\n")
        (self.root / "pyproject.toml").write_text("[project]\n")
        self.bin.mkdir()
        for tool in TOOLS:
            path = shutil.which(tool)
            assert path
            (self.bin / tool).symlink_to(path)

    def add_python(self, name: str, version: str = "3.11", verdict: int = 0) -> None:
        """A Python that logs what it is asked for; `verdict` is what `judge` hears of it."""
        path = self.bin / name
        path.write_text(
            f"""#!/bin/sh
            case "$*" in
                *"version_info < (3, 11)"*) exit {verdict} ;;
                *"%d.%d"*) echo {version} ;;
                *"sys.base_prefix"*) echo {version} ;;
                *"import mkdocs"*) test -e "${{0%/bin/python}}/mkdocs" ;;
                "-m venv "*)
                    echo "{name} venv" >>{self.log}
                    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
                "-m pip "*)
                    echo "{name} $*" >>{self.log}
                    test ! -e {self.offline} && : >"${{0%/bin/python}}/mkdocs" ;;
            esac
            """
        )
        path.chmod(0o755)

    def run(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        return subprocess.run(
            [str(self.root / ".ci" / "venv"), *args],
            env={"PATH": str(self.bin), **env},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def did(self) -> list[str]:
        """The steps of the last run: venv, lock, project."""
        return [
            "venv" if line.endswith(" venv") else "project" if "--editable" in line else "lock"
            for line in self.log.read_text().splitlines()
        ]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_no_python_at_all(checkout: Checkout) -> None:
    run = checkout.run()
    assert run.returncode == 1
    assert "needs Python 3.11 or newer; found: none." in run.stderr
    assert "sudo apt-get install python3 python3-venv" in run.stderr


def test_too_old(checkout: Checkout) -> None:
    checkout.add_python("python3", "3.9", verdict=10)
    run = checkout.run()
    assert run.returncode == 1
    assert "found: python3 (3.9)" in run.stderr


def test_missing_venv_module(checkout: Checkout) -> None:
    checkout.add_python("python3", "3.11", verdict=11)
    run = checkout.run()
    assert run.returncode == 1
    assert "sudo apt-get install python3.11-venv\n" in run.stderr
    assert not (checkout.root / ".venv").exists()


def test_a_later_candidate_is_taken(checkout: Checkout) -> None:
    checkout.add_python("python3", "3.9", verdict=10)
    checkout.add_python("python3.14", verdict=127)  # as a shim of pyenv for what is not active
    checkout.add_python("python3.13", "3.13", verdict=11)
    checkout.add_python("python3.12", "3.12")
    run = checkout.run()
    assert run.returncode == 0, run.stderr
    assert checkout.log.read_text().startswith("python3.12 venv")


def test_one_that_is_newer_than_the_wheels_comes_last(checkout: Checkout) -> None:
    checkout.add_python("python3", "3.15", verdict=12)
    checkout.run()
    assert checkout.log.read_text().startswith("python3 venv")

    shutil.rmtree(checkout.root / ".venv")
    checkout.add_python("python3.13", "3.13")
    checkout.run()
    assert checkout.log.read_text().startswith("python3.13 venv")


def test_a_named_python_is_the_only_candidate(checkout: Checkout) -> None:
    checkout.add_python("python3")
    checkout.add_python("python3.10", "3.10", verdict=10)
    run = checkout.run(PYTHON="python3.10")
    assert run.returncode == 1
    assert "PYTHON=python3.10 names none, found: python3.10 (3.10)" in run.stderr


def test_a_second_run_does_nothing(checkout: Checkout) -> None:
    checkout.add_python("python3")
    assert checkout.run().returncode == 0
    assert checkout.did == ["venv", "lock", "project"]
    assert "--require-hashes" in checkout.log.read_text()

    again = checkout.run()
    assert (again.returncode, again.stderr, checkout.did) == (0, "", [])


def test_what_changed_is_done_again(checkout: Checkout) -> None:
    checkout.add_python("python3")
    checkout.run()

    (checkout.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    checkout.run()
    assert checkout.did == ["project"]

    (checkout.root / "requirements.lock").write_text("mkdocs==2\n")
    checkout.run()
    assert checkout.did == ["venv", "lock", "project"]


def test_an_unfinished_environment_is_made_anew(checkout: Checkout) -> None:
    checkout.add_python("python3")
    checkout.offline.touch()
    failed = checkout.run()
    assert failed.returncode == 1
    assert "needs the network" in failed.stderr

    checkout.offline.unlink()
    assert checkout.run().returncode == 0
    assert checkout.did == ["venv", "lock", "project"]


def test_a_broken_environment_is_made_anew(checkout: Checkout) -> None:
    checkout.add_python("python3")
    checkout.run()
    (checkout.root / ".venv" / "mkdocs").unlink()
    checkout.run()
    assert checkout.did == ["venv", "lock", "project"]


def test_another_python_is_taken_when_named(checkout: Checkout) -> None:
    checkout.add_python("python3", "3.11")
    checkout.add_python("python3.13", "3.13")
    checkout.run()
    checkout.run(PYTHON="python3")
    assert checkout.did == []
    checkout.run(PYTHON="python3.13")
    assert checkout.log.read_text().startswith("python3.13 venv")


def test_a_moved_checkout_gets_its_own(checkout: Checkout) -> None:
    checkout.add_python("python3")
    checkout.run()
    checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    checkout.run()
    assert checkout.did == ["venv", "lock", "project"]


def test_a_directory_of_somebody_else_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    checkout.add_python("python3")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").touch()
    run = checkout.run(str(mine))
    assert run.returncode == 1
    assert "VENV=" in run.stderr
    assert (mine / "thesis.txt").exists()
