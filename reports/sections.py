"""The tables of a report, once for all renderers: HTML, CSV and XLSX show the same rows, so their totals agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.outlook_lines import how_right, looked_at, watch_lines
from reports.report import Report
from reports.scope import complaints_path, mentions_path
from reports.share import Mean, Share
from reports.statements import about
from reports.words import Words, percent, signed

SEVERITIES = ("critical", "major", "minor", "none")


@dataclass(frozen=True)
class Cell:
    """One figure as people read it, as a machine reads it (None: as the text), and the path of what is behind it."""

    text: str
    value: float | Decimal | None = None
    link: str | None = None


@dataclass(frozen=True)
class Section:
    """One table. `key` names it in words and charts; `rows` is empty where `none` says so."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str = ""


def sections(report: Report, say: Words) -> list[Section]:
    """All tables, in the order of a report."""
    made = [
        _volume(report, say),
        _mood(report, say),
        _topics(report, say),
        _places(report, say),
        _incidents(report, say),
        _outlook(report, say),
        _cases(report, say),
        _outcomes(report, say),
        _funnel(report, say),
        _times(report, say),
        _recovery(report, say),
        _paradox(report, say),
        _causes(report, say),
        _tasks(report, say),
        _money(report, say),
    ]
    return [one for one in made if one is not None]


def _volume(report: Report, say: Words) -> Section:
    rows = []
    for source in sorted(report.volume.keys() | report.volume_before.keys()):
        now, before = report.volume.get(source, 0), report.volume_before.get(source, 0)
        stars, earlier = report.ratings.get(source), report.ratings_before.get(source)
        path = mentions_path(report.period, report.scope, source=source)
        was = mentions_path(report.period.before, report.scope, source=source)
        rows.append([Cell(source), _n(now, path), _n(before, was), _mean(stars, say), _mean(earlier, say)])
    before = sum(report.volume_before.values())
    path, was = mentions_path(report.period, report.scope), mentions_path(report.period.before, report.scope)
    rows.append([Cell(say("volume.sum")), _n(report.mentions, path), _n(before, was), Cell(""), Cell("")])
    usual = (
        say("volume.usual", times=len(report.usual), low=f"{min(report.usual):,}", high=f"{max(report.usual):,}")
        if len(report.usual) > 1
        else say("volume.usual_few")
    )
    return _section("volume", say, ("source", "mentions", "before", "stars", "stars_before"), rows, usual)


def _mood(report: Report, say: Words) -> Section:
    now, before = report.sentiments, report.sentiments_before
    rows = []
    for mood in ("negative", "neutral", "positive"):
        share = Share(getattr(now, mood), now.total)
        path = mentions_path(report.period, report.scope, sentiment=mood)
        was = Share(getattr(before, mood), before.total)
        rows.append([Cell(say.name("sentiment", mood)), _n(share.part, path), _share(share), _share(was)])
    net = signed(None if now.net is None else now.net * 100)
    if now.interval is not None:
        low, high = (signed(edge * 100) for edge in now.interval)
        net += say.aside(say("head.span", start=low, end=high))
    earlier = None if before.net is None else round(before.net * 100, 2)
    value = None if now.net is None else round(now.net * 100, 2)
    rows.append([Cell(say("mood.net")), Cell(""), Cell(net, value), Cell(signed(earlier), earlier)])
    return _section("mood", say, ("sentiment", "count", "share", "before"), rows, say("mood.note"))


def _topics(report: Report, say: Words) -> Section:
    rows = []
    for line in report.topics:
        path = complaints_path(report.period, report.scope, line.topic)
        verdict = Cell(say(f"verdict.{line.verdict}"))
        cells = [_n(line.now.part, path), _share(line.now), _n(line.before.part), verdict]
        rows.append([Cell(say.name("topic", line.topic)), *cells])
    note = say("topics.note") if rows else say("topics.none")
    return _section("topics", say, ("topic", "count", "share", "before", "verdict"), rows, note)


def _places(report: Report, say: Words) -> Section:
    rows = []
    for line in report.places:
        path = mentions_path(report.period, report.scope, place=line.place, sentiment="negative")
        share = Cell(say.brief(line.negative), line.negative.value, path)
        rows.append(
            [Cell(line.place), share, Cell(percent(line.usual), line.usual), Cell(say(f"place.{line.verdict}"))]
        )
    note = say("places.note") if rows else say("places.none")
    return _section("places", say, ("place", "negative", "usual", "verdict"), rows, note)


def _incidents(report: Report, say: Words) -> Section:
    zone = report.period.zone
    rows = [
        [
            Cell(about(one.labels, say) + (say("incidents.bot") if one.bot_like else "")),
            Cell(say.moment(one.since, zone)),
            Cell(say.moment(one.ended_at, zone) if one.ended_at else say("incidents.going")),
            _n(one.mentions),
            _n(one.negative),
            Cell(f"{one.expected:,.0f}", round(one.expected, 1)),
        ]
        for one in report.incidents
    ]
    columns = ("what", "since", "ended", "count", "negative", "expected")
    return _section("incidents", say, columns, rows, "" if rows else say("incidents.none"))


def _outlook(report: Report, say: Words) -> Section | None:
    made = report.outlook
    if made is None or not made.judged:
        return None
    rows = [
        [
            Cell(line.name),
            Cell(line.now, one.now.value, line.link),
            Cell(line.usual, one.usual),
            Cell(line.limit, one.limit),
            Cell(say.sentences(line.signs)),
            Cell(line.record),
        ]
        for one, line in zip((*made.watched, *made.failed), watch_lines(made, report.period.zone, say), strict=True)
    ]
    columns = ("subject", "now", "usual", "limit", "signs", "record")
    told = (*(() if rows else (say("outlook.none"),)), looked_at(made, say), *how_right(made, say))
    return _section("outlook", say, columns, rows, say.sentences(told))


def _cases(report: Report, say: Words) -> Section:
    rows = [
        [Cell(say.name("severity", name)), _n(report.opened[name])] for name in SEVERITIES if report.opened.get(name)
    ]
    rows.append([Cell(say("cases.sum")), _n(sum(report.opened.values()))])
    return _section("cases", say, ("severity", "count"), rows)


def _outcomes(report: Report, say: Words) -> Section:
    rows = [[Cell(say.name("outcome", name)), _n(count)] for name, count in report.outcomes.items()]
    rows.append([Cell(say("cases.sum")), _n(sum(report.outcomes.values()))])
    columns = [say("cases.outcome"), say("funnel.count")]
    return Section("outcomes", say("cases.outcomes"), columns, rows, say("cases.outcome_note"))


def _funnel(report: Report, say: Words) -> Section:
    whole = report.funnel[0][1]
    rows = [[Cell(say(f"funnel.{step}")), _n(count), _share(Share(count, whole))] for step, count in report.funnel]
    return _section("funnel", say, ("step", "count", "share"), rows, say("funnel.note"))


def _times(report: Report, say: Words) -> Section:
    rows = [
        [
            Cell(say(f"times.{line.state}")),
            _n(line.wall.count),
            *(
                Cell(say.duration(span), None if span is None else round(span.total_seconds() / 3600, 3))
                for span in (line.wall.median, line.wall.p90, line.business.median, line.business.p90)
            ),
            Cell(say.brief(line.in_time), line.in_time.value) if line.in_time is not None else Cell("–"),
        ]
        for line in report.times
    ]
    columns = ("state", "count", "median", "p90", "business_median", "business_p90", "in_time")
    return _section("times", say, columns, rows, say("times.note"))


def _recovery(report: Report, say: Words) -> Section:
    up, asked = report.uplift, report.satisfaction
    rows = [
        [Cell(say("recovery.rate")), Cell(say.share(report.recovery), report.recovery.value)],
        [Cell(say("recovery.repeat")), Cell(say.share(report.repeat), report.repeat.value)],
    ]
    for name, group in (("uplift_answered", up.answered), ("uplift_unanswered", up.unanswered)):
        if group.raised.whole:
            text = say("recovery.raised", share=say.brief(group.raised), mean=signed(group.stars.mean, 2))
            rows.append([Cell(say(f"recovery.{name}")), Cell(text, group.stars.mean)])
    if up.difference is not None:
        rows.append([Cell(say("recovery.uplift_difference")), Cell(_difference(report, say), up.difference)])
    if asked.answers:
        rows.append([Cell(say("recovery.recovered")), Cell(say.share(asked.recovered), asked.recovered.value)])
        rows.append([Cell(say("recovery.csat")), Cell(say.share(asked.satisfied), asked.satisfied.value)])
    if asked.nps.mean is not None:
        text = say("recovery.nps_value", n=signed(asked.nps.mean), count=asked.nps.count)
        rows.append([Cell(say("recovery.nps")), Cell(text, asked.nps.mean)])
    if report.paradox is not None and report.paradox.recovered.came_back.whole:
        back = report.paradox.recovered.came_back
        rows.append([Cell(say("recovery.retention")), Cell(say.share(back), back.value)])
    return _section("recovery", say, ("figure", "value"), rows, say("recovery.note", days=len(up.window.days)))


def _difference(report: Report, say: Words) -> str:
    apart = report.uplift.interval
    n = signed(report.uplift.difference, 2)
    if apart is None:
        return say("recovery.stars_few", n=n)
    return say("recovery.stars", n=n, low=signed(apart[0], 2), high=signed(apart[1], 2))


def _paradox(report: Report, say: Words) -> Section | None:
    table = report.paradox
    if table is None:
        return None
    groups = {name: getattr(table, name) for name in ("recovered", "never_failed", "not_recovered")}
    rows = [
        [
            Cell(say(f"paradox.{name}")),
            Cell(say.share(group.came_back), group.came_back.value),
            Cell(say.brief(group.positive), group.positive.value),
            _mean(group.stars, say),
        ]
        for name, group in groups.items()
        if any(one.came_back.whole for one in groups.values())
    ]
    zone = report.period.zone
    days = {
        "since": say.day(table.since.astimezone(zone).date()),
        "until": say.day(table.until.astimezone(zone).date()),
    }
    note = say("paradox.note", **days) if table.sampled else say("paradox.note_all", **days)
    return _section(
        "paradox", say, ("group", "came_back", "positive", "stars"), rows, note if rows else say("paradox.early")
    )


def _causes(report: Report, say: Words) -> Section:
    whole, passed, rows = sum(count for _, count in report.causes), 0, []
    for cause, count in report.causes:
        passed += count
        share, sofar = Share(count, whole), Share(passed, whole)
        rows.append([Cell(say.name("cause", cause)), _n(count), _share(share), _share(sofar)])
    note = say("causes.note", n=whole) if rows else say("causes.none")
    return _section("causes", say, ("cause", "count", "share", "cumulative"), rows, note)


def _tasks(report: Report, say: Words) -> Section:
    rows = [
        [Cell(say(f"tasks.{line.kind}")), _n(line.made), _n(line.done), _n(line.open), _n(line.overdue)]
        for line in report.tasks
    ]
    columns = ("kind", "made", "done", "open", "overdue")
    return _section("tasks", say, columns, rows, "" if rows else say("tasks.none"))


def _money(report: Report, say: Words) -> Section:
    return _section("money", say, ("figure", "value"), list(_money_rows(report, say)), _assumptions(report, say))


def _money_rows(report: Report, say: Words) -> Iterator[list[Cell]]:
    paid, back = report.offers, report.returns
    states = [f"{say.name('offer', state)} {count}" for state, count in paid.states.items()]
    made = say.count(paid.made) + (say.aside(say.series(states)) if states else "")
    yield [Cell(say("money.offers")), Cell(made, paid.made)]
    for name, amounts in (("redeemed", paid.redeemed), ("standing", paid.standing)):
        for currency, amount in amounts.items():
            yield [Cell(say(f"money.{name}")), Cell(say.money(amount, currency), amount)]
    yield [Cell(say("money.won_back")), Cell(say.count(back.won_back), back.won_back)]
    for name in ("work", "cost", "each", "benefit"):
        amount = getattr(back, name)
        if amount is not None:
            yield [Cell(say(f"money.{name}")), Cell(say.money(amount, back.currency), amount)]
    if back.ratio is not None:
        yield [Cell(say("money.ratio")), Cell(f"{signed(float(back.ratio) * 100)}%", round(back.ratio, 4))]
    if back.currency is not None:
        for currency, amount in back.left_out.items():
            yield [Cell(say("money.left_out")), Cell(say.money(amount, currency), amount)]


def _assumptions(report: Report, say: Words) -> str:
    assumed = report.returns.assumed
    value, hourly = assumed.customer_value, assumed.hourly_cost
    told = say(
        "money.assumed",
        value=say.money(value.amount, value.currency) if value else say("money.not_set"),
        hourly=say.money(hourly.amount, hourly.currency) if hourly else say("money.not_set"),
        stays=percent(assumed.stays_anyway),
        minutes=assumed.minutes_per_case,
    )
    missing = "" if value and hourly else say("money.missing")
    free = say("money.no_cost") if value and hourly and report.returns.ratio is None else ""
    return say.sentences((say("money.formula"), told, missing, free))


def _section(key: str, say: Words, columns: tuple[str, ...], rows: list[list[Cell]], note: str = "") -> Section:
    return Section(key, say(f"{key}.title"), [say(f"{key}.{column}") for column in columns], rows, note)


def _n(count: int, link: str | None = None) -> Cell:
    return Cell(f"{count:,}", count, link if count else None)


def _share(share: Share) -> Cell:
    return Cell("–" if share.value is None else percent(share.value), share.value)


def _mean(value: Mean | None, say: Words) -> Cell:
    return Cell(say.mean(value), None if value is None or value.mean is None else round(value.mean, 3))
