"""Headlines of one event beside near misses of it: what a model learns "the same event?" from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from classifiers.dataset import DATA_DIR, DatasetError, decode

__all__ = ["STORIES_DIR", "Member", "families", "load_stories"]

STORIES_DIR: Final = DATA_DIR / "stories"
DEV_SHARE: Final = 10  # one story in so many is held out
Side = Literal["train", "dev"]


@dataclass(frozen=True, slots=True)
class Member:
    """One headline of a story. A near miss is a story of its own that names the story which it is not."""

    headline: str
    story: str
    near: str | None = None

    @property
    def group(self) -> str:
        """What must stay on one side of the split."""
        return self.near or self.story


def load_stories(paths: Iterable[Path] | None = None) -> list[Member]:
    """Read files of stories, JSON Lines with ``headline``, ``story`` and, of a near miss, ``near``.

    Args:
        paths: files; those of the project if left out.

    Raises:
        DatasetError: a file is at fault; every fault with file and line.
    """
    files = sorted(STORIES_DIR.glob("*.jsonl")) if paths is None else list(paths)
    members: list[Member] = []
    places: list[str] = []  # of each member
    faults: list[str] = []
    for path in files:
        try:
            lines = path.read_bytes().rstrip(b"\n").split(b"\n")
        except OSError as e:
            faults.append(f"{path}: cannot be read: {e.strerror or e}")
            continue
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(decode(line))
                members.append(Member(str(row["headline"]), str(row["story"]), row.get("near")))
            except (ValueError, KeyError, TypeError, AttributeError) as e:
                faults.append(f"{path}:{number}: not a headline of a story: {e!r}")
                continue
            places.append(f"{path}:{number}")
    known = {member.story for member in members}
    faults += [
        f"{place}: near {m.near!r}, which is no story"
        for place, m in zip(places, members, strict=True)
        if m.near and m.near not in known
    ]
    if faults:
        raise DatasetError(faults)
    return members


def families(members: Sequence[Member], side: Side) -> list[list[Member]]:
    """Each story with its near misses, as one list; the split is by story, and always the same."""
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[member.group].append(member)
    return [groups[name] for i, name in enumerate(sorted(groups)) if (i % DEV_SHARE == 0) == (side == "dev")]
