"""All settings: defaults.yaml, with kintsugi.yaml laid over it; secrets come from the environment or .env only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.brand import BrandSettings
from config.clocks import BusinessHours, ClockSettings, FollowUpSettings
from config.complaints import ComplaintSettings
from config.criteria import TOPICS, Criterion
from config.delivery import DeliverySettings
from config.drafts import CauseSettings, DraftSettings
from config.duration import Duration
from config.mistakes import ConfigurationError, describe, did_you_mean
from config.offers import OfferSettings
from config.people import EscalationStep, Person, Rank, Role, Team, rank_of_role
from config.publish import PublishSettings
from config.reports import Reports
from config.route import InhibitRule, Receiver, Route, SlackReceiver
from config.section import Section
from config.source import Retention, SourceSettings
from config.time_interval import NamedIntervals
from config.web import WebSettings
from config.yaml_file import read_yaml

DEFAULTS = Path(__file__).with_name("defaults.yaml")


class CrawlerSettings(Section):
    """How all crawlers behave towards the sites they read."""

    contact: str | None = None
    delay: float = Field(default=1.0, ge=0)
    obey_robots: bool = True
    max_response_mb: int = Field(default=16, ge=1)
    timeout: float = Field(default=30.0, gt=0)
    daily_requests: int | None = Field(default=None, ge=1)
    put_off_at: int = Field(default=20_000, ge=100)


class SentimentSettings(Section):
    """Which model assesses: ours (null), or a Hugging Face classifier by name or folder."""

    model: str | None = None


class LogSettings(Section):
    """The service's own log lines."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


class SlackSettings(Section):
    """The Slack workspace. Tokens come from the environment."""

    api_url: str = "https://slack.com/api/"
    pace: Duration = timedelta(seconds=1)
    digest: time | None = time(9, 0)

    @field_validator("digest", mode="before")
    @classmethod
    def _time_of_day(cls, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            hour, _, minute = value.partition(":")
            return time(int(hour), int(minute))
        if value is None or isinstance(value, time):
            return value
        # YAML reads 18:00 without quotation marks as the number 1080.
        raise ValueError(f'{value!r} is no time of day: write it in quotation marks, like "09:00"')


class SmtpSettings(Section):
    """The mail server of receivers of the kind email. The password comes from SMTP_PASSWORD."""

    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    sender: str = "kintsugi@localhost"


class Settings(Section):
    """What a team writes in kintsugi.yaml."""

    brand: BrandSettings
    sources: dict[str, SourceSettings] = {}
    recover_when: list[Criterion]
    backlog: Duration
    retention: Retention | None
    teams: dict[str, Team] = {}
    people: dict[str, Person] = {}
    roles: dict[str, Role]
    route: Route
    time_intervals: list[NamedIntervals] = []
    inhibit_rules: list[InhibitRule] = []
    escalation: list[EscalationStep] = []
    receivers: dict[str, Receiver]
    clocks: ClockSettings
    follow_up: FollowUpSettings
    complaints: ComplaintSettings
    publish: PublishSettings
    drafts: DraftSettings
    whys: CauseSettings
    offers: OfferSettings
    reports: Reports
    playbooks: dict[str, Any] = {}
    operator: str | None
    crawlers: CrawlerSettings
    web: WebSettings
    sentiment: SentimentSettings
    topics: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    slack: SlackSettings
    smtp: SmtpSettings
    delivery: DeliverySettings
    engine: Literal["embedded", "postgres"]
    database: str
    log: LogSettings

    @model_validator(mode="after")
    def _names_exist(self) -> Settings:
        intervals = {one.name for one in self.time_intervals}
        self._people_name_known_ones(intervals)
        if self.route.receiver is None:
            raise ValueError("route.receiver: the first route must name a receiver")
        known = self.all_receivers()
        for path, route in _walk("route", self.route):
            if route.receiver is not None:
                _must_exist(f"{path}.receiver", "receiver", route.receiver, known)
            for name in [*route.active_time_intervals, *route.mute_time_intervals]:
                _must_exist(path, "time interval", name, intervals)
        if self.operator is not None:
            _must_exist("operator", "receiver", self.operator, known)
        self._reports_name_known_ones(known)
        for taken in ("intake", "staff"):
            if taken in self.sources:
                raise ValueError(
                    f"sources.{taken}: what comes in by Kintsugi's own forms has this name; choose another"
                )
        for word, page in self.complaints.pages.items():
            if page.location is not None:
                places = [location.name for location in self.brand.locations]
                _must_exist(f"complaints.pages.{word}.location", "place under brand.locations", page.location, places)
        self._escalations_name_known_ones(known)
        self._topics_are_known()
        return self

    @property
    def topics_known(self) -> tuple[str, ...]:
        """The topics of all industries, and the team's own."""
        return (*TOPICS, *self.topics)

    def _topics_are_known(self) -> None:
        for name in self.topics:
            if name in TOPICS:
                raise ValueError(f"topics.{name}: there is a topic of this name already; choose another name")
        for number, criterion in enumerate(self.recover_when):
            for topic in criterion.topic or ():
                _must_exist(f"recover_when[{number}].topic", "topic", topic, self.topics_known)

    def _reports_name_known_ones(self, receivers: dict[str, Receiver]) -> None:
        for kind, report in self.reports.periodic().items():
            if report.to.receiver is not None:
                _must_exist(f"reports.{kind}.to.receiver", "receiver", report.to.receiver, receivers)

    def _people_name_known_ones(self, intervals: set[str]) -> None:
        for key, person in self.people.items():
            if person.team is not None:
                _must_exist(f"people.{key}.team", "team", person.team, self.teams)
            _must_exist(f"people.{key}.role", "role", person.role, self.roles)
            for name in person.works:
                _must_exist(f"people.{key}.works", "time interval", name, intervals)

    def _escalations_name_known_ones(self, receivers: dict[str, Receiver]) -> None:
        plans = {"escalation": self.escalation}
        plans |= {f"teams.{name}.escalation": team.escalation or [] for name, team in self.teams.items()}
        for path, steps in plans.items():
            for number, step in enumerate(steps):
                if step.receiver and step.receiver not in receivers:
                    raise ValueError(f"{path}[{number}].receiver: there is no receiver {step.receiver!r}")
                if step.person and step.person not in self.people:
                    raise ValueError(f"{path}[{number}].person: there is nobody {step.person!r} under people")
                if step.on_call and (step.on_call not in self.teams or not self.teams[step.on_call].on_call):
                    raise ValueError(f"{path}[{number}].on_call: the team {step.on_call!r} has no on_call calendar")

    def kept_for(self, source: str) -> timedelta | None:
        """How long what came from a source is kept; None: for ever."""
        own = self.sources[source].retention if source in self.sources else None
        return own or self.retention

    def rank_of(self, person: str) -> Rank | None:
        """What a person's role may do; None for somebody who is not under `people`."""
        known = self.people.get(person)
        return rank_of_role(known.role, self.roles[known.role]) if known else None

    def hours_of(self, team: str | None) -> BusinessHours:
        """The business hours of a team: its own, else those of the brand."""
        own = self.teams[team].business_hours if team in self.teams else None
        return own or self.clocks.business_hours

    def operators_receiver(self) -> str:
        """Who is told about the installation itself."""
        assert self.route.receiver is not None
        return self.operator or self.route.receiver

    def all_receivers(self) -> dict[str, Receiver]:
        """The receivers by name; a team with a channel is one as well, and so are those of a report."""
        teams = {
            name: Receiver(slack=SlackReceiver(channel=team.channel))
            for name, team in self.teams.items()
            if team.channel
        }
        return {**teams, **self.reports.receivers(), **self.receivers}


class Secrets(BaseSettings):
    """What must not stand in a file under version control. `kintsugi init` writes a .env with a new log key."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="allow")

    kintsugi_log_key: SecretStr | None = None
    kintsugi_database: SecretStr | None = None
    kintsugi_metrics_token: SecretStr | None = None
    oidc_client_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    smtp_password: SecretStr | None = None

    def named(self, name: str) -> str | None:
        """A secret under a name that the configuration chose: from the environment, then from .env."""
        return os.environ.get(name) or (self.model_extra or {}).get(name.lower()) or None


def load_settings(path: Path) -> Settings:
    """Reads kintsugi.yaml over the defaults.

    Raises ConfigurationError, one line a mistake: the path, the value, and the nearest right key.
    """
    try:
        written = read_yaml(path)
    except FileNotFoundError:
        raise ConfigurationError([f"{path}: there is no such file; `kintsugi init` writes one"]) from None
    return settings_from(written, str(path))


def settings_from(written: dict[str, Any], name: str = "kintsugi.yaml") -> Settings:
    """Settings from what a team wrote, laid over the defaults. Raises ConfigurationError."""
    try:
        return Settings.model_validate(_laid_over(_defaults(), written))
    except ValidationError as error:
        raise ConfigurationError(describe(error, Settings, name)) from None


@cache
def _defaults() -> dict[str, Any]:
    return read_yaml(DEFAULTS)


def load_secrets(folder: Path) -> Secrets:
    """Secrets from the environment, then from the .env file of `folder`."""
    file = folder / ".env"
    return Secrets(_env_file=file if file.exists() and os.access(file, os.R_OK) else None)


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = below.get(key)
        merged[key] = _laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _must_exist(path: str, what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ValueError(f"{path}: there is no {what} {name!r}{did_you_mean(name, known)}")


def _walk(path: str, route: Route) -> list[tuple[str, Route]]:
    found = [(path, route)]
    for index, child in enumerate(route.routes):
        found += _walk(f"{path}.routes[{index}]", child)
    return found
