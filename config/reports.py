"""The periodic reports: when each is made, who gets it, and what its return on recovery assumes."""

from __future__ import annotations

from datetime import time
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from config.amount import Amount
from config.clocks import DAYS
from config.route import EmailReceiver, Receiver, SlackReceiver
from config.section import Section

KINDS = ("daily", "weekly", "monthly")
USUALLY = {"daily": "09:00", "weekly": "mon 09:00", "monthly": "1 09:00"}
LAST_DAY = 28  # of the month: every month has it


class Addressees(Section):
    """Who gets a report: a Slack channel, mail addresses, a receiver by its name."""

    slack: str | None = None
    email: list[str] = []
    receiver: str | None = None

    @field_validator("email", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    def receivers(self) -> dict[str, Receiver]:
        """The receivers that exist only for reports, by name."""
        found = {}
        if self.slack is not None:
            found[f"slack {self.slack}"] = Receiver(slack=SlackReceiver(channel=self.slack))
        if self.email:
            found[f"email {', '.join(self.email)}"] = Receiver(email=EmailReceiver(to=self.email))
        return found

    def names(self) -> list[str]:
        """The names of all receivers that get it."""
        return [*self.receivers(), *([self.receiver] if self.receiver is not None else [])]


class ReportSettings(Section):
    """One periodic report. `on`: when it is made, by the clock of the brand's zone; None: at the usual time."""

    on: str | None = None
    to: Addressees = Addressees()
    language: Literal["ja", "en"] | None = None

    def day_and_time(self, kind: str) -> tuple[int, time]:
        """The day (0: Monday; of the month: 1 to 28; daily: 0) and the time. ValueError says how to write it."""
        day, _, clock = (USUALLY[kind] if self.on is None else self.on.strip()).rpartition(" ")
        hour, _, minute = clock.partition(":")
        right = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
        if kind == "daily" and right and not day:
            return 0, time(int(hour), int(minute))
        if kind == "weekly" and right and day in DAYS:
            return DAYS.index(day), time(int(hour), int(minute))
        if kind == "monthly" and right and day.isdecimal() and 1 <= int(day) <= LAST_DAY:
            return int(day), time(int(hour), int(minute))
        what = {"daily": "time of day", "weekly": "moment of the week", "monthly": "moment of the month"}[kind]
        raise ValueError(f'{self.on!r} is no {what}: write it like "{USUALLY[kind]}"')


class ReturnSettings(Section):
    """What the return on recovery assumes. Nothing is computed from an assumption that nobody made."""

    customer_value: Amount | None = None
    stays_anyway: float = Field(default=0.1, ge=0, le=1)
    minutes_per_case: int = Field(default=30, ge=0)
    hourly_cost: Amount | None = None

    @model_validator(mode="after")
    def _one_currency(self) -> ReturnSettings:
        if self.customer_value and self.hourly_cost and self.customer_value.currency != self.hourly_cost.currency:
            raise ValueError("customer_value and hourly_cost need the same currency")
        return self


class Reports(Section):
    """The periodic reports; one that is absent is not made."""

    daily: ReportSettings | None = None
    weekly: ReportSettings | None = None
    monthly: ReportSettings | None = None
    assumptions: ReturnSettings = ReturnSettings()

    @field_validator(*KINDS)
    @classmethod
    def _readable(cls, value: ReportSettings | None, info: ValidationInfo) -> ReportSettings | None:
        if value is not None:
            value.day_and_time(str(info.field_name))
        return value

    def periodic(self) -> dict[str, ReportSettings]:
        """Those that are made, by kind."""
        found = {kind: getattr(self, kind) for kind in KINDS}
        return {kind: report for kind, report in found.items() if report is not None}

    def receivers(self) -> dict[str, Receiver]:
        """The receivers that exist only for reports, by name."""
        return {name: one for report in self.periodic().values() for name, one in report.to.receivers().items()}
