"""The route tree and its receivers, with the names and the semantics of Alertmanager."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from config.duration import Duration
from config.section import Section


class Route(Section):
    """One node. What is None is inherited from the parent; times of activity are not inherited.

    `match` is sugar for equality matchers (a list means any of its values), `match_re` for regular expressions.
    """

    receiver: str | None = None
    matchers: list[str] = []
    match: dict[str, str | list[str]] = {}
    match_re: dict[str, str] = {}
    continue_: bool = Field(default=False, alias="continue")
    group_by: list[str] | None = None
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None
    active_time_intervals: list[str] = []
    mute_time_intervals: list[str] = []
    routes: list[Route] = []

    @field_validator("matchers", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("match", "match_re", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {
            str(key): [_text(v) for v in one] if isinstance(one, list) else _text(one) for key, one in value.items()
        }


def _text(value: object) -> str:
    """A YAML scalar as it was written: true, not True; nothing for null."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class SlackReceiver(Section):
    """A Slack channel, by name or id."""

    channel: str


class ConsoleReceiver(Section):
    """Standard output."""


class EmailReceiver(Section):
    """Mail to one or more addresses, one thread a case. The server stands under `smtp`."""

    to: list[str] = Field(min_length=1)


class WebhookReceiver(Section):
    """CloudEvents to an address, signed with the secret of that name from the environment."""

    url: str
    secret_from: str | None = None


class ChatReceiver(Section):
    """An incoming webhook. Its address is a secret: `url_from` names the environment variable that holds it."""

    url_from: str


class Receiver(Section):
    """A place that can be told: exactly one of its kinds."""

    slack: SlackReceiver | None = None
    console: ConsoleReceiver | None = None
    email: EmailReceiver | None = None
    webhook: WebhookReceiver | None = None
    teams: ChatReceiver | None = None
    mattermost: ChatReceiver | None = None
    discord: ChatReceiver | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Receiver:
        if len(self.model_fields_set) != 1:
            raise ValueError("a receiver is exactly one of: " + ", ".join(type(self).model_fields))
        return self

    @property
    def kind(self) -> str:
        """Which kind it is: slack, console …"""
        return next(iter(self.model_fields_set))


class InhibitRule(Section):
    """While something fires that satisfies the source matchers, what satisfies the target matchers is not told.

    Both must have the same values of the labels in `equal` (a missing label is the empty value), as in Alertmanager.
    """

    source_matchers: list[str] = Field(min_length=1)
    target_matchers: list[str] = Field(min_length=1)
    equal: list[str] = []
