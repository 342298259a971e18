import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest

from loopback import (
    ANY_PORT,
    NO_SUCH_NAME,
    UNSURE,
    Answers,
    LoopbackResolver,
    Small,
    answer,
    loopback,
    serving,
)
from roadmap_site.links.asking import reach
from roadmap_site.links.asking.hosts import Host, Job
from roadmap_site.links.asking.schedule import Asked, Wanted, ask_all
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Failure, Hop, Seen
from roadmap_site.links.settings import Settings

LONG, SHORT = 60.0, 0.3
QUICK = Settings(timeout=LONG, gap=0, deadline=LONG, rate=0)
"""Without a rate; its times are never waited for to the end."""
SILENT = b"silent"


def wants_second(seen: Seen) -> bool:
    return seen.failure not in (None, Failure.WAIT) or seen.code in (404, 500, 503)


@dataclass
class Script:
    """A host that answers each target in turn, with the last answer from then on."""

    answers: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    now: int = 0
    most: int = 0

    async def __call__(self, target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        turns = self.answers.get(target, [answer(200)])
        turn = turns[min(self.asked[target], len(turns) - 1)]
        self.asked[target] += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if turn is SILENT:
                await asyncio.Event().wait()
            await asyncio.sleep(0.005)
            writer.write(turn)
        finally:
            self.now -= 1


def ask(
    script: Script,
    paths: Callable[[Small], list[str]],
    settings: Settings = QUICK,
    *,
    answers: Answers | None = None,
    network: Network | None = None,
    on_done: Callable[[str, Sequence[Seen]], None] | None = None,
) -> Asked:
    async def go() -> Asked:
        async with serving(script) as small:
            return await ask_all(
                [Wanted(url, url) for url in paths(small)],
                settings,
                network or loopback(answers=answers),
                wants_second=wants_second,
                on_done=on_done,
            )

    return asyncio.run(go())


def of(*paths: str, host: str = "a.test") -> Callable[[Small], list[str]]:
    return lambda small: [small.url(path, host) for path in paths]


def pages(count: int) -> list[str]:
    return [f"/{number}" for number in range(count)]


def ends(asked: Asked) -> list[list[int | Failure | None]]:
    """The code or the failure of each attempt at each address."""
    return [[one.failure or one.code for one in seen] for seen in asked.seen.values()]


# --------------------------------------------------------------------------------- one request


def test_each_request_is_made_once() -> None:
    script = Script()
    done: list[str] = []

    async def go() -> Asked:
        async with serving(script) as small:
            wanted = [Wanted(small.url(f"/{n % 3}#{n}"), small.url(f"/{n % 3}")) for n in range(30)]
            wanted.append(Wanted("other", small.url("/0"), follows=False))
            return await ask_all(
                wanted,
                QUICK,
                loopback(),
                wants_second=wants_second,
                on_done=lambda url, _: done.append(url),
            )

    asked = asyncio.run(go())
    assert script.asked == {"/0": 2, "/1": 1, "/2": 1}
    assert ends(asked) == [[200]] * 31
    assert sorted(done) == sorted(asked.seen)
    assert asked.has_network
    assert asked.notes == ()


def test_nothing_to_ask() -> None:
    assert ask(Script(), lambda _: []) == Asked({})


def test_the_limit_counts_requests() -> None:
    script = Script()
    asked = ask(script, of(*pages(5)), replace(QUICK, limit=3))
    assert ends(asked) == [[200]] * 3 + [[Failure.LIMIT]] * 2
    assert script.asked.total() == 3


def test_no_more_at_a_host_than_allowed() -> None:
    script = Script()
    asked = ask(script, of(*pages(40)), replace(QUICK, per_host=3))
    assert ends(asked) == [[200]] * 40
    assert script.most == 3


def test_no_more_at_a_time_than_allowed() -> None:
    script = Script()
    urls = [(f"/{n}", f"{n % 10}.test") for n in range(60)]
    settings = replace(QUICK, concurrency=5)
    asked = ask(script, lambda small: [small.url(*url) for url in urls], settings)
    assert ends(asked) == [[200]] * 60
    assert script.most == 5


def test_hosts_take_turns() -> None:
    order: list[str] = []
    hosts = ["a.test", "b.test", "c.test"]
    urls = [(path, host) for host in hosts for path in pages(4)]
    ask(
        Script(),
        lambda small: [small.url(*url) for url in urls],
        replace(QUICK, concurrency=1),
        on_done=lambda url, _: order.append(url.partition("//")[2][:6]),
    )
    assert order == hosts * 4


# -------------------------------------------------------------------------------- second passes


def test_what_looks_transient_is_asked_again() -> None:
    script = Script(
        {
            "/once": [answer(500), answer(200)],
            "/always": [answer(503)],
            "/gone": [answer(404)],
        }
    )
    done: dict[str, int] = {}
    asked = ask(
        script,
        of("/fine", "/once", "/always", "/gone"),
        on_done=lambda url, seen: done.update({url: len(seen)}),
    )
    assert ends(asked) == [[200], [500, 200], [503, 503], [404, 404]]
    assert script.asked == {"/fine": 1, "/once": 2, "/always": 2, "/gone": 2}
    assert list(done.values()).count(2) == 3


def test_the_gap_is_for_those_alone() -> None:
    """A gap beyond the deadline is noticed only where somebody waits for it."""
    settings = replace(QUICK, gap=LONG, deadline=1.0)
    assert ends(ask(Script({"/a": [answer(403)]}), of("/a", "/b"), settings)) == [[403], [200]]
    asked = ask(Script({"/a": [answer(500)]}), of("/a", "/b"), settings)
    assert ends(asked) == [[500, Failure.DEADLINE], [200]]


# ------------------------------------------------------------------------------ come back later


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("wait", ["0", "1", "Sun, 06 Nov 1994 08:49:38 GMT", None])
def test_who_asks_to_come_back_is_asked_again(code: int, wait: str | None) -> None:
    headers = {} if wait is None else {"retry_after": wait, "date": "Sun, 06 Nov 1994 08:49:37 GMT"}
    script = Script({"/a": [answer(code, b"", **headers), answer(200)]})
    asked = ask(script, of("/a", "/b"))
    # A 503 that names no time is a failure like others, for the second pass.
    assert ends(asked) == [[503, 200] if (code, wait) == (503, None) else [200], [200]]
    assert script.asked == {"/a": 2, "/b": 1}


def test_who_never_has_time_is_left_alone() -> None:
    busy = [f"/busy{number}" for number in range(9)]
    script = Script({path: [answer(429, retry_after="0")] for path in busy} | {"/b": [answer(429)]})
    asked = ask(script, of("/b", *busy, *pages(20)))
    assert ends(asked) == [[429]] * 10 + [[200]] * 20
    assert all(1 < script.asked[path] < 8 for path in ("/b", busy[0]))


def test_a_long_wait_is_not_waited_for() -> None:
    waits = {f"/{n}": [answer(429, retry_after="3600")] for n in (3, 40, 41)}
    script = Script(waits)
    asked = ask(script, of(*pages(100)))
    found = ends(asked)
    assert [n for n, end in enumerate(found) if end == [Failure.WAIT]] == [3, 40, 41]
    assert found.count([200]) == 97
    assert script.asked.total() == 100
    seen = list(asked.seen.values())[3]
    assert ([hop.code for hop in seen[0].hops], seen[0].retry_after) == ([429], 3600)


def test_a_host_that_only_asks_to_wait_is_left_alone() -> None:
    script = Script({path: [answer(429, retry_after="3600")] for path in pages(100)})
    asked = ask(script, of(*pages(100)))
    assert ends(asked) == [[Failure.WAIT]] * 100
    assert script.asked.total() < 20


def test_a_host_that_used_up_all_patience_is_not_asked_again() -> None:
    script = Script({path: [answer(503, retry_after="1")] for path in pages(20)})
    asked = ask(script, of(*pages(20)), replace(QUICK, patience=1.5))
    assert ends(asked) == [[Failure.WAIT]] * 20


def test_a_host_that_limits_its_rate_answers_everything_in_the_end() -> None:
    """It answers ten requests at a time, and 429 until nobody has asked for a moment."""
    tokens = 10

    async def handler(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal tokens
        if tokens:
            tokens -= 1
            writer.write(answer(200))
            return
        asyncio.get_running_loop().call_later(0.9, refill)
        writer.write(answer(429, retry_after="1"))

    def refill() -> None:
        nonlocal tokens
        tokens = 10

    async def go() -> Asked:
        async with serving(handler) as small:
            wanted = [Wanted(url, url) for url in of(*pages(40))(small)]
            settings = replace(QUICK, per_host=40)
            return await ask_all(wanted, settings, loopback(), wants_second=wants_second)

    assert ends(asyncio.run(go())) == [[200]] * 40


def test_a_host_that_others_lead_to_is_waited_for() -> None:
    script = Script()

    async def go() -> Asked:
        async with serving(script) as small:
            to = small.url("/busy", "b.test")
            script.answers = {
                "/a": [answer(302, location=to)],
                "/busy": [answer(429, retry_after="0"), answer(200)],
            }
            wanted = [Wanted(url, url) for url in of("/a", "/b")(small)]
            return await ask_all(wanted, QUICK, loopback(), wants_second=wants_second)

    assert ends(asyncio.run(go())) == [[200], [200]]
    assert script.asked == {"/a": 2, "/busy": 2, "/b": 1}


# --------------------------------------------------------------------------------- silent hosts


def test_the_silent_wait_side_by_side_and_hold_nobody_up() -> None:
    """One after the other, at one request a host and two in all, they would take a minute."""
    script = Script({f"/silent{n}": [SILENT] for n in range(6)})
    settings = replace(QUICK, timeout=1.0, per_host=2, concurrency=2, deadline=10.0)
    silent = [f"/silent{n}" for n in range(6)]
    asked = ask(script, of(*silent, *pages(50)), settings)
    assert ends(asked) == [[Failure.TIMEOUT] * 2] * 6 + [[200]] * 50
    assert script.most > 2
    assert asked.notes == ()


def test_a_silent_host_is_left_alone() -> None:
    script = Script({path: [SILENT] for path in pages(60)})
    settings = replace(QUICK, timeout=SHORT, per_host=2, breaker=3)
    asked = ask(script, of(*pages(60)), settings)
    found = ends(asked)
    assert found.count([Failure.HOST_DOWN] * 2) > 40
    assert all(set(end) <= {Failure.TIMEOUT, Failure.HOST_DOWN} for end in found)
    assert script.asked.total() <= 12
    [note] = asked.notes
    assert note.startswith("a.test:")


def test_a_host_that_recovers_is_asked_for_the_rest() -> None:
    script = Script({path: [SILENT] for path in pages(6)})
    settings = replace(QUICK, timeout=SHORT, per_host=2, breaker=3)

    async def go() -> Asked:
        async with serving(script) as small:

            def recovers(seen: Seen) -> bool:
                script.answers = {}
                return wants_second(seen)

            wanted = [Wanted(url, url) for url in of(*pages(40))(small)]
            return await ask_all(wanted, settings, loopback(), wants_second=recovers)

    asked = asyncio.run(go())
    assert all(end[-1] == 200 for end in ends(asked))
    assert asked.notes == ()


def test_a_host_that_refuses_is_left_alone() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        urls = [f"http://down.test:{port}/{n}" for n in range(30)]
        asked = ask(Script(), lambda small: [*urls, small.url("/fine")], replace(QUICK, breaker=5))
    found = ends(asked)
    assert found[-1] == [200]
    assert [Failure.REFUSED, Failure.HOST_DOWN] in found
    assert found.count([Failure.HOST_DOWN] * 2) >= 15
    left = found.count([Failure.HOST_DOWN] * 2)
    assert asked.notes == (f"down.test:{port} did not answer: {left} addresses were not asked for",)


def test_a_name_that_does_not_exist_is_looked_up_once_a_pass() -> None:
    resolver = LoopbackResolver()
    urls = [f"http://gone.example/{n}" for n in range(30)]
    network = loopback(resolver=lambda: resolver)
    settings = replace(QUICK, per_host=1)
    asked = ask(
        Script(), lambda small: [*urls, small.url("/", "a.test")], settings, network=network
    )
    assert ends(asked) == [[Failure.NO_HOST] * 2] * 30 + [[200]]
    assert resolver.asked.count("gone.example") == 2


# ------------------------------------------------------------------------------------- the end


def test_time_is_up_whatever_hangs() -> None:
    done: list[str] = []
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        urls = [f"https://a.test:{deaf.getsockname()[1]}/", "http://hangs.test:81/"]
        asked = ask(
            Script({"/silent": [SILENT], "/later": [answer(429, retry_after="50")]}),
            lambda small: [*urls, *of("/fine", "/silent", "/later")(small)],
            replace(QUICK, deadline=1.0),
            answers={"hangs.test": [None]},
            on_done=lambda url, _: done.append(url),
        )
    over = [Failure.DEADLINE]
    assert ends(asked) == [over, over, [200], over, over]
    assert sorted(done) == sorted(asked.seen)


def test_a_run_can_be_given_up() -> None:
    async def go() -> None:
        script = Script({"/a": [SILENT]})
        async with serving(script) as small:
            wanted = [Wanted("a", small.url("/a"))]
            run = asyncio.ensure_future(
                ask_all(wanted, QUICK, loopback(), wants_second=wants_second)
            )
            while not script.asked:
                await asyncio.sleep(0)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run

    asyncio.run(go())


def test_a_fault_of_ours_is_not_swallowed() -> None:
    def fails(_seen: Seen) -> bool:
        raise ZeroDivisionError

    async def go() -> None:
        async with serving(Script()) as small:
            wanted = [Wanted("a", small.url("/a"))]
            await ask_all(wanted, QUICK, loopback(), wants_second=fails)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(go())


@dataclass
class Narrow(Script):
    """A host that fails whoever asks beside somebody else."""

    async def __call__(self, _target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
        self.now += 1
        try:
            await asyncio.sleep(0.005)
            writer.write(answer(503 if self.now > 1 else 200))
        finally:
            self.now -= 1


def test_what_fails_side_by_side_is_asked_one_at_a_time_in_the_second_pass() -> None:
    settings = replace(QUICK, per_host=4)
    asked = ask(Narrow(), of(*(f"/{number}" for number in range(20))), settings)
    lasts = [seen[-1].code for seen in asked.seen.values()]
    assert lasts == [200] * 20
    assert any(len(seen) == 2 for seen in asked.seen.values())


# ---------------------------------------------------------------------------------- no network


@pytest.mark.parametrize(
    ("answers", "has_network"),
    [
        ({"a.test": UNSURE, "b.test": UNSURE, "c.test": UNSURE}, False),
        ({"a.test": UNSURE, "b.test": UNSURE}, True),
        ({"a.test": UNSURE}, True),
        ({"a.test": NO_SUCH_NAME, "b.test": NO_SUCH_NAME, "c.test": NO_SUCH_NAME}, True),
    ],
)
def test_whether_there_is_a_network(answers: dict[str, OSError], has_network: bool) -> None:
    def urls(small: Small) -> list[str]:
        return [small.url("/", host) for host in ("a.test", "b.test", "c.test")]

    asked = ask(Script(), urls, answers={name: [error] for name, error in answers.items()})
    assert asked.has_network == has_network


def test_one_host_is_not_the_network() -> None:
    asked = ask(Script(), of("/"), answers={"a.test": [UNSURE]})
    assert ends(asked) == [[Failure.LOOKUP] * 2]
    assert asked.has_network


def test_redirects_count_as_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: Counter[str] = Counter()
    monkeypatch.setattr(Host, "charge", lambda host, _: counted.update([host.name[:6]]))
    script = Script()

    async def go() -> None:
        async with serving(script) as small:
            to = small.url("/b", "b.test")
            script.answers = {"/a": [answer(301, location=to)], "/b": [answer(301, location="/c")]}
            wanted = [Wanted("a", small.url("/a", "a.test"))]
            await ask_all(wanted, QUICK, loopback(), wants_second=wants_second)

    asyncio.run(go())
    assert counted == {"a.test": 1, "b.test": 2}


@pytest.mark.parametrize(("route", "has_network"), [(True, False), (False, False)])
def test_a_system_that_knows_no_name_has_no_network(
    monkeypatch: pytest.MonkeyPatch, route: bool, has_network: bool
) -> None:
    def getaddrinfo(*_: object) -> object:
        raise NO_SUCH_NAME

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(reach, "has_route", lambda: route)
    asked = ask(Script(), lambda _: ["http://gone.test/"], network=Network())
    assert asked.has_network == has_network


@pytest.mark.parametrize(
    ("error", "failure"), [(NO_SUCH_NAME, Failure.NO_HOST), (UNSURE, Failure.LOOKUP)]
)
@pytest.mark.parametrize("hosts", [1, 2])
def test_a_system_that_knows_other_names_has_a_network(
    monkeypatch: pytest.MonkeyPatch, error: OSError, failure: Failure, hosts: int
) -> None:
    known = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object) -> object:
        if host.endswith("gone.test"):
            raise error
        return known("127.0.0.1", *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(reach, "has_route", lambda: True)
    network = Network(loopback().allows, ANY_PORT)
    urls = [f"http://{number}.gone.test/" for number in range(hosts)]
    asked = ask(Script(), lambda _: urls, network=network)
    assert asked.has_network
    assert ends(asked) == [[failure] * 2] * hosts


# ------------------------------------------------------------------ hosts, by a clock of our own

FINE = Seen((Hop("http://a.test/", 200),))


def job(started: float) -> Job:
    return Job("http://a.test/", True, "a.test", started=started)


def sent(host: Host, now: float, until: float, step: float = 0.01) -> list[float]:
    """When requests are sent, as early as the host allows."""
    times = []
    while now < until:
        if host.wait(now) <= 0:
            host.charge(now)
            times.append(round(now, 2))
        else:
            now += step
    return times


def test_the_rate_of_a_host() -> None:
    times = sent(Host("a", Settings(rate=5, burst=3)), 100.0, 102.0)
    assert times[:3] == [100.0] * 3
    assert len(times) == 3 + 9
    assert all(0.19 <= b - a <= 0.22 for a, b in pairwise(times[2:]))


def test_no_rate_is_no_limit() -> None:
    host = Host("a", Settings(rate=0))
    for _ in range(1000):
        assert host.wait(100.0) <= 0
        host.charge(100.0)


def test_a_refusal_slows_the_whole_host_once_a_burst() -> None:
    host = Host("a", Settings(rate=5, burst=1))
    burst = [job(100.0 + n / 100) for n in range(4)]
    assert all(host.refused(one, 2.0, 100.1 + n / 100) for n, one in enumerate(burst))
    assert 2.0 < host.wait(100.1) < 2.1
    times = sent(host, 102.2, 105.0)
    gaps = [b - a for a, b in pairwise(times)]
    assert all(0.29 <= gap <= 0.32 for gap in gaps)
    for _ in range(20):
        host.answered(105.0)
    times = sent(host, 106.0, 108.0)
    assert all(0.19 <= b - a <= 0.22 for a, b in pairwise(times))


def test_pauses_without_a_time_grow_until_the_host_is_left_alone() -> None:
    host = Host("a", Settings(rate=0))
    now, waits = 100.0, []
    while not host.closed:
        host.refused(job(now), None, now)
        waits.append(host.wait(now))
        now += waits[-1]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 16.0, 16.0]
    assert host.closed is Failure.WAIT


def test_pauses_count_against_the_patience() -> None:
    host = Host("a", Settings(rate=0, patience=60))
    assert host.refused(job(100.0), 40.0, 100.0)
    assert not host.refused(job(140.0), 40.0, 140.0)
    assert host.closed is Failure.WAIT


def test_a_silent_address_is_not_held_against_a_host_that_answers_others() -> None:
    host = Host("a", Settings(breaker=2))
    host.answered(101.0)
    for _ in range(9):
        host.failed(job(100.0), Failure.TIMEOUT)
    assert host.closed is None
    for _ in range(2):
        host.failed(job(102.0), Failure.TIMEOUT)
    assert host.closed is Failure.HOST_DOWN
