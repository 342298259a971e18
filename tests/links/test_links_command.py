"""`roadmap-site links`: what it looks at, asks for, says and writes, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import termios
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from builders import LIBRARY, MONTH, ROOT, project, write
from links.web import Web
from loopback import UNSURE, loopback
from roadmap_site.cli import main
from roadmap_site.cli.link_progress import Log
from roadmap_site.links.diagnose import FAILING
from roadmap_site.links.memory import STRIKE_GAP
from roadmap_site.links.memory_file import read_memory, write_memory
from roadmap_site.links.network import Network
from roadmap_site.model.links import Judged, LinkStatus
from test_since import commit, git

DOOR = Path(__file__).with_name("door.py")
OWN = "https://site.example.org/docs/"


def library(*urls: str) -> dict[str, str]:
    """A curriculum whose resources have these addresses, the first in line 2, 6, 10 and so on."""
    text = "".join(
        f"r{i}:\n  url: {json.dumps(url)}\n  title: Resource {i}\n  type: tutorial\n"
        for i, url in enumerate(urls)
    )
    names = ", ".join(f"r{i}" for i in range(len(urls)))
    month = f"title: Basics\nweek: 1\ntopics: [Printing]\nresources: [{names}]\n"
    own = "tutorial: {title: The tutorial, type: tutorial}\n"
    return {LIBRARY: text + own, MONTH: month}


def run(folder: Path, web: Web, *options: str) -> Result:
    """The command about the library, whose network ends at the web's port."""
    # Of a part of a curriculum no site is built, which takes a second.
    paths = [] if any(option.startswith(str(folder)) for option in options) else ["resources"]
    arguments = ["links", "--gap", "0", *options, *(str(folder / path) for path in paths)]
    return CliRunner().invoke(main, arguments, obj=loopback({web.port, 443}))


def run_whole(folder: Path, web: Web, *options: str) -> Result:
    """The command about all of a curriculum and its site."""
    return run(folder, web, "-f", str(folder.parent / "mkdocs.yml"), *options, str(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a curriculum goes, beside a configuration of its site."""
    write(
        tmp_path / "mkdocs.yml",
        f"site_name: Small\nsite_url: {OWN}\ndocs_dir: curriculum/pages\n"
        "theme: {name: material, font: false}\n"
        "plugins: [search, roadmap]\n",
    )
    (tmp_path / "curriculum" / "pages").mkdir(parents=True)
    return tmp_path / "curriculum"


def statuses(result: Result) -> dict[str, str]:
    """What became of each address, by its path."""
    return {
        link["url"].partition("/")[2][1:].partition("/")[2]: link["status"]
        for link in links(result)
    }


def links(result: Result) -> list[dict[str, Any]]:
    return list(json.loads(result.stdout)["links"])


# ------------------------------------------------------------------------------------- how it ends


def test_what_works_is_counted(folder: Path, web: Web) -> None:
    project(folder, library(web.url("a"), web.url("b", host="b")))
    done = run_whole(folder, web)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "2 links in 2 places: 2 ok (2 asked for)\nno faults\n"
    assert sorted(web.asked) == ["/a", "/b"]


def test_what_is_gone_fails_at_its_place(folder: Path, web: Web) -> None:
    project(folder, library(web.url("a"), web.url("gone/x")))
    done = run(folder, web)
    assert done.exit_code == 1
    head, source, carets, *_ = done.stdout.splitlines()
    assert head.startswith(
        f"{folder}/{LIBRARY}:6:9: error RS801 broken-link: `{web.url('gone/x')}`"
    )
    assert "404" in head
    assert source.endswith(f'url: "{web.url("gone/x")}"')
    assert carets.count("^") == len(web.url("gone/x"))
    assert web.asked.count("/gone/x") == 2


@pytest.mark.parametrize(
    "bad", ["http://127.0.0.1:1/", "http://a.test:22/", "https://", "www.a.org"]
)
def test_what_nothing_may_be_asked_for_fails(folder: Path, web: Web, bad: str) -> None:
    project(folder, {"resources/more.yml": f'bad: {{title: B, type: tutorial, url: "{bad}"}}\n'})
    for options in ((), ("--offline",)):
        done = run(folder, web, *options, str(folder / "resources" / "more.yml"))
        assert done.exit_code == 1
        assert "RS802 invalid-link" in done.stdout
    assert not web.asked


def test_walls_and_weather_inform(folder: Path, web: Web) -> None:
    urls = (web.url("wall"), web.url("down"), web.url("a#nowhere"), web.url("moved/a"))
    project(folder, library(*urls))
    done = run(folder, web)
    assert done.exit_code == 0, done.output
    for code in ("info RS809", "warning RS807", "warning RS804", "info RS803"):
        assert code in done.stdout
    assert "error" not in done.stdout
    quiet = run(folder, web, "--quiet")
    assert "RS807" in quiet.stdout
    assert "RS809" not in quiet.stdout


def test_strict_lets_a_class_fail(folder: Path, web: Web) -> None:
    project(folder, library(web.url("a#nowhere"), web.url("moved/a")))
    assert run(folder, web, "--strict", "tls").exit_code == 0
    assert run(folder, web, "--strict", "tls,moved").exit_code == 1
    done = run(folder, web, "--strict", "fragment", "--strict", "tls")
    assert done.exit_code == 1
    assert "error RS804" in done.stdout
    wrong = run(folder, web, "--strict", "fragments")
    assert wrong.exit_code == 2
    assert "'fragments' is no class" in wrong.stderr


def test_a_link_is_accepted_by_a_comment_with_a_reason(folder: Path, web: Web) -> None:
    files = library(web.url("gone/x"))
    files[LIBRARY] = files[LIBRARY].replace(
        'gone/x"', 'gone/x" # roadmap: ignore[RS801] blocks programs with a 404'
    )
    project(folder, files)
    done = run_whole(folder, web)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "no faults (1 error accepted in place)"
    (link,) = (
        link for link in links(run_whole(folder, web, "--format", "json")) if "gone" in link["url"]
    )
    assert link["status"] == "broken"
    assert link["places"][0]["accepted"] == "blocks programs with a 404"
    # `check` never asks, and cannot say that the comment is of no use.
    assert CliRunner().invoke(main, ["check", str(folder)]).exit_code == 0


def test_the_gravest_stands_last_beside_the_verdict(folder: Path, web: Web) -> None:
    project(folder, library(*map(web.url, ("gone/x", "wall", "down", "moved/a"))))
    lines = run(folder, web).stdout.splitlines()
    found = [line.split()[1] for line in lines if " RS80" in line and ": " in line]
    assert found == ["info", "info", "warning", "error"]
    assert lines[-2:] == [
        "1 error, 1 warning, 2 infos",
        "`roadmap-site rule RS801` explains a rule",
    ]


def test_no_message_says_a_thing_twice(folder: Path, web: Web) -> None:
    project(folder, library(*map(web.url, ("a#nowhere", "moved/a", "wall"))))
    said = run(folder, web).stdout
    assert "misses its anchor: the page has nothing called `nowhere`\n" in said
    assert f"`{web.url('moved/a')}` has moved for good\n" in said
    assert "could not be checked: refuses programs (403 Forbidden)\n" in said


def test_a_run_that_waits_says_so(folder: Path, web: Web) -> None:
    project(folder, library(*map(web.url, ("gone/x", "down", "a"))))
    options = ("--gap", "0.01")
    assert run(folder, web, *options).stderr == "asking again for 2, 0.01 s later\n"
    assert run(folder, web, *options, "--quiet").stderr == ""
    assert run(folder, web, *options, "--format", "json").stderr.count("\n") == 1


def on_terminal(web: Web, *arguments: str | Path, term: str = "xterm") -> tuple[int, bytes, str]:
    """The exit code, what went to standard output, and what a terminal showed of the errors."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with subprocess.Popen(
        [sys.executable, str(DOOR), "links", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "DOOR": f"*.test={web.port}", "TERM": term},
    ) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # as Linux tells the end
            while chunk := os.read(ours, 4096):
                shown += chunk
        stdout, _ = process.communicate()
    os.close(ours)
    return process.returncode, stdout, shown.decode()


def test_a_bar_says_that_it_waits_and_is_gone_in_the_end(folder: Path, web: Web) -> None:
    project(folder, library("http://a.test/gone", "http://a.test/fine"))
    code, stdout, shown = on_terminal(web, "--gap", "0.3", folder / "resources")
    assert code == 1
    assert b"asking" not in stdout
    words = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown)
    assert "asking again for 1, 0.3 s later" in words
    assert "1/2" in words
    assert shown.rstrip().endswith("\x1b[2K"), "the line of the bar is wiped"


@pytest.mark.parametrize(
    ("options", "term"), [(("--quiet",), "xterm"), ((), "dumb")], ids=["quiet", "dumb"]
)
def test_no_bar_is_drawn_where_none_is_wanted(
    folder: Path, web: Web, options: tuple[str, ...], term: str
) -> None:
    project(folder, library("http://a.test/fine"))
    code, _, shown = on_terminal(web, *options, folder / "resources", term=term)
    assert (code, shown) == (0, "")


@pytest.mark.parametrize("closed", ["1", "2"], ids=["stdout", "stderr"])
def test_a_closed_stream_stops_nothing(folder: Path, web: Web, closed: str) -> None:
    project(folder, library("http://a.test/gone"))
    command = f'exec "$0" "$1" links --gap 0 "$2" {closed}>&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, str(DOOR), str(folder / "resources")],
        env={**os.environ, "DOOR": f"*.test={web.port}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert ("error RS801" in done.stdout) == (closed == "2")


def test_a_long_run_says_now_and_then_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(0, 1000, 10))
    log = Log(clock=lambda: next(seconds))
    for done in range(11):
        log.on_progress(done, 10)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"{done} of 10 addresses done" for done in (2, 5, 8)]


def unreachable() -> Network:
    """A machine without a network, where three hosts are sought."""
    return loopback({80}, answers={f"{name}.test": [UNSURE] for name in "xyz"})


def test_what_would_change_is_not_known_without_a_network(folder: Path) -> None:
    project(folder, library("http://x.test/", "http://y.test/", "http://z.test/"))
    arguments = ["links", str(folder / "resources"), "--diff", "--gap", "0"]
    done = CliRunner().invoke(main, arguments, obj=unreachable())
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no network" in done.stderr


def test_no_network_is_one_line(folder: Path) -> None:
    project(folder, library("http://x.test/", "http://y.test/", "http://z.test/"))
    network = unreachable()
    options = ["-f", str(folder.parent / "mkdocs.yml"), "--gap", "0"]
    for format_name in ("text", "github"):
        arguments = ["links", str(folder), *options, "--format", format_name]
        done = CliRunner().invoke(main, arguments, obj=network)
        assert done.exit_code == 3
        assert done.output.count("\n") == 1
        assert "no network" in done.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("nowhere",), "there is no nowhere. Give a curriculum's folder"),
        (("--diff", "--format", "json"), "--diff shows a diff"),
        (("--offline", "--fix"), "leave out --offline"),
        (("--deadline", "0"), "--deadline"),
        (("--limit", "-1"), "--limit"),
        (("-f", "nothing.yml"), "there is no nothing.yml"),
        (("--since", "nothing"), "is not in a git repository"),
        (("--cache", "mkdocs.yml/cache"), "cannot be written"),
        (("--cache", "mkdocs.yml/cache", "--diff"), "cannot be written"),
        (("-o", "nowhere/links.txt"), "there is no nowhere. Make that folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, web: Web, options: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder, library(web.url("a")))
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent.parent))
    paths = [] if options == ("nowhere",) else ["curriculum"]
    arguments = ["links", "--gap", "0", *paths, *options]
    done = CliRunner().invoke(main, arguments, obj=loopback({web.port, 443}))
    assert done.exit_code == 2
    assert says in done.stderr


def test_when_time_is_up_the_rest_is_unchecked(folder: Path, web: Web) -> None:
    project(folder, library(*(web.url(f"{i}") for i in range(30))))
    done = run(folder, web, "--deadline", "0.3", "--format", "json")
    assert done.exit_code == 0
    counts = json.loads(done.stdout)["summary"]
    assert counts["unchecked"] > 0
    assert counts["ok"] + counts["unchecked"] == 30


def test_so_many_are_asked_for_at_most(folder: Path, web: Web) -> None:
    project(folder, library(*(web.url(f"{i}", host=f"h{i}") for i in range(5))))
    done = run(folder, web, "--limit", "3", "--format", "json")
    assert len(web.asked) == 3
    assert json.loads(done.stdout)["summary"]["unchecked"] == 2
    told = run(folder, web, "--limit", "3").stdout
    assert "2 addresses were not asked for: beyond the number" in told
    assert "RS810" not in told
    assert "error RS810" in run(folder, web, "--limit", "3", "--strict", "unchecked").stdout


def test_what_failed_before_is_asked_first(folder: Path, web: Web, tmp_path: Path) -> None:
    project(folder, library(*(web.url(f"ok/{n}") for n in range(5)), web.url("gone/x")))
    cache = tmp_path / "links.jsonl"
    memory = read_memory(cache)
    memory.keep(web.url("gone/x"), Judged(LinkStatus.BROKEN), datetime.now(UTC) - timedelta(days=3))
    write_memory(memory, cache)
    run(folder, web, "--cache", str(cache), "--limit", "1")
    assert {*web.asked} == {"/gone/x"}


def test_it_can_be_stopped(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        write(tmp_path / "list.yml", "- http://a.test/\n- http://b.test/\n")
        command = [sys.executable, str(Path(__file__).parent / "door.py"), "links", "list.yml"]
        command += ["--timeout", "250"]
        environment = {**os.environ, "DOOR": f"*.test={port}"}
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
        ) as running:
            connection, _ = silent.accept()
            with connection:
                running.send_signal(signal.SIGINT)
                _, said = running.communicate(timeout=300)
    assert running.returncode == 130
    assert said == "stopped: nothing is said about the links\n"


# ------------------------------------------------------------------------------- what it looks at


def test_paths_within_a_curriculum(folder: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    project(folder, library(web.url("a")))
    write(folder / "pages" / "more.md", f"# More\n\n[words]({web.url('b')})\n")
    run(folder, web, str(folder / "pages"))
    assert web.asked == ["/b"]
    monkeypatch.chdir(folder / "resources")
    CliRunner().invoke(main, ["links", "--gap", "0", "."], obj=loopback({web.port, 443}))
    assert web.asked == ["/b", "/a"]


def test_a_file_without_a_curriculum(tmp_path: Path, web: Web) -> None:
    write(tmp_path / "some" / "list.yml", f"- see {web.url('a')}, please\n- {web.url('gone')}\n")
    write(tmp_path / "some" / "page.md", f"[words]({web.url('b')})\n")
    done = run(tmp_path / "some", web, str(tmp_path / "some" / "list.yml"), "--format", "json")
    places = [
        (link["url"], link["places"][0]["line"], link["places"][0]["column"])
        for link in links(done)
    ]
    assert places == [(web.url("gone"), 2, 3), (web.url("a"), 1, 7)]
    assert done.exit_code == 1
    run(tmp_path / "some", web, str(tmp_path / "some"))
    assert "/b" in web.asked


def test_what_is_beside_the_curriculum_one_stands_in_is_not_of_it(
    folder: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder)
    write(folder.parent / "page.md", f"[words]({web.url('a')})\n")
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, ["links", "../page.md"], obj=loopback({web.port}))
    assert (done.exit_code, web.asked) == (0, ["/a"])


def test_paths_of_two_curricula_are_refused(tmp_path: Path, web: Web) -> None:
    one, other = (project(tmp_path / name) for name in ("one", "other"))
    done = CliRunner().invoke(main, ["links", str(one), str(other)])
    assert done.exit_code == 2
    assert "one curriculum at a time" in done.stderr
    assert not web.asked


@pytest.mark.parametrize("there", ["../there", "{}/there"])
def test_paths_written_in_two_ways(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    write(tmp_path / "here" / "a.md", f"[words]({web.url('a')})\n")
    write(tmp_path / "there" / "b.md", f"[words]({web.url('b')})\n")
    monkeypatch.chdir(tmp_path / "here")
    arguments = ["links", "--gap", "0", ".", there.format(tmp_path)]
    done = CliRunner().invoke(main, arguments, obj=loopback({web.port, 443}))
    assert done.exit_code == 0, done.output
    assert sorted(web.asked) == ["/a", "/b"]


def test_offline_says_what_was_checked(folder: Path, web: Web, tmp_path: Path) -> None:
    project(folder, library(web.url("a")))
    whole = run_whole(folder, web, "--offline").stdout.splitlines()
    assert whole[0] == "1 link in 1 place: 1 unchecked"
    assert re.fullmatch(
        r"nobody is asked; links within the site are checked on its \d+ pages", whole[1]
    )
    part = run(folder, web, "--offline")
    assert "links within the site are not checked: give the whole curriculum" in part.stdout
    write(tmp_path / "page.md", "[words](there.md)\n")
    alone = CliRunner().invoke(main, ["links", "--offline", str(tmp_path / "page.md")])
    assert "links within the site are not checked: no curriculum.yml is here" in alone.stdout


def test_the_site_itself_is_not_asked(folder: Path, web: Web) -> None:
    page = f"# More\n\n[fine]({OWN}topics/printing/) [gone]({OWN}topics/nothing/) [here](#no)\n"
    project(folder, {"pages/index.md": "# Home\n", "pages/more.md": page})
    done = run_whole(folder, web, "--offline", "--format", "json")
    assert done.exit_code == 1
    found = {(link["url"], link["status"]) for link in links(done)}
    assert (f"{OWN}topics/printing/", "ok") in found
    broken = [link for link in links(done) if link["status"] == "broken"]
    assert [link["places"][0]["path"].rpartition("/")[2] for link in broken] == ["more.md"] * 2
    assert not web.asked


def test_a_curriculum_with_faults_is_asked_for_all_the_same(folder: Path, web: Web) -> None:
    files = library(web.url("a"))
    project(folder, {**files, ROOT: "id: small\ntitel: Small\n"})
    done = run_whole(folder, web)
    assert "the site cannot be built, so links within it are not checked" in done.stdout
    assert json.loads(run_whole(folder, web, "--format", "json").stdout)["has_site"] is False
    assert "/a" in web.asked
    offline = run_whole(folder, web, "--offline")
    assert offline.exit_code == 2
    assert "the site cannot be built" in offline.stdout
    write(folder / "resources" / "more.yml", "m: {title: M, type: tutorial, url: 'ftp://a.test/'}")
    offline = run_whole(folder, web, "--offline")
    assert offline.exit_code == 1  # what fails is known all the same
    assert "RS802" in offline.stdout


def test_a_file_that_cannot_be_read_fails(folder: Path, web: Web) -> None:
    project(folder, {**library(web.url("a")), "resources/other.yml": "a: [\n"})
    done = run(folder, web)
    assert done.exit_code == 1
    assert "resources/other.yml:" in done.stdout
    assert "RS002" in done.stdout


# ---------------------------------------------------------------------------------- what is new


@pytest.fixture
def repository(folder: Path, web: Web) -> Path:
    """A repository whose curriculum has links, one of them broken for long."""
    project(folder, library(web.url("gone/old"), web.url("a")))
    git(folder.parent, "init", "--quiet", "--initial-branch=main")
    commit(folder, {})
    git(folder, "switch", "--quiet", "--create", "topic")
    return folder


def test_only_what_is_new_is_asked_for_and_fails(repository: Path, web: Web) -> None:
    done = run(repository, web, "--since", "main")
    assert done.exit_code == 0
    assert done.stdout == "no links\nno address is new since main\nno faults\n"
    assert not web.asked
    project(repository, library(web.url("gone/old"), web.url("a"), web.url("b")))
    assert run(repository, web, "--since", "main").exit_code == 0
    assert web.asked == ["/b"]
    project(repository, library(web.url("gone/old"), web.url("a"), web.url("gone/new")))
    done = run(repository, web, "--since", "main")
    assert done.exit_code == 1
    assert f"{LIBRARY}:10:9: error RS801" in done.stdout
    assert "/gone/old" not in web.asked


def test_a_second_place_of_a_broken_link_fails_there(repository: Path, web: Web) -> None:
    gone = web.url("gone/old")
    write(
        repository / "resources" / "more.yml", f"m:\n  url: {gone}\n  title: M\n  type: tutorial\n"
    )
    done = run(repository, web, "--since", "main", "--format", "json")
    (link,) = (link for link in links(done) if link["url"] == gone)
    severities = {place["path"].rpartition("/")[2]: place["severity"] for place in link["places"]}
    assert severities == {"more.yml": "error", "library.yml": "info"}
    assert done.exit_code == 1
    assert web.asked == ["/gone/old"] * 2


# ----------------------------------------------------------------------------- what it remembers


def test_what_worked_is_not_asked_again(folder: Path, web: Web, tmp_path: Path) -> None:
    project(folder, library(web.url("a"), web.url("gone/x"), web.url("down")))
    cache = tmp_path / "some" / "links.jsonl"
    assert run(folder, web, "--cache", str(cache)).exit_code == 1
    web.forget()
    done = run(folder, web, "--cache", str(cache), "--format", "json")
    assert sorted(set(web.asked)) == ["/down", "/gone/x"]
    assert done.exit_code == 1
    assert json.loads(done.stdout)["remembered"] == 1
    cache.write_bytes(b"\x00 nothing of ours\n")
    web.forget()
    done = run(folder, web, "--cache", str(cache))
    assert "/a" in web.asked
    assert "damaged" in done.stdout


def test_what_failed_for_days_is_broken_in_whole_runs(
    folder: Path, web: Web, tmp_path: Path
) -> None:
    project(folder, library(web.url("down")))
    git(folder.parent, "init", "--quiet", "--initial-branch=main")
    cache = tmp_path / "links.jsonl"
    memory = read_memory(cache)
    first = datetime.now(UTC) - timedelta(days=3)
    for strike in range(3):
        memory.keep(web.url("down"), Judged(LinkStatus.FLAKY), first + strike * STRIKE_GAP * 2)
    write_memory(memory, cache)
    text = cache.read_text("utf-8")
    done = run(folder, web, "--cache", str(cache))
    assert done.exit_code == 1
    assert "error RS801" in done.stdout
    assert f"since {first:%Y-%m-%d}" in done.stdout
    # Where only what is new counts, nothing has failed for days.
    git(folder.parent, "commit", "--quiet", "--allow-empty", "-m", "Begin")
    cache.write_text(text, "utf-8")
    assert run(folder, web, "--cache", str(cache), "--since", "main").exit_code == 0


def test_what_was_broken_stays_so_where_time_ends_before_it_is_sure(
    folder: Path, web: Web, tmp_path: Path
) -> None:
    project(folder, library(web.url("gone/x"), web.url("down")))
    cache = str(tmp_path / "links.jsonl")
    assert run(folder, web, "--cache", cache).exit_code == 1
    options = ("--cache", cache, "--deadline", "1", "--gap", "60", "--format", "markdown")
    done = run(folder, web, *options)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2].startswith("Nothing fails, but not all is known: 2 links")
    (row,) = (line for line in done.stdout.splitlines() if "gone/x" in line)
    assert f"; broken on {datetime.now(UTC):%Y-%m-}" in row
    assert done.stdout.count("broken on") == 1


def test_what_was_found_is_said_where_it_cannot_be_remembered(folder: Path, web: Web) -> None:
    project(folder, library(web.url("gone/x")))
    done = run(folder, web, "--cache", str(folder / LIBRARY / "cache"))
    assert done.exit_code == 2
    assert "error RS801" in done.stdout
    assert "cannot be written" in done.stderr


def test_a_cache_that_is_a_link_is_said_before_anybody_is_asked(
    folder: Path, web: Web, tmp_path: Path
) -> None:
    project(folder, library(web.url("ok/1")))
    cache = tmp_path / "links.jsonl"
    cache.symlink_to(tmp_path / "elsewhere")
    done = run(folder, web, "--cache", str(cache))
    assert done.exit_code == 2
    assert "links.jsonl is a symbolic link. Give --cache the file itself" in done.output
    assert web.addresses == []
    assert not cache.exists()


# ------------------------------------------------------------------------------------- what it says


def test_help_has_every_class_and_says_which_fail() -> None:
    text = CliRunner().invoke(main, ["links", "--help"]).stdout
    table = text.partition("What becomes of a link:\n")[2].partition("\n\n")[0]
    rows = [line.split() for line in table.splitlines()]
    assert [row[0] for row in rows] == list(LinkStatus)
    assert [row[0] for row in rows if row[-1] == "fails"] == list(FAILING)


def test_fix_writes_the_new_address_and_nothing_else(folder: Path, web: Web) -> None:
    project(folder, library(web.url("moved/a"), web.url("gone/x")))
    before = (folder / LIBRARY).read_text("utf-8")
    shown = run(folder, web, "--diff")
    assert shown.exit_code == 1
    assert f'+  url: "{web.url("new/a")}"' in shown.stdout
    assert (folder / LIBRARY).read_text("utf-8") == before
    done = run(folder, web, "--fix")
    assert done.exit_code == 1  # what is gone is still gone
    assert (folder / LIBRARY).read_text("utf-8") == before.replace("moved/a", "new/a")
    assert f"{LIBRARY}:2:9: mended RS803" in done.stdout
    assert run(folder, web, "--diff").exit_code == 0


def test_markdown_goes_to_a_file(folder: Path, web: Web, tmp_path: Path) -> None:
    project(folder, library(web.url("gone/x")))
    done = run(folder, web, "--format", "markdown", "-o", str(tmp_path / "links.md"))
    assert done.exit_code == 1
    assert done.stdout.count("\n") == 1
    assert "gone/x" in (tmp_path / "links.md").read_text("utf-8")


def test_the_whole_list_goes_to_the_summary_of_the_step(
    folder: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    project(folder, library(*(web.url(f"gone/{i}", host=f"h{i}") for i in range(12))))
    done = run(folder, web, "--format", "github")
    assert done.exit_code == 1
    assert done.stdout.count("::error ") == 10
    text = summary.read_text("utf-8")
    assert text.startswith("# Before\n")
    assert all(f"gone/{i}" in text for i in range(12))


def test_a_summary_that_cannot_be_written_is_said(
    folder: Path, web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(folder, library(web.url("ok/1")))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    done = run(folder, web, "--format", "github")
    assert (done.exit_code, done.exception.__class__) == (2, SystemExit)
    assert "summary.md cannot be written: No such file or directory" in done.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_is_said(folder: Path, web: Web) -> None:
    project(folder, library(web.url("gone/1")))
    command = [sys.executable, "-m", "roadmap_site", "links", "--offline"]
    command.append(str(folder / "resources"))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "there is no writing here: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_paths_from_here_and_from_the_root_are_of_one_folder(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.md", "b.md"):
        write(tmp_path / name, f"[It]({web.url(name)})\n")
    paths = ["--gap", "0", "a.md", str(tmp_path / "b.md")]
    done = CliRunner().invoke(main, ["links", *paths], obj=loopback({web.port}))
    assert (done.exit_code, done.exception) == (0, None)
    assert sorted(web.asked) == ["/a.md", "/b.md"]


def test_sarif_names_the_rules_of_links_alone(folder: Path, web: Web) -> None:
    project(folder, library(web.url("gone/x")))
    (log,) = json.loads(run(folder, web, "--format", "sarif").stdout)["runs"]
    assert {rule["id"][:3] for rule in log["tool"]["driver"]["rules"]} == {"RS8"}
    assert log["results"][0]["ruleId"] == "RS801"
    checked = CliRunner().invoke(main, ["check", str(folder), "--format", "sarif"])
    (log,) = json.loads(checked.stdout)["runs"]
    assert not [rule for rule in log["tool"]["driver"]["rules"] if rule["id"].startswith("RS8")]


def test_what_the_settings_say_of_a_class_holds_where_it_is_new(repository: Path, web: Web) -> None:
    project(
        repository,
        {
            **library(web.url("gone/old"), web.url("a"), web.url("gone/old")),
            ROOT: (repository / ROOT).read_text("utf-8") + "check: {severity: {RS801: warning}}\n",
        },
    )
    done = run(repository, web, "--since", "main", "--format", "json")
    (link,) = (link for link in links(done) if "gone" in link["url"])
    assert [place["severity"] for place in link["places"]] == ["info", "warning"]
    assert done.exit_code == 0


def test_links_within_the_site_fail_where_their_lines_are_new(repository: Path, web: Web) -> None:
    old = "# Home\n\n[old](nowhere.md)\n"
    git(repository, "switch", "--quiet", "main")
    commit(repository, {"pages/index.md": old})
    git(repository, "switch", "--quiet", "topic")
    git(repository, "merge", "--quiet", "main")
    done = run_whole(repository, web, "--since", "main", "--offline")
    assert done.exit_code == 0, done.output
    assert "pages/index.md:3:7: warning RS801" in done.stdout
    assert "its line is not new, and fails where the whole site is checked, not here" in done.stdout
    write(repository / "pages" / "index.md", f"{old}\n[new](nowhere.md)\n")
    done = run_whole(repository, web, "--since", "main", "--offline")
    assert done.exit_code == 1
    assert "pages/index.md:5:7: error RS801" in done.stdout


def test_the_lines_of_a_page_with_a_new_name_are_no_new_ones(repository: Path, web: Web) -> None:
    commit(repository, {"pages/index.md": "# Home\n", "pages/one.md": "# One\n\n[x](nowhere.md)\n"})
    git(repository, "mv", "pages/one.md", "pages/two.md")
    assert run_whole(repository, web, "--since", "topic", "--offline").exit_code == 0
