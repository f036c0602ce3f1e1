"""The parts of an installation, looked at one by one: each says whether it works, and what to do if not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions

from config.duration import write_duration
from config.error import ConfigurationError
from kintsugi.app import App

OUR_NAMES = ("config", "storage", "crawlers", "sentiment", "alerts", "responder", "reports", "kintsugi")


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it works, and a line that says what was found or what to do."""

    what: str
    ok: bool
    said: str


def all_checks(app: App) -> Iterator[Finding]:
    """Every check. One that fails never stops the next."""
    yield Finding("configuration", True, f"brand {app.settings.brand.name}, {len(app.settings.sources)} sources")
    yield _tried("packages", lambda: _packages())
    yield _tried("event log key", lambda: _log_key(app))
    yield _tried("database", lambda: _database(app))
    yield _tried("model", lambda: app.assessor.model)
    yield _tried(
        "playbooks", lambda: f"pack {app.settings.brand.industry or 'of every industry'}" if app.playbooks else ""
    )
    for key in app.settings.sources:
        yield _tried(f"source {key}", lambda key=key: _source(app, key))  # type: ignore[misc]
    yield from replies_checked(app)
    yield _tried("routes", lambda: _routes(app))
    yield from _receivers(app)


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except ConfigurationError as error:
        return Finding(what, False, "; ".join(error.lines))
    except Exception as error:
        return Finding(what, False, f"{type(error).__name__}: {error}")


def _packages() -> str:
    """Our package names are plain words: another distribution in the same environment could own one of them."""
    owners = packages_distributions()
    foreign = {name: [o for o in owners.get(name, []) if o != "kintsugi-recovery"] for name in OUR_NAMES}
    taken = {name: found for name, found in foreign.items() if found}
    if taken:
        name, found = next(iter(taken.items()))
        raise ConfigurationError(
            [f"the package name {name!r} also belongs to {found[0]}: use an environment of its own"]
        )
    return "all names are ours"


def _log_key(app: App) -> str:
    key = app.secrets.kintsugi_log_key
    if key is None or len(key.get_secret_value()) < 32:
        raise ConfigurationError(["KINTSUGI_LOG_KEY is missing or short: `kintsugi init` writes one to .env"])
    return "set"


def _database(app: App) -> str:
    from storage.source import Source

    with app.database.read() as session:
        session.query(Source).count()
    return app.database.url.split("@")[-1]


def _source(app: App, key: str) -> str:
    from crawlers.registry import kind_named, options_for

    source = app.settings.sources[key]
    kind = kind_named(source.kind)
    options_for(key, kind, source.options)
    if kind.terms and not source.terms_accepted:
        raise ConfigurationError([f"off: {kind.terms}; read them, then set sources.{key}.terms_accepted: true"])
    return f"{source.kind}, every {source.every}"


def replies_checked(app: App) -> Iterator[Finding]:
    """How replies to each source are published. By hand is fine, unless `reply` asks for more than is there."""
    from responder.channels.opening import CHANNEL_OF, MANUAL

    for key, source in app.settings.sources.items():
        if source.kind not in CHANNEL_OF:
            continue
        try:
            why = app.channels.why_by_hand(key)
        except ConfigurationError as error:
            yield Finding(f"replies {key}", False, "; ".join(error.lines))
            continue
        asked_for = source.reply not in ({}, MANUAL)
        undo = write_duration(app.settings.publish.undo)
        said = f"published {undo} after an approval" if why is None else f"by hand: {why}"
        yield Finding(f"replies {key}", why is None or not asked_for, said)


def _routes(app: App) -> str:
    from alerts.routing.route_warnings import route_warnings
    from alerts.routing.tree import walk

    found = f"{sum(1 for _ in walk(app.tree))} routes, {len(app.settings.all_receivers())} receivers"
    return "; ".join([found, *(f"warning: {line}" for line in route_warnings(app.tree))])


def _receivers(app: App) -> Iterator[Finding]:
    """Asks each receiver that can be asked whether its token, its scopes and its place are right."""
    from alerts.receivers.receiver import Checked

    try:
        receivers = app.receivers
    except ConfigurationError as error:
        yield Finding("receivers", False, "; ".join(error.lines))
        return
    for name, receiver in receivers.items():
        if isinstance(receiver, Checked):
            wrong = receiver.check()
            yield Finding(f"receiver {name}", not wrong, wrong or "reached")
        else:
            yield Finding(f"receiver {name}", True, "ready")
