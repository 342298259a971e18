"""What is remembered between runs: served for a while, struck for failing, proof against damage."""

from __future__ import annotations

import json
import os
import random
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from roadmap_site.links.memory import Memory, checker_key
from roadmap_site.links.memory_file import read_memory, write_memory
from roadmap_site.model.links import Judged, LinkStatus

URL = "https://example.org/a#part"
NOW = datetime(2026, 3, 1, 12, 0, 30, 999, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
S = LinkStatus


def judged(status: LinkStatus, detail: str = "why") -> Judged:
    replacement = "https://example.org/new" if status is S.MOVED else ""
    return Judged(status, detail, replacement, 200, "https://example.org/a")


def again(memory: Memory, path: Path, checker: str = "") -> Memory:
    """What the next run reads of it."""
    write_memory(memory, path)
    read = read_memory(path, checker)
    assert read.notes == ()
    return read


def test_a_memory_survives_its_file(tmp_path: Path) -> None:
    memory = Memory(checker="ck")
    for number, status in enumerate(LinkStatus):
        memory.keep(f"https://example.org/{number}", judged(status), NOW)
    memory.keep("https://example.org/é\u202e\n\ud800", judged(S.OK, "`ü`\n"), NOW)
    read = again(memory, tmp_path / "new" / "folder" / "links.jsonl", "ck")
    assert read.records == memory.records
    assert len(read.records) == len(LinkStatus)  # unchecked is none


def test_the_file_is_sorted_plain_and_the_same_each_time(tmp_path: Path) -> None:
    files = []
    for order in (1, -1):
        memory = Memory()
        for number in range(20)[::order]:
            memory.keep(f"https://example.org/{number}é", judged(S.FLAKY), NOW)
        write_memory(memory, tmp_path / "file")
        files.append((tmp_path / "file").read_bytes())
    assert files[0] == files[1]
    head, *lines = files[0].decode("ascii").splitlines()
    assert json.loads(head) == {"schema": 1}
    urls = [json.loads(line)["u"] for line in lines]
    assert urls == sorted(urls)
    assert list(json.loads(lines[0])) == sorted(json.loads(lines[0]))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


LIFETIMES = {S.OK: 14, S.MOVED: 7, S.BLOCKED: 3, S.SUSPECT: 3, S.FRAGMENT: 3}


@pytest.mark.parametrize("status", LinkStatus)
def test_what_is_served_and_how_long(status: LinkStatus) -> None:
    memory = Memory()
    memory.keep(URL, judged(status), NOW)
    days = LIFETIMES.get(status, 0)
    served = memory.fresh(URL, NOW + 0.8 * days * DAY - HOUR)
    assert served == (judged(status) if days else None)
    assert memory.fresh(URL, NOW) == served
    assert memory.fresh(URL, NOW + 1.2 * days * DAY + HOUR) is None


def test_only_the_very_address_is_served() -> None:
    memory = Memory()
    memory.keep(URL, judged(S.OK), NOW)
    assert memory.fresh(URL, NOW) == judged(S.OK)
    for other in ("https://example.org/a", "https://example.org/a#other", URL + "/"):
        assert memory.fresh(other, NOW) is None


def test_what_was_checked_together_expires_one_by_one() -> None:
    memory = Memory()
    urls = [f"https://example.org/{number}" for number in range(400)]
    for url in urls:
        memory.keep(url, judged(S.OK), NOW)
    left = [sum(memory.fresh(url, NOW + days * DAY) is not None for url in urls)
            for days in (11, 12, 14, 16, 17)]  # fmt: skip
    assert left[0] == 400
    assert left == sorted(left, reverse=True)
    assert 150 < left[2] < 250
    assert left[1] > left[2] > left[3] > left[4] == 0


def test_a_clock_that_goes_back_serves_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    memory = Memory()
    memory.keep(URL, judged(S.OK), NOW)
    assert memory.fresh(URL, NOW - DAY) is None
    memory.keep(URL, judged(S.FLAKY), NOW)
    memory.keep(URL, judged(S.FLAKY), NOW - 400 * DAY)
    assert memory.records[URL].strikes == 1
    assert again(memory, tmp_path / "file").records == memory.records


def test_zones_do_not_matter() -> None:
    memory = Memory()
    memory.keep(URL, judged(S.OK), NOW.astimezone(timezone(timedelta(hours=9))))
    assert memory.fresh(URL, NOW.astimezone(timezone(timedelta(hours=-9)))) == judged(S.OK)


def test_another_checker_is_not_believed_but_its_strikes_count(tmp_path: Path) -> None:
    old = Memory(checker="old")
    old.keep(URL, judged(S.OK), NOW)
    old.keep("https://example.org/", judged(S.FLAKY), NOW)
    new = again(old, tmp_path / "file", "new")
    assert new.fresh(URL, NOW) is None
    new.keep("https://example.org/", judged(S.FLAKY), NOW + DAY)
    assert new.records["https://example.org/"].strikes == 2


def test_a_key_tells_versions_and_options_apart() -> None:
    keys = [
        checker_key("1", {"timeout": 5, "user_agent": ""}),
        checker_key("2", {"timeout": 5, "user_agent": ""}),
        checker_key("1", {"timeout": 6, "user_agent": ""}),
        checker_key("1", {"timeout": 5, "user_agent": "\ud800"}),
    ]
    assert len(set(keys)) == 4
    assert checker_key("1", {"user_agent": "", "timeout": 5}) == keys[0]


def run(
    memory: Memory, hours: float, status: LinkStatus = S.FLAKY, detail: str = "503, twice"
) -> Judged:
    """A scheduled run so many hours after the first."""
    now = NOW + hours * HOUR
    found = judged(status, detail)
    memory.keep(URL, found, now)
    return memory.promoted(URL, found, now)


@pytest.mark.parametrize("status", [S.FLAKY, S.TIMEOUT, S.TLS])
def test_four_strikes_over_two_days_are_broken(status: LinkStatus, tmp_path: Path) -> None:
    memory = Memory()
    for hours in (0, 20, 40):
        assert run(memory, hours, status).status is status
        memory = again(memory, tmp_path / "file")
    found = run(memory, 48, status)
    assert found.status is S.BROKEN
    assert found.detail == "503, twice; so in 4 runs since 2026-03-01"
    assert (found.code, found.final) == (200, "https://example.org/a")


def test_four_strikes_in_less_are_not() -> None:
    memory = Memory()
    assert {run(memory, hours).status for hours in (0, 16, 32, 47.9)} == {S.FLAKY}


def test_two_days_with_fewer_strikes_are_not() -> None:
    memory = Memory()
    assert {run(memory, hours).status for hours in (0, 100, 900)} == {S.FLAKY}


def test_runs_begun_again_strike_once() -> None:
    memory = Memory()
    run(memory, 0)
    assert {run(memory, 100 + minutes / 60).status for minutes in (0, 5, 20, 59)} == {S.FLAKY}
    assert memory.records[URL].strikes == 2
    assert run(memory, 101).status is S.FLAKY
    assert run(memory, 102).status is S.BROKEN


@pytest.mark.parametrize("status", [S.OK, S.MOVED, S.SUSPECT, S.FRAGMENT, S.INVALID])
def test_an_answer_ends_the_strikes(status: LinkStatus) -> None:
    memory = Memory()
    for hours in (0, 20, 40):
        run(memory, hours)
    assert run(memory, 50, status).status is status
    assert run(memory, 60).status is S.FLAKY
    assert memory.records[URL].strikes == 1


ANSWERED = Judged(S.FLAKY, "the answer is not HTTP, twice", is_answered=True)


def test_somebody_who_answers_is_never_promoted() -> None:
    memory = Memory()
    for hours in range(0, 200, 20):
        memory.keep(URL, ANSWERED, NOW + hours * HOUR)
        assert memory.promoted(URL, ANSWERED, NOW + hours * HOUR) == ANSWERED


def test_somebody_who_answers_ends_the_strikes() -> None:
    memory = Memory()
    for hours in (0, 20, 40):
        run(memory, hours)
    memory.keep(URL, ANSWERED, NOW + 50 * HOUR)
    assert run(memory, 60).status is S.FLAKY
    assert memory.records[URL].strikes == 1


def test_what_was_broken_is_so_until_a_run_says_otherwise(tmp_path: Path) -> None:
    """Not only to the next run: time may be too short for a second look in several."""
    memory = Memory()
    doubts = (S.FLAKY, S.UNCHECKED, S.TIMEOUT, S.BLOCKED, S.SUSPECT, S.FLAKY)
    for number, status in enumerate((S.BROKEN, *doubts)):
        run(memory, number * 84, status)
        memory = again(memory, tmp_path / "file")
        assert memory.broken(URL).startswith("broken on 2026-03-01: ")
        assert memory.fresh(URL, NOW + number * 84 * HOUR) is None
    run(memory, 1000, S.OK)
    assert memory.broken(URL) == ""


@pytest.mark.parametrize("status", [S.MOVED, S.FRAGMENT, S.OK])
def test_a_page_that_is_there_is_broken_no_more(status: LinkStatus) -> None:
    memory = Memory()
    run(memory, 0, S.BROKEN)
    run(memory, 84, status)
    assert memory.broken(URL) == ""


@pytest.mark.parametrize("status", [S.BLOCKED, S.SUSPECT])
def test_what_lasted_too_long_stays_broken_too(status: LinkStatus, tmp_path: Path) -> None:
    memory = Memory()
    for number in range(4):
        run(memory, number * 84)
    was = memory.broken(URL)
    assert was.startswith("broken on 2026-03-12: 503, twice; so in 4 runs since 2026-03-01")
    for number in range(4, 8):
        run(memory, number * 84, status)
        memory = again(memory, tmp_path / "file")
        assert memory.broken(URL) == was
    run(memory, 1000)
    assert memory.broken(URL)
    run(memory, 1100, S.OK)
    assert memory.broken(URL) == ""


@pytest.mark.parametrize("status", [S.BLOCKED, S.UNCHECKED])
def test_what_says_nothing_leaves_the_strikes(status: LinkStatus) -> None:
    memory = Memory()
    for hours in (0, 20, 40):
        run(memory, hours)
    assert run(memory, 60, status).status is status
    assert run(memory, 61).status is S.BROKEN


def test_failures_of_several_kinds_add_up_but_only_weather_is_promoted() -> None:
    memory = Memory()
    for hours, status in ((0, S.TLS), (20, S.BROKEN), (40, S.TIMEOUT)):
        assert run(memory, hours, status).status is status
    assert run(memory, 60).status is S.BROKEN
    assert "so in" not in run(memory, 61, S.BROKEN).detail


def test_what_was_never_kept_is_not_promoted() -> None:
    assert Memory().promoted(URL, judged(S.FLAKY), NOW) == judged(S.FLAKY)


def test_a_wrong_clock_long_ago_does_not_count_for_ever() -> None:
    memory = Memory()
    run(memory, 24 * 4000)
    for hours in (0, 20, 40):
        assert run(memory, hours).status is S.FLAKY
    assert run(memory, 60).status is S.BROKEN


def test_links_that_nobody_has_any_more_are_forgotten(tmp_path: Path) -> None:
    memory = Memory()
    other = "https://example.org/other"
    memory.keep(URL, judged(S.FLAKY), NOW)
    memory.keep(other, judged(S.FLAKY), NOW)
    memory = again(memory, tmp_path / "file")
    memory.fresh(other, NOW + 80 * DAY)
    memory = again(memory, tmp_path / "file")
    assert set(memory.records) == {URL, other}
    memory.fresh("https://example.org/new", NOW + 91 * DAY)
    assert set(again(memory, tmp_path / "file").records) == {other}


def test_what_is_too_long_to_be_read_is_not_written(tmp_path: Path) -> None:
    memory = Memory()
    memory.keep("https://example.org/" + "a" * 20_000, judged(S.INVALID), NOW)
    memory.keep(URL, Judged(S.OK, "d" * 50_000, final="https://example.org/" + "a" * 50_000), NOW)
    assert set(again(memory, tmp_path / "file").records) == {URL}


def test_no_file_is_an_empty_memory(tmp_path: Path) -> None:
    assert read_memory(tmp_path / "none") == Memory()
    assert read_memory(tmp_path / "none", "ck").checker == "ck"


RECORD = (
    b'{"u": "https://example.org/", "v": "ok", "at": "2026-03-01T12:00:00+00:00",'
    b' "named": "2026-03-01T12:00:00+00:00"}'
)
HEAD = b'{"schema": 1}\n'


@pytest.mark.parametrize(
    ("data", "records", "note"),
    [
        (HEAD + RECORD + b"\n", 1, ""),
        (HEAD + RECORD, 1, ""),
        (b"\xef\xbb\xbf" + HEAD.replace(b"\n", b"\r\n") + RECORD + b"\r\n\n", 1, ""),
        (b"", 0, ""),
        (HEAD, 0, ""),
        (b'{"schema": 0}\n' + RECORD, 0, "another version"),
        (b'{"schema": 2}\n' + RECORD, 0, "another version"),
        (b'{"schema": true}\n' + RECORD, 0, "another version"),
        (b'{"schema": [1]}\n' + RECORD, 0, "damaged"),
        (b"[]\n" + RECORD, 0, "damaged"),
        (RECORD, 0, "damaged"),
        (b"\x1f\x8b\x08\x00\xff\x00\n\xfe", 0, "damaged"),
        (b"[" * 100_000, 0, "damaged"),
        (b'{"schema": ' + b"9" * 10_000 + b"}", 0, "damaged"),
        (HEAD + RECORD[:50] + b"\n" + RECORD, 1, "a line of"),
        (HEAD + RECORD[:50] + b"\n\xff\n[]\nnull\n{}\n" + RECORD, 1, "5 lines of"),
        (HEAD + b"[" * 100_000 + b"\n" + RECORD, 1, "a line of"),
    ],
)
def test_damaged_files(tmp_path: Path, data: bytes, records: int, note: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    memory = read_memory(path)
    assert len(memory.records) == records
    assert len(memory.notes) == bool(note)
    assert note in "".join(memory.notes)


@pytest.mark.parametrize(
    "fields",
    [
        {"u": ""},
        {"u": 1},
        {"u": "https://example.org/" + "a" * 20_000},
        {"v": "fine"},
        {"v": ["ok"]},
        {"v": None},
        {"at": "yesterday"},
        {"at": "2026-03-01T12:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": None},
        {"named": 3},
        {"first": ""},
        {"last": "9999-12-31T23:59:59-14:00"},
        {"strikes": -1},
        {"strikes": True},
        {"strikes": 1e9},
        {"c": "200"},
        {"c": 10**9},
        {"d": {}},
        {"v": "moved"},
        {"v": "moved", "r": "javascript:alert(1)"},
        {"v": "moved", "r": "https://example.org/\n- x"},
        {"v": "ok", "r": "https://example.org/"},
    ],
)
def test_odd_records_are_none(tmp_path: Path, fields: dict[str, object]) -> None:
    path = tmp_path / "file"
    path.write_bytes(HEAD + json.dumps(json.loads(RECORD) | fields).encode() + b"\n")
    memory = read_memory(path)
    assert memory.records == {}
    assert memory.notes == ("a line of what earlier runs found cannot be read: asked anew",)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    memory = read_memory(tmp_path)
    assert memory.records == {}
    assert "cannot be read" in memory.notes[0]
    with pytest.raises(OSError, match="directory"):
        write_memory(memory, tmp_path)
    assert list(tmp_path.parent.glob(f".{tmp_path.name}.*")) == []


def test_a_file_of_empty_lines_takes_little_more_than_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadmap_site.links.memory_file.MAX_FILE", 5 << 20)
    path = tmp_path / "file"
    path.write_bytes(HEAD + b"\n" * (4 << 20))
    tracemalloc.start()
    try:
        assert read_memory(path).notes == ()
        assert tracemalloc.get_traced_memory()[1] < 3 * (5 << 20)
    finally:
        tracemalloc.stop()


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    memory = read_memory(path)
    assert memory.records == {}
    assert memory.notes == ("what earlier runs found cannot be read: it is not a file",)
    with pytest.raises(OSError, match="not a file"):
        write_memory(memory, path)
    assert path.is_fifo()


def test_paths_that_are_none(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in ("a\0b", loop, tmp_path / ("a" * 300), tmp_path / "file" / "below"):
        (tmp_path / "file").write_bytes(b"")
        read_memory(path)
        with pytest.raises(OSError, match=r".+"):
            write_memory(Memory(), path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadmap_site.links.memory_file.MAX_FILE", 1 << 20)
    path = tmp_path / "file"
    path.write_bytes(HEAD + b" " * (1 << 20))
    memory = read_memory(path)
    assert memory.records == {}
    assert "larger than 1 MiB" in memory.notes[0]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    memory = Memory()
    memory.keep(URL, judged(S.OK), NOW)
    write_memory(memory, path)
    before = path.read_bytes()
    memory.keep("https://example.org/new", judged(S.OK), NOW)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            write_memory(memory, path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("before", [b"words", None])
def test_a_symbolic_link_is_not_followed(tmp_path: Path, before: bytes | None) -> None:
    """It may have come with a stranger's branch, and lead to any file."""
    real, link = tmp_path / "real", tmp_path / "link"
    if before:
        real.write_bytes(before)
    link.symlink_to(real)
    with pytest.raises(OSError, match="it is a symbolic link"):
        write_memory(Memory(), link)
    assert link.is_symlink()
    assert (real.read_bytes() if real.exists() else None) == before


WORDS = st.text(max_size=40)
JUDGED = st.builds(
    Judged,
    st.sampled_from([one for one in LinkStatus if one is not S.MOVED]),
    WORDS,
    st.just(""),
    st.one_of(st.none(), st.integers(100, 999)),
    WORDS,
) | st.builds(Judged, st.just(S.MOVED), WORDS, st.just("https://example.org/é"))
MOMENTS = st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ENTRIES = st.lists(st.tuples(st.text(min_size=1, max_size=20), JUDGED, MOMENTS), max_size=8)
SAME_FOLDER = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SAME_FOLDER
@given(entries=ENTRIES)
@example(entries=[("x", judged(S.FRAGMENT), NOW), ("x", judged(S.UNCHECKED), NOW)])
def test_any_memory_survives_its_file(
    tmp_path: Path, entries: list[tuple[str, Judged, datetime]]
) -> None:
    memory = Memory(checker="ck")
    for url, found, now in entries:
        memory.keep(url, found, now)
        assert memory.promoted(url, found, now).detail.startswith(found.detail)
    read = again(memory, tmp_path / "file", "ck")
    assert read.records.items() <= memory.records.items()
    for url, found, now in entries[-1:]:
        assert (url in read.records) or found.status is S.UNCHECKED
        assert read.fresh(url, now) == memory.fresh(url, now)


@SAME_FOLDER
@given(entries=ENTRIES, seed=st.integers(), cut=st.booleans())
def test_no_damage_raises(
    tmp_path: Path, entries: list[tuple[str, Judged, datetime]], seed: int, *, cut: bool
) -> None:
    memory = Memory()
    for url, found, now in entries:
        memory.keep(url, found, now)
    path = tmp_path / "file"
    write_memory(memory, path)
    data = bytearray(path.read_bytes())
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 20)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randrange(len(data))] if cut else data))
    read = read_memory(path)
    for url in list(read.records):
        read.fresh(url, NOW)
        read.keep(url, judged(S.FLAKY), NOW)
        read.promoted(url, judged(S.FLAKY), NOW)
    again(read, path)
