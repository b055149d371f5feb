"""Headlines of one event beside near misses of it, and the pairs that a model learns "the same event?" from."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from classifiers.dataset import DATA_DIR, DatasetError
from classifiers.text import normalise

__all__ = ["STORIES_DIR", "Member", "Pair", "load_stories", "make_pairs"]

STORIES_DIR: Final = DATA_DIR / "stories"
DEV_SHARE: Final = 10  # one story in so many is held out
LURES: Final = 3  # pairs with other stories for each headline, those with the most words in common
Side = Literal["train", "dev"]


@dataclass(frozen=True, slots=True)
class Member:
    """One headline of a story. A near miss is a story of its own that names the story which it is not."""

    headline: str
    story: str
    near: str | None = None

    @property
    def file(self) -> str:
        """Which file it stands in: the first part of its story's name."""
        return self.story.partition("-")[0]

    @property
    def group(self) -> str:
        """What must stay on one side of the split."""
        return self.near or self.story


@dataclass(frozen=True, slots=True)
class Pair:
    """Two normalised headlines, and whether they tell of one event."""

    first: str
    second: str
    same: bool


def load_stories(paths: Iterable[Path] | None = None) -> list[Member]:
    """Read files of stories, JSON Lines with ``headline``, ``story`` and, of a near miss, ``near``.

    Args:
        paths: files; those of the project if left out.

    Raises:
        DatasetError: a file is at fault; every fault with file and line.
    """
    files = sorted(STORIES_DIR.glob("*.jsonl")) if paths is None else list(paths)
    members: list[Member] = []
    faults: list[str] = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as e:
            faults.append(f"{path}: cannot be read: {getattr(e, 'strerror', None) or 'not UTF-8 text'}")
            continue
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                members.append(Member(str(row["headline"]), str(row["story"]), row.get("near")))
            except (ValueError, KeyError, TypeError, AttributeError) as e:
                faults.append(f"{path}:{number}: not a headline of a story: {e!r}")
    known = {member.story for member in members}
    faults += [
        f"{m.near!r}, near which {m.headline!r} lies, is no story" for m in members if m.near and m.near not in known
    ]
    if faults:
        raise DatasetError(faults)
    return members


def make_pairs(members: Sequence[Member], side: Side, *, seed: int) -> list[Pair]:
    """All pairs of one event, all of a story with its near misses, and lures: the most alike of other stories.

    Args:
        members: of all stories; the split is by story and the same for every seed.
        side: which part.
        seed: which of the two headlines stands first.
    """
    rng = random.Random(seed)  # noqa: S311 - shuffling
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[member.group].append(member)
    names = [name for i, name in enumerate(sorted(groups)) if (i % DEV_SHARE == 0) == (side == "dev")]
    pairs: list[Pair] = []
    for name in names:
        group = groups[name]
        for i, one in enumerate(group):
            pairs += [_pair(one, other, rng) for other in group[:i]]
    own = [member for name in names for member in groups[name]]
    pairs += [_pair(one, other, rng) for one, other in _lures(own)]
    rng.shuffle(pairs)
    return pairs


def _pair(one: Member, other: Member, rng: random.Random) -> Pair:
    first, second = (one, other) if rng.random() < 0.5 else (other, one)
    return Pair(normalise(first.headline), normalise(second.headline), one.story == other.story)


def _lures(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    """For each headline those of other stories of its file that share the most of its rarer words.

    Two files may tell of one event, and a near miss of another story's; neither would be a lure.
    """
    members = [m for m in members if m.near is None]
    words = [frozenset(normalise(m.headline).split()) for m in members]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, found in enumerate(words):
        for word in found:
            holders[word].append(i)
    out: list[tuple[Member, Member]] = []
    for i, member in enumerate(members):
        shared: dict[int, float] = defaultdict(float)
        for word in words[i]:
            weight = 1 / len(holders[word])
            for j in holders[word]:
                if members[j].story != member.story and members[j].file == member.file:
                    shared[j] += weight
        nearest = sorted(shared, key=lambda j: (-shared[j], j))[:LURES]
        out += [(member, members[j]) for j in nearest]
    return out
