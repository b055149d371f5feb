"""Meanings by key: the nearest are found whatever was put in and taken out before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.meaning import Meanings, likeness

SIZE = 4


def vector(seed):
    """A direction, length 1."""
    drawn = np.random.default_rng(seed).normal(size=SIZE)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


VECTORS = st.integers(0, 2**32).map(vector)
STEPS = st.lists(st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 9)), max_size=40)


def kept(steps):
    """An index after these steps, beside a dictionary of what it should hold."""
    index, expected = Meanings(), {}
    for number, (step, key) in enumerate(steps):
        if step == "drop":
            index.drop(key)
            expected.pop(key, None)
        elif key not in expected:
            expected[key] = vector(number)
            index.put(key, expected[key])
    return index, expected


@given(STEPS, VECTORS, st.integers(0, 12))
def test_the_nearest_are_those_that_comparing_with_each_finds(steps, asked, count):
    """After any puts and drops: so many, none twice, none that was dropped, and the nearest first."""
    index, expected = kept(steps)
    found = index.nearest(asked, count)
    assert len(index) == len(expected)
    assert len(found) == len(set(found)) == min(count, len(expected))
    cosines = sorted((float(meaning @ asked) for meaning in expected.values()), reverse=True)
    assert [float(expected[key] @ asked) for key in found] == pytest.approx(cosines[:count], abs=1e-5)


@given(STEPS)
def test_a_key_is_nearest_to_its_own_meaning(steps):
    """Whatever row it stands in."""
    index, expected = kept(steps)
    assert [index.nearest(meaning, 1) for meaning in expected.values()] == [[key] for key in expected]


@given(st.permutations(range(8)), VECTORS)
def test_the_order_of_putting_does_not_matter(order, asked):
    """The same meanings put in another order are found in the same one."""
    one, other = Meanings(), Meanings()
    for key in range(8):
        one.put(key, vector(key))
    for key in order:
        other.put(key, vector(key))
    assert one.nearest(asked, 8) == other.nearest(asked, 8)


def test_what_is_opposite_comes_last_and_is_still_found():
    """Free rows are nearer than an opposite meaning, and hide none."""
    index = Meanings()
    index.put("same", vector(1))
    index.put("opposite", -vector(1))
    assert index.nearest(vector(1), 2) == ["same", "opposite"]
    assert index.nearest(vector(1), 1) == ["same"]


def test_it_grows_with_what_is_put_in():
    """Hundreds are kept as one is, and room that was left is used again."""
    index = Meanings()
    for key in range(300):
        index.put(key, vector(key))
    room = len(index._rows)
    for key in range(300):
        index.drop(key)
        index.put(-key - 1, vector(key))
    assert (len(index), len(index._rows)) == (300, room)
    assert all(index.nearest(vector(key), 1) == [-key - 1] for key in range(0, 300, 37))


def test_nothing_is_near_where_nothing_is():
    """An empty index has no answer, and to drop what is not there does nothing."""
    index = Meanings()
    index.drop("none")
    assert index.nearest(vector(1), 3) == []
    index.put("a", vector(1))
    index.drop("a")
    index.drop("a")
    assert (len(index), index.nearest(vector(1), 3)) == (0, [])


@given(VECTORS, VECTORS)
def test_likeness_is_a_cosine(one, other):
    """Between -1 and 1, the same both ways, 1 with itself, -1 with its opposite, 0 with what is not known."""
    assert -1.00001 <= likeness(one, other) <= 1.00001
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == pytest.approx(1, abs=1e-5)
    assert likeness(one, -one) == pytest.approx(-1, abs=1e-5)
    assert likeness(one, None) == likeness(None, other) == likeness(None, None) == 0.0
