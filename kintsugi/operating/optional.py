"""What Kintsugi can do without and does better with: which of it is there, and how to get the rest."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from pydantic import SecretStr

from config.drafts import KEY as LLM_KEY
from config.error import ConfigurationError
from kintsugi.operating.tracing import ASKED_BY

if TYPE_CHECKING:
    from kintsugi.app import App

DISTRIBUTION = "kintsugi-recovery"
# What each extra is for. One that is not listed here is shown with its packages alone.
EXTRAS = {
    "browser": "pages that need their scripts: `render: true` of a source of kind page",
    "postgres": "engine: postgres, on any number of machines",
    "otel": "traces of every mention by OpenTelemetry",
    "pdf": "reports as PDF",
    "photos": "photos with complaints",
    "sso": "signing in by OpenID Connect: web.oidc",
    "train": "models of your own: kintsugi model train",
}
_WANTED = re.compile(r"^([A-Za-z0-9._-]+)[^;]*;.*extra == ['\"]([\w-]+)['\"]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part that may be missing. `said` is what was found, or how to get it."""

    what: str
    there: bool
    said: str


def optional_parts(app: App) -> Iterator[Part]:
    """Extras, programs beside Python, and credentials, each whether it is there or not."""
    yield from _extras()
    yield _pango()
    yield _torch()
    chromium = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    how = "sources with `render: true` and the tests of the pages need it: apt-get install chromium"
    yield Part("chromium", chromium is not None, chromium or how)
    yield from _credentials(app)


def _extras() -> Iterator[Part]:
    packages: dict[str, list[str]] = {}
    for line in requires(DISTRIBUTION) or []:
        if found := _WANTED.match(line):
            packages.setdefault(found[2], []).append(found[1])
    for extra, names in sorted(packages.items()):
        missing = [name for name in names if not _installed(name)]
        use = EXTRAS.get(extra, ", ".join(names))
        how = f"{use}: needs {', '.join(missing)}: pip install '{DISTRIBUTION}[{extra}]'"
        yield Part(f"extra {extra}", not missing, how if missing else use)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _pango() -> Part:
    """WeasyPrint brings no Pango of its own, and says so only when it is imported."""
    from ctypes.util import find_library

    there = find_library("pango-1.0") is not None
    return Part("pango", there, "found" if there else "reports as PDF need it: apt-get install libpango-1.0-0")


def _torch() -> Part:
    there = _installed("torch")
    how = "kintsugi model train and models of Hugging Face need it: pip install torch (a CPU build will do)"
    return Part("torch", there, "installed" if there else how)


def _credentials(app: App) -> Iterator[Part]:
    from crawlers.registry import kind_named, options_for, variables_of

    secrets, settings = app.secrets, app.settings
    slack = "api.slack.com, Your apps (docs/operate.md, Slack), into .env"
    wanted: dict[str, str] = {
        "SLACK_BOT_TOKEN": f"messages in Slack: {slack}",
        "SLACK_APP_TOKEN": f"buttons and commands in Slack: {slack}",
        "KINTSUGI_METRICS_TOKEN": "figures for another machine (/metrics): any long random text, into .env",
    }
    if settings.web.oidc is not None:
        wanted["OIDC_CLIENT_SECRET"] = f"signing in at {settings.web.oidc.issuer}: from the provider, into .env"
    if settings.smtp.username is not None:
        wanted["SMTP_PASSWORD"] = f"mail as {settings.smtp.username}: from {settings.smtp.host}, into .env"
    if settings.drafts.drafter == "llm":
        wanted[LLM_KEY] = f"drafts by {settings.drafts.model}: from {settings.drafts.url}, into .env"
    for key, source in settings.sources.items():
        try:
            names = variables_of(options_for(key, kind_named(source.kind), source.options))
        except ConfigurationError:
            continue  # the check of the source says it
        for name in names:
            wanted[name] = f"source {key} ({source.kind}): docs/sources.md says where it comes from; into .env"
    for name, how in wanted.items():
        there = bool(secrets.named(name) or _field(app, name))
        yield Part(name, there, "set" if there else how)
    exporter = next((name for name in ASKED_BY if os.environ.get(name)), None)
    yield Part(ASKED_BY[0], exporter is not None, "set" if exporter else "where traces go; without it none are made")


def _field(app: App, name: str) -> str:
    """The value of a secret that has a field of its own."""
    found = getattr(app.secrets, name.lower(), None)
    return found.get_secret_value() if isinstance(found, SecretStr) else ""
