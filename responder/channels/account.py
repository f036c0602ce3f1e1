"""What a channel is opened with: the options of its source, and tokens from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict

from config.section import Section
from config.settings import Secrets, SmtpSettings


class ChannelOptions(Section):
    """The options of a source that its channel needs; what only the crawler reads is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Missing(Exception):
    """A channel cannot be opened as things are set: replies are posted by hand. The message says what to set."""


@dataclass(frozen=True)
class Account:
    """One source's access to its site."""

    key: str  # the source's name in kintsugi.yaml
    secrets: Secrets
    smtp: SmtpSettings

    def secret(self, variable: str) -> str:
        """The token in a variable of the environment or .env. Raises Missing, which names the variable."""
        value = self.secrets.named(variable)
        if not value:
            raise Missing(f"{variable} is not set")
        return value
