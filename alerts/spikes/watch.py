"""The tick of the spikes: counts every finished quarter of an hour; opens, updates and ends incidents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from alerts.routing.inhibition import Source
from alerts.spikes.counting import Counted, by_series, counted, key_of, moments
from alerts.spikes.detector import REFRACTORY, Detector, seconds_of
from alerts.spikes.incident import facts_about, in_common
from alerts.spikes.share import ShareWatch
from alerts.spikes.telling import Chart, incident_labels, tell
from config.settings import Settings
from storage.due import Due
from storage.series import Series, series_by_keys
from storage.spike import Spike, open_spikes, spikes_since
from storage.webhook_out import tell_programs

INTERVAL = timedelta(minutes=15)
BRAND = key_of({})
CATCH_UP = timedelta(days=14)  # quiet intervals that a series is told of before its next mention
RECENT = 96  # intervals that a chart shows before an incident
QUIET = timedelta(hours=1)  # of ordinary rows, before an incident ends


def watch(session: Session, at: datetime, settings: Settings, chart: Chart) -> list[int]:
    """Works through every interval that has ended since the last call; ids of the deliveries it made.

    May be called as often as one likes, and after any pause: each interval is counted once, in order.
    """
    cursor = session.get(Due, "spikes")
    if cursor is None:
        session.add(Due(name="spikes", at=_start_of(at)))
        return []
    touched: dict[int, Spike] = {}
    heard, going = moments(session, cursor.at, at), open_spikes(session)
    known: dict[str, Series] = {}
    with session.no_autoflush:  # a series is written once, however many intervals it was counted through
        while cursor.at + INTERVAL <= at:
            end = cursor.at + INTERVAL
            mentions = counted(session, cursor.at, end) if any(cursor.at <= one < end for one in heard) else []
            _interval(session, going, known, mentions, cursor.at, end, settings)
            touched |= {spike.id: spike for spike in going}
            going = [spike for spike in going if spike.ended_at is None]
            cursor.at = end
    made = []
    for spike in touched.values():
        _refresh(session, spike, at)
        points = series_by_keys(session, spike.series[:1])[spike.series[0]].recent
        made += tell(session, spike, points, settings, at, chart)
    return made


def incidents(session: Session, settings: Settings) -> list[Source]:
    """What goes on now, as inhibition sees it: an incident silences the single alerts that share its labels."""
    return [Source(spike.name, incident_labels(spike, settings.brand.name)) for spike in open_spikes(session)]


def covering(session: Session, labels: Mapping[str, str]) -> Spike | None:
    """The incident that goes on now and that something with these labels belongs to, if any."""
    return next((spike for spike in open_spikes(session) if spike.labels.items() <= labels.items()), None)


def _interval(
    session: Session,
    going: list[Spike],
    known: dict[str, Series],
    mentions: list[Counted],
    start: datetime,
    end: datetime,
    settings: Settings,
) -> None:
    """One interval through all series it concerns. Ends incidents of `going`, adds a new one to it."""
    found = by_series(mentions)
    keys = {BRAND, *found, *(key for spike in going for key in spike.series)}
    known |= series_by_keys(session, keys - known.keys())
    rose: list[tuple[Series, str, float]] = []
    for key in sorted(keys):
        labels, members = found.get(key, ({}, []))
        series = known.get(key)
        if series is None:
            series = known[key] = _begun(key, labels, known.get(BRAND), start)
            session.add(series)
        rose += [(series, what, score) for what, score in _count(series, members, start, end, settings)]
    if rose:
        spike = _joined(session, going, rose, mentions, start, end)
        if spike not in going:
            going.append(spike)
    for spike in going:
        _add_up(spike, known[spike.series[0]])
        _end_if_calm(spike, [known[key] for key in spike.series if key in known], end)
        if spike.ended_at is not None:
            _tell_programs(session, spike, "spike.closed", end)


def _tell_programs(session: Session, spike: Spike, name: str, at: datetime) -> None:
    said = {"what": spike.what, "labels": spike.labels, "since": spike.since.isoformat(), "mentions": spike.mentions}
    tell_programs(session, name, f"{name}:{spike.id}:{int(at.timestamp())}", f"S-{spike.id}", at, said)


def _begun(key: str, labels: dict[str, str], brand: Series | None, start: datetime) -> Series:
    """A new series. A topic nobody named before was quiet since we listen; another part may be newly watched."""
    since = start
    if set(labels) == {"topic"} and brand is not None:
        since = brand.counted_until - Detector.restored(brand.volume).rows * INTERVAL
    return Series(key=key, labels=labels, volume={}, share={}, recent=[], counted_until=since)


def _count(
    series: Series, members: list[Counted], start: datetime, end: datetime, settings: Settings
) -> list[tuple[str, float]]:
    """Adds an interval to a series, quiet ones before it first. What rose, with its score."""
    zone = settings.brand.zone
    detector = Detector.restored(series.volume) if series.volume else Detector(INTERVAL)
    share = ShareWatch(series.share)
    gap = max(series.counted_until, start - CATCH_UP)
    while gap < start:
        detector.update(gap.astimezone(zone), 0)
        gap += INTERVAL
    negative = sum(mention.negative for mention in members)
    reading = detector.update(start.astimezone(zone), len(members))
    opened: list[tuple[str, float]] = [("volume", reading.score)] if reading.opens else []
    if share.update(seconds_of(start), len(members), negative):
        opened.append(("negative_share", 1.0 - 0.5 ** (share.height / 4.0)))
    expected, upper = detector.usual
    row = [start.isoformat(), len(members), negative, round(expected, 2), round(upper, 2)]
    series.recent = [*series.recent[-RECENT + 1 :], row]
    series.volume, series.share, series.counted_until = detector.state(), share.state(), end
    return opened


def _joined(
    session: Session,
    going: list[Spike],
    rose: list[tuple[Series, str, float]],
    mentions: list[Counted],
    start: datetime,
    end: datetime,
) -> Spike:
    """The one incident of what rose now: one that goes on or has just ended with labels that agree, or a new one."""
    # The broadest series is the story; its parts join it.
    rose.sort(key=lambda one: (len(one[0].labels), -one[2]))
    keys = list(dict.fromkeys(series.key for series, _, _ in rose))
    labels = rose[0][0].labels
    earlier = [spike for spike in spikes_since(session, start - timedelta(seconds=REFRACTORY)) if spike not in going]
    for spike in [*going, *reversed(earlier)]:
        if all(labels.get(name, value) == value for name, value in spike.labels.items()):
            spike.series = list(dict.fromkeys([*spike.series, *keys]))
            spike.score = max(spike.score, *(score for _, _, score in rose))
            if spike.ended_at is not None:
                spike.ended_at = None
                _tell_programs(session, spike, "spike.opened", end)
            return spike
    what = "volume" if any(what == "volume" for _, what, _ in rose) else "negative_share"
    common = in_common([one for one in mentions if one.belongs_to(labels)]) | labels
    # Its figures are those of the narrowest series that holds all of it.
    holding = [series for series, _, _ in rose if series.labels.items() <= common.items()]
    narrowest = max(holding, key=lambda series: len(series.labels)).key
    spike = Spike(
        what=what,
        labels=common,
        series=[narrowest, *(key for key in keys if key != narrowest)],
        score=max(score for _, _, score in rose),
        since=start,
        opened_at=end,
        ended_at=None,
        mentions=0,
        negative=0,
        expected=0.0,
        peak=0,
        topics=[],
        places=[],
        typical=[],
        spread=[],
        bot_like=None,
        receivers=[],
        told=0,
        shown="",
    )
    session.add(spike)
    session.flush()
    _tell_programs(session, spike, "spike.opened", end)
    return spike


def _add_up(spike: Spike, series: Series) -> None:
    """The figures of the series that opened it, over the interval that was just counted."""
    _, mentions, negative, expected, _ = series.recent[-1]
    spike.mentions += mentions
    spike.negative += negative
    spike.expected += expected
    spike.peak = max(spike.peak, mentions)


def _end_if_calm(spike: Spike, series: list[Series], end: datetime) -> None:
    """Ends an incident whose series are ordinary again and have been no news for a while."""
    if end - spike.opened_at < QUIET:
        return
    if spike.what == "negative_share":
        calm = ShareWatch(series[0].share).calm
    else:
        volumes = [Detector.restored(one.volume) for one in series]
        calm = all(one.calm and one.quiet_for(seconds_of(end)) >= QUIET.total_seconds() for one in volumes)
    if calm:
        spike.ended_at = end


def _refresh(session: Session, spike: Spike, at: datetime) -> None:
    """What the incident's mentions tell, from its beginning to its end or now."""
    mentions = [
        one for one in counted(session, spike.since, spike.ended_at or _start_of(at)) if one.belongs_to(spike.labels)
    ]
    if not mentions:
        return
    facts = facts_about(session, mentions, spike.opened_at)
    spike.topics = [list(one) for one in facts.topics]
    spike.places = [list(one) for one in facts.places]
    spike.typical, spike.spread, spike.bot_like = facts.typical, facts.spread, facts.bot_like


def _start_of(at: datetime) -> datetime:
    """The start of the interval that `at` lies in."""
    seconds = INTERVAL.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
