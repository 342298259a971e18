from __future__ import annotations

import os
from pathlib import Path

import pytest

import ensure_browser


class Machine:
    """A PATH with nothing on it but what a test puts there; it logs every command."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.bin.mkdir()
        self.env = {"PATH": str(self.bin)}

    def add(self, name: str, script: str = "exit 0") -> Path:
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.log}\n{script}\n')
        path.chmod(0o755)
        return path

    @property
    def commands(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def apt_with_chromium(machine: Machine) -> None:
    chromium = machine.bin / "chromium"
    install = f'printf "#!/bin/sh\\n" >{chromium}; PATH=/usr/bin:/bin chmod +x {chromium}'
    machine.add("apt-get", f'[ "$1" = update ] && exit 100\n{install}')


def test_finds_the_first_that_runs(machine: Machine) -> None:
    machine.add("chromium-browser", "echo 'requires the chromium snap'; exit 1")
    chrome = machine.add("google-chrome")
    assert ensure_browser.find_browser(machine.env) == str(chrome)


def test_variable_names_the_only_one_tried(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.add("chromium")
    mine = machine.add("mine")
    env = machine.env | {"ROADMAP_CHROMIUM": str(mine)}
    assert ensure_browser.find_browser(env) == str(mine)

    env["ROADMAP_CHROMIUM"] = "/nowhere/chrome"
    assert ensure_browser.main([], env) == 1
    assert "/nowhere/chrome" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], False),
        (["-m", "not browser"], True),
        (["-mnot browser"], True),
        (["-m", "not slow and not browser"], True),
        (["-m", "not (slow or browser)"], True),
        (["-m", "browser"], False),
        (["-m", "not slow"], False),
        (["-m", "not browser", "-m", "not slow"], False),
        (["-k", "not browser"], False),
        (["-m"], False),
    ],
)
def test_deselection(args: list[str], expected: bool) -> None:
    assert ensure_browser.is_deselected(args) is expected


def test_nothing_is_installed_for_deselected_tests(machine: Machine) -> None:
    machine.add("apt-get")
    assert ensure_browser.main(["-m", "not browser"], machine.env) == 0
    assert machine.commands == []


@pytest.mark.usefixtures("root")
def test_root_installs_though_the_update_failed(machine: Machine) -> None:
    apt_with_chromium(machine)
    assert ensure_browser.main([], machine.env) == 0
    assert machine.commands == ["apt-get update", "apt-get install --yes chromium"]


@pytest.mark.usefixtures("user")
def test_ci_installs_by_way_of_sudo(machine: Machine) -> None:
    apt_with_chromium(machine)
    machine.add("sudo", 'shift; [ "$1" = true ] || "$@"')
    assert ensure_browser.main([], machine.env | {"CI": "true"}) == 0
    assert "sudo --non-interactive apt-get install --yes chromium" in machine.commands


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("ci", ["", "true"])
def test_a_user_is_told_what_to_run(
    machine: Machine, capsys: pytest.CaptureFixture[str], ci: str
) -> None:
    machine.add("apt-get")
    machine.add("sudo", "exit 1")
    assert ensure_browser.main([], machine.env | {"CI": ci}) == 1
    assert "sudo apt-get install chromium" in capsys.readouterr().err
    assert not [command for command in machine.commands if command.startswith("apt-get")]


@pytest.mark.usefixtures("root")
def test_an_install_that_brings_no_browser_fails(machine: Machine) -> None:
    machine.add("apt-get")
    assert ensure_browser.main([], machine.env) == 1
