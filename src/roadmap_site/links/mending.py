"""Moved addresses written anew at their places, where nothing else changes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from roadmap_site.check.rules.links import MOVED_LINK
from roadmap_site.edit import apply_edits
from roadmap_site.load.nodes import parse
from roadmap_site.load.project import YAML_ENDINGS
from roadmap_site.model.diagnostic import Diagnostic, Edit
from roadmap_site.model.links import Mention
from roadmap_site.model.source import MappingNode, Node, ScalarNode, SequenceNode, SourceFile, Span
from roadmap_site.model.web import is_writable

Find = Callable[[SourceFile], Sequence[Mention]]
"""Reads the addresses of a file, with their places, in order."""

READ_AGAIN = 4 << 20
"""Characters of files that are read again to tell sound edits from others, after the first try of
each file: a stranger's redirects may all be unsound. Who has more to mend runs it twice."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of mending moved links: new texts by the files as they were, mended, left over.

    An alias of what was mended is neither: it has no fix of its own, and leads where its anchor
    does.
    """

    texts: Mapping[SourceFile, str]
    mended: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def moved_texts(diagnostics: Sequence[Diagnostic], find: Find) -> Moved:
    """Make the fixes of moved links, and of nothing else; nothing is written.

    What `find` does not read as it is meant in the new text of a file is left.
    """
    edits: dict[SourceFile, dict[Span, Edit]] = {}
    for diagnostic in diagnostics:
        for edit in _edits_of(diagnostic):
            edits.setdefault(edit.span.file, {})[edit.span] = edit
    texts, changed = {}, set[Span]()
    may_read = _budget()
    for file, some in sorted(edits.items(), key=lambda pair: pair[0].path):
        before = find(file)
        if sound := _sound(file, list(some.values()), before, find, may_read):
            texts[file] = apply_edits(file, sound)
            after = find(SourceFile(file.path, texts[file]))
            pairs = zip(before, after, strict=True)
            changed.update(old.span for old, new in pairs if old.url != new.url)
    of_moved = [d for d in diagnostics if _is_moved(d) and d.span in changed]
    return Moved(
        texts,
        tuple(diagnostic for diagnostic in of_moved if diagnostic.fix),
        tuple(d for d in diagnostics if not (_is_moved(d) and d.span in changed)),
    )


def sound_edits(wanted: Sequence[tuple[Mention, str]], find: Find) -> dict[Span, Edit]:
    """The edits that write addresses in place of others, by place; unsound ones are left out.

    An address is written as it is, or between double quotes where YAML would else misread it.
    """
    edits: dict[SourceFile, dict[Span, Edit]] = {}
    for mention, address in wanted:
        if is_writable(address):
            edits.setdefault(mention.span.file, {})[mention.span] = Edit(mention.span, address)
    may_read = _budget()
    return {
        edit.span: edit
        for file, some in edits.items()
        for edit in _sound(file, list(some.values()), find(file), find, may_read, quotes=True)
    }


def _edits_of(diagnostic: Diagnostic) -> tuple[Edit, ...]:
    fix = diagnostic.fix
    return fix.edits if fix and _is_moved(diagnostic) else ()


def _is_moved(diagnostic: Diagnostic) -> bool:
    return diagnostic.rule.code == MOVED_LINK.code


def _budget() -> Callable[[SourceFile], bool]:
    """Tells of each file whether it may be read once more, and counts it."""
    left = READ_AGAIN

    def may_read(file: SourceFile) -> bool:
        nonlocal left
        left -= len(file.text)
        return left >= 0

    return may_read


def _sound(
    file: SourceFile,
    edits: list[Edit],
    before: Sequence[Mention],
    find: Find,
    may_read: Callable[[SourceFile], bool],
    *,
    quotes: bool = False,
) -> list[Edit]:
    """Those of a file's edits that can all be made."""
    values = _values_in(file)

    def holds(some: Sequence[Edit]) -> bool:
        """Whether the edited file has the same addresses and values, but for the new ones."""
        written = {edit.span: edit.text.strip('"') for edit in some}
        if not written.keys() <= {mention.span for mention in before}:
            return False
        moved = {m.url: written[m.span] for m in before if m.span in written}
        edited = SourceFile(file.path, apply_edits(file, some))
        after = find(edited)
        return (
            len(after) == len(before)
            and all(_is_as_meant(*pair, written, moved) for pair in zip(before, after, strict=True))
            and _are_alike(values, _values_in(edited))
        )

    def tried(some: list[Edit]) -> list[Edit]:
        """Halved until the unsound ones are told."""
        if not some or not (some is edits or may_read(file)):
            return []
        if holds(some):
            return some
        if len(some) > 1:
            half = len(some) // 2
            return [*tried(some[:half]), *tried(some[half:])]
        quoted = [Edit(edit.span, f'"{edit.text}"') for edit in some]
        is_quotable = quotes and file.path.endswith(YAML_ENDINGS) and may_read(file)
        return quoted if is_quotable and holds(quoted) else []

    found = tried(edits)
    return found if found in ([], edits) or holds(found) else []


def _is_as_meant(
    old: Mention, new: Mention, written: Mapping[Span, str], moved: Mapping[str, str]
) -> bool:
    if old.span in written:
        return new.url == written[old.span]
    # An alias says what its anchor says, and that may have been written anew.
    return new.url == old.url or (not old.is_literal and new.url == moved.get(old.url))


def _values_in(file: SourceFile) -> list[str | int]:
    """What a YAML file says; nothing of another, or of one that cannot be read."""
    root = parse(file)[0] if file.path.endswith(YAML_ENDINGS) else None
    return list(_values(root)) if root else []


def _are_alike(before: Sequence[str | int], after: Sequence[str | int]) -> bool:
    """Whether two files say the same but for words in values, which `find` answers for.

    Quotes around an address in a sentence would be words of it.
    """
    return len(before) == len(after) and all(
        one == other
        or (isinstance(one, str) and isinstance(other, str) and one.count('"') == other.count('"'))
        for one, other in zip(before, after, strict=True)
    )


def _values(root: Node) -> Iterator[str | int]:
    """Every key and scalar in order, and of each list and mapping how much it holds."""
    met = set[int]()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        # What aliases repeat is looked at once.
        if id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, ScalarNode):
            yield node.value
        elif isinstance(node, SequenceNode):
            yield len(node.children)
            nodes += reversed(node.children)
        elif isinstance(node, MappingNode):
            yield len(node.pairs)
            nodes += reversed([part for pair in node.pairs.values() for part in pair])
