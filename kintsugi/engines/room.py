"""What this machine, or the container around us, has room for."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from kintsugi.engines.sizing import Room

GROUP = Path("/sys/fs/cgroup")  # version 2; a container sees its own limits there
MEMORY = Path("/proc/meminfo")


def room(group: Path = GROUP, memory: Path = MEMORY) -> Room:
    """The lesser of what the machine has and what the container may use."""
    free = [one for one in (_free_here(memory), _free_in(group)) if one is not None]
    return Room(_cores(group), min(free, default=None))


def _cores(group: Path) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # "max 100000", or microseconds in each period
        quota, period = (group / "cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, max(1, round(int(quota) / int(period))))
    return cores


def _free_here(memory: Path) -> float | None:
    with suppress(OSError, ValueError, IndexError):
        return int(memory.read_text(encoding="ascii").split("MemAvailable:")[1].split()[0]) / 1024
    return None


def _free_in(group: Path) -> float | None:
    with suppress(OSError, ValueError):  # no such file, or "max"
        most, used = (int((group / name).read_text(encoding="ascii")) for name in ("memory.max", "memory.current"))
        return (most - used + _files(group)) / 2**20
    return None


def _files(group: Path) -> int:
    """Bytes of files that were read and can be let go of: they count as used, and fill any limit in time."""
    with suppress(OSError, ValueError, IndexError):
        return int((group / "memory.stat").read_text(encoding="ascii").split("\ninactive_file ")[1].split()[0])
    return 0
