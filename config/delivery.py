"""How long a place that is told may take to answer."""

from __future__ import annotations

from datetime import timedelta

from pydantic import field_validator

from config.duration import Duration, write_duration
from config.section import Section

LONGEST = timedelta(minutes=1)  # a delivery is claimed for two


class DeliverySettings(Section):
    """What holds for everything that goes out to colleagues: Slack, mail, webhooks, chats."""

    answer_within: Duration = timedelta(seconds=15)

    @field_validator("answer_within")
    @classmethod
    def _soon(cls, within: timedelta) -> timedelta:
        if not timedelta(0) < within <= LONGEST:
            raise ValueError(f"more than 0s and at most {write_duration(LONGEST)}")
        return within
