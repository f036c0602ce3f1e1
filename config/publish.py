"""How approved replies are published."""

from __future__ import annotations

from datetime import timedelta

from pydantic import field_validator

from config.criteria import Criterion
from config.duration import Duration, write_duration
from config.section import Section

FEWEST_STARS = 4  # below that somebody was let down, and a person answers
LONGEST_UNDO = timedelta(hours=12)


class PublishSettings(Section):
    """The time in which an approval can be taken back, and what may go out without one."""

    undo: Duration = timedelta(minutes=5)
    automatic: list[Criterion] = []

    @field_validator("undo")
    @classmethod
    def _soon(cls, undo: timedelta) -> timedelta:
        if undo > LONGEST_UNDO:
            raise ValueError(f"an approved reply must not wait longer than {write_duration(LONGEST_UNDO)}")
        return undo

    @field_validator("automatic")
    @classmethod
    def _narrow(cls, lines: list[Criterion]) -> list[Criterion]:
        for line in lines:
            if line.rating is None or any(line.rating.holds(stars / 2) for stars in range(2, 2 * FEWEST_STARS)):
                raise ValueError(
                    f'{line}: an automatic reply needs a rating of {FEWEST_STARS} or more: {{rating: ">= 5"}}'
                )
        return lines
