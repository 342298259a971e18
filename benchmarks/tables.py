"""What was measured, as text to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.bars import Bar, Results, Rounds, Site
from benchmarks.builds import Build
from benchmarks.loading import Loading
from benchmarks.pages import PageSize


def bars_table(bars: Sequence[Bar]) -> str:
    """Each bar with its figure and whether it holds."""
    rows = [
        (_verdict(bar), _shown(bar, bar.figure), _shown(bar, bar.limit), bar.name, bar.where)
        for bar in bars
    ]
    return _table(("holds", "figure", "at most", "what", "the worst at"), rows, right=(1, 2))


def _verdict(bar: Bar) -> str:
    return "yes" if bar.holds else "NO"


def _shown(bar: Bar, value: float) -> str:
    return f"{value:,.0f} {bar.unit}" if bar.unit else f"{value:.2f}"


def times_tables(results: Results) -> str:
    """Times and memory, which depend on the machine: information, not bars."""
    loading = [_loading_row(size, found) for size, found in results.loading.items()]
    head = ("weeks", "YAML", "compose", "load", "check", "ratio", "since", "ratio")
    tables = [_table(head, loading, right=range(8))]
    finding = results.finding
    seconds = (f"{finding.compose:.3f} s", f"{finding.find:.3f} s", f"{finding.ratio:.2f}")
    found = [(f"{finding.addresses:,}", f"{finding.bytes / 1e6:.2f} MB", *seconds)]
    tables.append(_table(("addresses", "YAML", "compose", "find", "ratio"), found, right=range(5)))
    builds = [row for size, rounds in results.rounds.items() for row in _build_rows(size, rounds)]
    columns = ("weeks", "site", "CPU", "wall", "peak memory", "ours / plain, by round")
    tables.append(_table(columns, builds, right=(0, 2, 3, 4)))
    return "\n\n".join(tables)


def saves_table(results: Results) -> str:
    """Seconds until a save shows, and how busy the machine was meanwhile."""
    rows = [
        (
            f"{command.replace('_', '-')} serve",
            f"{len(saves.seconds)}",
            *(f"{it:.2f} s" for it in (saves.p50, saves.p95, max(saves.seconds))),
            f"{saves.load:.1f}",
        )
        for command, saves in results.saves.items()
    ]
    head = ("save to page", "saves", "p50", "p95", "longest", "load")
    return _table(head, rows, right=range(1, 6))


def _loading_row(size: int, found: Loading) -> tuple[str, ...]:
    times = (f"{seconds:.3f} s" for seconds in (found.compose, found.load, found.check))
    ratios = (f"{found.ratio:.2f}", f"{found.since:.3f} s", f"{found.since_ratio:.2f}")
    return (f"{size:,}", f"{found.bytes / 1e6:.2f} MB", *times, *ratios)


def _build_rows(size: int, rounds: Rounds) -> Iterator[tuple[str, ...]]:
    pairs = zip(rounds.ours, rounds.plain, strict=True)
    ratios = ", ".join(f"{ours.cpu / plain.cpu:.2f}" for ours, plain in pairs)
    yield (f"{size:,}", "ours", *_medians(rounds.ours), ratios)
    yield ("", "plain", *_medians(rounds.plain), "")


def _medians(builds: Sequence[Build]) -> tuple[str, str, str]:
    return (
        f"{median(build.cpu for build in builds):.2f} s",
        f"{median(build.wall for build in builds):.2f} s",
        f"{median(build.rss for build in builds) / 1e6:.0f} MB",
    )


def kinds_table(site: Site) -> str:
    """The heaviest pages of each kind."""
    by_kind: dict[str, list[PageSize]] = {}
    for page in site.pages:
        by_kind.setdefault(page.kind, []).append(page)
    rows = [_kind_row(kind, pages) for kind, pages in sorted(by_kind.items())]
    head = (site.name, "pages", "shell", "article", "its allowance", "gzipped", "the heaviest")
    return _table(head, rows, right=range(1, 6))


def _kind_row(kind: str, pages: Sequence[PageSize]) -> tuple[str, ...]:
    shell = max(page.shell for page in pages)
    article = max(pages, key=lambda page: page.article - page.allowance)
    heaviest = max(pages, key=lambda page: page.gzipped)
    # Only a page of things to tick is held to so much a thing.
    allowance = f"{article.allowance:,}" if article.ticks else "-"
    return (
        kind or "by hand",
        f"{len(pages):,}",
        f"{shell:,}",
        f"{article.article:,}",
        allowance,
        f"{heaviest.gzipped:,}",
        heaviest.path or "(home)",
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] | range) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for row in (head, ["-" * width for width in widths], *rows):
        cells = (
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
