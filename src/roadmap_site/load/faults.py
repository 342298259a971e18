"""What the loader itself finds: faults of files, of YAML, and of shape (RS0xx)."""

from __future__ import annotations

from roadmap_site.model.diagnostic import Rule, Severity

UNREADABLE_FILE = Rule(
    "RS001",
    "unreadable-file",
    Severity.ERROR,
    """A file cannot be read as text.

    What it checks: each YAML file of the curriculum is a regular file inside the curriculum
    folder, at most 1 MiB of UTF-8; each hand-written page likewise, at most 256 KiB.

    Why it matters: a curriculum may come from a stranger's pull request. A link that leads out of
    the folder could publish a secret, and a huge file could exhaust the machine.

    Example: a file saved as UTF-16, or a symbolic link to /etc/passwd.

    Use instead: a plain UTF-8 file; split a large one by month.
    """,
)
YAML_SYNTAX = Rule(
    "RS002",
    "yaml-syntax",
    Severity.ERROR,
    """The YAML cannot be parsed.

    What it checks: each file is one YAML document. Only the first syntax fault of a file is
    reported, because what follows it is guesswork.

    Why it matters: nothing in the file can be read.

    Example: `title: Trees: an introduction` (a colon and a space inside a plain text).

    Use instead: `title: "Trees: an introduction"`.
    """,
)
YAML_BOUNDS = Rule(
    "RS003",
    "yaml-out-of-bounds",
    Severity.ERROR,
    """The YAML nests too deep, or repeats too much through aliases.

    What it checks: at most 64 levels of nesting, at most 10,000 values through aliases, and at
    most 100 %TAG directives.

    Why it matters: a few hundred bytes can otherwise exhaust the memory of whoever builds the
    site ("billion laughs"), or crash the parser.

    Example: a hundred thousand opening brackets; an anchor that contains itself.

    Use instead: the flat lists the curriculum is made of.
    """,
)
DUPLICATE_KEY = Rule(
    "RS004",
    "duplicate-key",
    Severity.ERROR,
    """A mapping has the same key twice.

    What it checks: the keys of each mapping differ.

    Why it matters: YAML readers keep the last and drop the first without a word.

    Example: two `topics:` in one week.

    Use instead: one `topics:` with both lists.
    """,
)
UNKNOWN_KEY = Rule(
    "RS005",
    "unknown-key",
    Severity.ERROR,
    """A key that means nothing here.

    What it checks: each key is one that its mapping knows.

    Why it matters: a misspelt key would silently drop what stands under it.

    Example: `topcis:`

    Use instead: `topics:`
    """,
    fixable=True,
)
MISSING_KEY = Rule(
    "RS006",
    "missing-key",
    Severity.ERROR,
    """A required key is absent.

    What it checks: each mapping has the keys it cannot do without.

    Why it matters: a week without a title has no address.

    Example: a week that has only `week: 3`.

    Use instead: `title: Model Evaluation` beside it.
    """,
)
WRONG_TYPE = Rule(
    "RS007",
    "wrong-type",
    Severity.ERROR,
    """A value is of another kind than its key wants.

    What it checks: a list where a list is wanted, a text where a text is, and so on.

    Why it matters: a text in place of a list would be read letter by letter.

    Example: `topics: Backpropagation`

    Use instead: `topics:` and, below it, `- Backpropagation`
    """,
)
INVALID_VALUE = Rule(
    "RS008",
    "invalid-value",
    Severity.ERROR,
    """A value is of the right kind, but not one that can be understood.

    What it checks: durations, numbers, dates and words from a fixed list.

    Why it matters: hours can be added up only where they can be read.

    Example: `time: five hours`

    Use instead: `time: 5h`
    """,
    fixable=True,
)
BLANK_VALUE = Rule(
    "RS009",
    "blank-value",
    Severity.ERROR,
    """A text or a list is empty.

    What it checks: each text holds something other than white space, and each list that its
    mapping cannot do without has an entry.

    Why it matters: an empty item is a box to tick that says nothing; a track without months, a
    road that leads nowhere.

    Example: `- ""`

    Use instead: the words, or no entry at all.
    """,
)
INVISIBLE_CHARACTER = Rule(
    "RS010",
    "invisible-character",
    Severity.WARNING,
    """A text holds control characters that reorder or hide what is read.

    What it checks: no text holds bidirectional overrides or other control characters; the site
    shows the text without them.

    Why it matters: they make a text look like another one, to readers and to reviewers.

    Example: a right-to-left override (U+202E) inside a title.

    Use instead: the letters alone; browsers set right-to-left scripts by themselves.
    """,
)

RULES = (
    UNREADABLE_FILE,
    YAML_SYNTAX,
    YAML_BOUNDS,
    DUPLICATE_KEY,
    UNKNOWN_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    INVALID_VALUE,
    BLANK_VALUE,
    INVISIBLE_CHARACTER,
)
