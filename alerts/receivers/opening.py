"""Opens the receivers that a configuration names: the kind `slack` is the module `alerts.receivers.slack`."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from alerts.receivers.receiver import Receiver
from config.settings import Secrets, Settings


def open_receivers(settings: Settings, secrets: Secrets) -> dict[str, Receiver]:
    """Every receiver by name. Nothing is contacted yet. Raises ConfigurationError when a secret is missing."""
    opened = {}
    for name, receiver in settings.all_receivers().items():
        module = import_module(f"alerts.receivers.{receiver.kind}")
        opened[name] = cast(Receiver, module.open_receiver(name, getattr(receiver, receiver.kind), settings, secrets))
    return opened
