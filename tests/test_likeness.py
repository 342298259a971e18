"""Which new words are taken for which old ones, and when nobody can say."""

from __future__ import annotations

import pytest

from roadmap_site.check.identity.likeness import Text, likeness, pair


def paired(gone: list[str], new: list[str], others: list[str] | None = None) -> dict[str, str]:
    found = pair(
        [Text(text, text) for text in gone], [Text(text, text) for text in new], others or ()
    )
    return found.sure


@pytest.mark.parametrize(
    ("gone", "new", "sure"),
    [
        pytest.param(["A b c d"], ["A b c d e"], {"A b c d": "A b c d e"}, id="a word more"),
        pytest.param(["Backprop"], ["Backpropagate"], {"Backprop": "Backpropagate"}, id="one word"),
        pytest.param(["Print a square"], ["Draw with turtles"], {}, id="too far"),
        pytest.param(  # 0.57
            ["Print a square of stars"], ["Print a wide tower of dots"], {}, id="not far enough"
        ),
        pytest.param(
            # Both of the old ones hold as many of the new one's words.
            ["Draw the small red square", "Draw the small blue circle"],
            ["Draw the small red circle"],
            {},
            id="two sources",
        ),
        pytest.param(
            ["Print a large square of stars and then a circle"],
            ["Print a large square of stars", "And then a circle"],
            {},
            id="split in two",
        ),
        pytest.param(["Solve problem 1"], ["Solve problem 4"], {}, id="another number"),
        pytest.param(["Write a parser in C++"], ["Write a parser in C#"], {}, id="another sign"),
        pytest.param(
            ["Read on CIFAR-10 images"],
            ["Read more on CIFAR-10 images"],
            {"Read on CIFAR-10 images": "Read more on CIFAR-10 images"},
            id="the same number",
        ),
    ],
)
def test_pairs(gone: list[str], new: list[str], sure: dict[str, str]) -> None:
    assert paired(gone, new) == sure


def test_what_a_text_still_in_use_lost_is_not_what_is_gone() -> None:
    """One that is pinned was cut, and its other half is new."""
    gone, new = "Plot a histogram of prices", "Plot a histogram of prices well"
    assert paired([gone], [new]) == {gone: new}
    assert paired([gone], [new], ["Clean data. Plot a histogram of prices well"]) == {}


def test_what_is_known_by_a_title_is_not_taken_for_words() -> None:
    old, new = Text("a", "Deep Learning", group="mention"), Text("b", "Deep Learning")
    assert not pair([old], [new]).sure


def test_the_same_words_in_each_of_two_tracks() -> None:
    gone = [Text("x/a/review", "Review", "x/a"), Text("y/a/review", "Review", "y/a")]
    new = [Text("x/b/review", "Review", "x/b"), Text("y/b/review", "Review", "y/b")]
    assert pair(gone, new).sure == {"x/a/review": "x/b/review", "y/a/review": "y/b/review"}
    assert not pair(gone[:1] * 1 + [Text("x/c/review", "Review", "x/c")], new[:1]).sure


def test_likeness_is_symmetric_and_bounded_in_length() -> None:
    one, other = "Gradient descent", "gradient  DESCENT, step by step"
    assert likeness(one, other) == likeness(other, one) > 0.6
    assert likeness("Same", "same ") == 1
    assert likeness("ab" * 50_000, "ba" * 50_000) > 0.9
