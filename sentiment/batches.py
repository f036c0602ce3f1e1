"""Training batches: texts of like length together, as many as fit a budget of pieces."""

import random
from collections.abc import Iterator, Sequence

_POOL = 2048  # texts sorted among themselves: sorting all of them would bring one length, one kind at a time
_KEEP_WHOLE = 8  # pieces; a shorter text loses its meaning with any of them


def batches(lengths: Sequence[int], budget: int, chance: random.Random, most: int = 48) -> Iterator[list[int]]:
    """Indices into ``lengths`` in batches of at most ``budget`` padded pieces and ``most`` texts, each once."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    found: list[list[int]] = []
    for start in range(0, len(order), _POOL):
        batch: list[int] = []
        for index in sorted(order[start : start + _POOL], key=lambda index: lengths[index]):
            if batch and (lengths[index] * (len(batch) + 1) > budget or len(batch) == most):
                found.append(batch)
                batch = []
            batch.append(index)
        found.append(batch)
    chance.shuffle(found)
    yield from found


def jittered(ids: Sequence[int], chance: random.Random, share: float = 0.06) -> list[int]:
    """``ids`` with a few pieces left out, every second time: the same text is never quite the same again."""
    if len(ids) < _KEEP_WHOLE or chance.random() < 0.5:
        return list(ids)
    return [ids[0], *(piece for piece in ids[1:-1] if chance.random() > share), ids[-1]]
