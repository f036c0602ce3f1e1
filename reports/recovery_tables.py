"""The tables of a report about cases: how they ended, how long it took, why they arose, what was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reports.report import Report
from reports.scope import cases_path
from reports.share import Share
from reports.tables import Cell, Section, mean_cell, number, section, share_cell
from reports.words import Words, percent, signed

SEVERITIES = ("critical", "major", "minor", "none")


def cases_table(report: Report, say: Words) -> Section:
    """Cases that were opened, by severity."""
    rows = [
        [Cell(say.name("severity", name)), number(report.opened[name], _path(report, f"severity:{name}"))]
        for name in SEVERITIES
        if report.opened.get(name)
    ]
    rows.append([Cell(say("cases.sum")), number(sum(report.opened.values()), _path(report, "all"))])
    return section("cases", say, ("severity", "count"), rows)


def outcomes_table(report: Report, say: Words) -> Section:
    """What became of them."""
    rows = [
        [Cell(say.name("outcome", name)), number(count, _path(report, f"outcome:{name}"))]
        for name, count in report.outcomes.items()
    ]
    rows.append([Cell(say("cases.sum")), number(sum(report.outcomes.values()), _path(report, "all"))])
    columns = [say("cases.outcome"), say("funnel.count")]
    return Section("outcomes", say("cases.outcomes"), columns, rows, say("cases.outcome_note"))


def funnel_table(report: Report, say: Words) -> Section:
    """From the first sign to the end, step by step."""
    whole = report.funnel[0][1]
    rows = [
        [Cell(say(f"funnel.{step}")), number(count, path), share_cell(Share(count, whole), path)]
        for step, count in report.funnel
        for path in [_path(report, _step(step))]
    ]
    return section("funnel", say, ("step", "count", "share"), rows, say("funnel.note"))


def times_table(report: Report, say: Words) -> Section:
    """How long it took."""
    rows = []
    for line in report.times:
        path = _path(report, f"reached:{line.state}")
        spans = (line.wall.median, line.wall.p90, line.business.median, line.business.p90)
        kept = line.in_time
        rows.append(
            [
                Cell(say(f"times.{line.state}")),
                number(line.wall.count, path),
                *(Cell("–") if span is None else Cell(say.duration(span), _hours(span), path) for span in spans),
                Cell("–") if kept is None else _part(report, say.brief(kept), kept, f"in_time:{line.state}"),
            ]
        )
    columns = ("state", "count", "median", "p90", "business_median", "business_p90", "in_time")
    return section("times", say, columns, rows, say("times.note"))


def recovery_table(report: Report, say: Words) -> Section:
    """What recovery achieved."""
    up, asked = report.uplift, report.satisfaction
    shares = [("rate", report.recovery, "recovered"), ("repeat", report.repeat, "repeat")]
    rows = [[Cell(say(f"recovery.{name}")), _part(report, say.share(one), one, path)] for name, one, path in shares]
    for name, group in (("answered", up.answered), ("unanswered", up.unanswered)):
        if group.raised.whole:
            text = say("recovery.raised", share=say.brief(group.raised), mean=signed(group.stars.mean, 2))
            path = raised_path(report, name) if group.raised.part else None
            rows.append([Cell(say(f"recovery.uplift_{name}")), Cell(text, group.stars.mean, path)])
    if up.difference is not None:
        difference = Cell(_difference(report, say), up.difference, cases_path(up.window, report.scope, "low"))
        rows.append([Cell(say("recovery.uplift_difference")), difference])
    if asked.answers:
        for name, share in (("recovered", asked.recovered), ("csat", asked.satisfied)):
            path = "said_recovered" if name == "recovered" else "said_satisfied"
            rows.append([Cell(say(f"recovery.{name}")), _part(report, say.share(share), share, path)])
    if asked.nps.mean is not None:
        text = say("recovery.nps_value", n=signed(asked.nps.mean), count=asked.nps.count)
        rows.append([Cell(say("recovery.nps")), Cell(text, asked.nps.mean, _path(report, "said_nps"))])
    if report.paradox is not None and report.paradox.recovered.came_back.whole:
        back = report.paradox.recovered.came_back
        rows.append([Cell(say("recovery.retention")), _part(report, say.share(back), back, "back:recovered")])
    return section("recovery", say, ("figure", "value"), rows, say("recovery.note", days=len(up.window.days)))


def _path(report: Report, named: str) -> str:
    return cases_path(report.period, report.scope, named)


def _step(step: str) -> str:
    return step if step in ("flagged", "recovered") else f"reached:{step}"


def _part(report: Report, text: str, share: Share, named: str) -> Cell:
    """A share with the mentions of its part."""
    return Cell(text, share.value, _path(report, named) if share.part else None)


def _hours(span: timedelta) -> float:
    return round(span.total_seconds() / 3600, 3)


def raised_path(report: Report, group: str) -> str:
    """The low reviews that went up, of the `answered` or the `unanswered`."""
    return cases_path(report.uplift.window, report.scope, f"raised:{group}")


def _difference(report: Report, say: Words) -> str:
    apart = report.uplift.interval
    n = signed(report.uplift.difference, 2)
    if apart is None:
        return say("recovery.stars_few", n=n)
    return say("recovery.stars", n=n, low=signed(apart[0], 2), high=signed(apart[1], 2))


def paradox_table(report: Report, say: Words) -> Section | None:
    """Whether those who were won back are dearer than those who never failed; None where nobody was let down."""
    table = report.paradox
    if table is None:
        return None
    groups = {name: getattr(table, name) for name in ("recovered", "never_failed", "not_recovered")}
    rows = [
        [
            Cell(say(f"paradox.{name}")),
            _part(report, say.share(group.came_back), group.came_back, f"back:{name}"),
            _part(report, say.brief(group.positive), group.positive, f"back_positive:{name}"),
            mean_cell(group.stars, say, _path(report, f"back_rated:{name}")),
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
    return section(
        "paradox", say, ("group", "came_back", "positive", "stars"), rows, note if rows else say("paradox.early")
    )


def causes_table(report: Report, say: Words) -> Section:
    """Why, the most frequent cause first."""
    whole, rows = sum(count for _, count in report.causes), []
    for place, (cause, count) in enumerate(report.causes, start=1):
        path, sofar = _path(report, f"cause:{cause}"), report.causes[:place]
        passed = Share(sum(one for _, one in sofar), whole)
        upto = _path(report, f"cause:{','.join(name for name, _ in sofar)}")
        counted = [number(count, path), share_cell(Share(count, whole), path), share_cell(passed, upto)]
        rows.append([Cell(say.name("cause", cause)), *counted])
    note = say("causes.note", n=whole) if rows else say("causes.none")
    return section("causes", say, ("cause", "count", "share", "cumulative"), rows, note)


def tasks_table(report: Report, say: Words) -> Section:
    """What is done so that it does not happen again."""
    rows = []
    for line in report.tasks:
        made, done = (_path(report, f"tasks_{what}:{line.kind}") for what in ("made", "done"))
        left, late = (cases_path(None, report.scope, f"tasks_{what}:{line.kind}") for what in ("open", "overdue"))
        counts = [number(line.made, made), number(line.done, done), number(line.open, left), number(line.overdue, late)]
        rows.append([Cell(say(f"tasks.{line.kind}")), *counts])
    columns = ("kind", "made", "done", "open", "overdue")
    return section("tasks", say, columns, rows, "" if rows else say("tasks.none"))


def money_table(report: Report, say: Words) -> Section:
    """Offers, and what came back of them."""
    return section("money", say, ("figure", "value"), list(_money_rows(report, say)), _assumptions(report, say))


def _money_rows(report: Report, say: Words) -> Iterator[list[Cell]]:
    paid, back = report.offers, report.returns
    states = [f"{say.name('offer', state)} {count}" for state, count in paid.states.items()]
    made = say.count(paid.made) + (say.aside(say.series(states)) if states else "")
    yield [Cell(say("money.offers")), Cell(made, paid.made, _path(report, "offers") if paid.made else None)]
    for name, amounts in (("redeemed", paid.redeemed), ("standing", paid.standing)):
        for currency, amount in amounts.items():
            path = _path(report, f"offers_{name}:{currency}")
            yield [Cell(say(f"money.{name}")), Cell(say.money(amount, currency), amount, path)]
    won = _path(report, "won_back") if back.won_back else None
    yield [Cell(say("money.won_back")), Cell(say.count(back.won_back), back.won_back, won)]
    for name in ("work", "cost", "each", "benefit"):
        amount = getattr(back, name)
        if amount is not None:
            handled = _path(report, "flagged") if back.handled else None
            about = won if name in ("each", "benefit") else handled
            yield [Cell(say(f"money.{name}")), Cell(say.money(amount, back.currency), amount, about)]
    if back.ratio is not None:
        yield [Cell(say("money.ratio")), Cell(f"{signed(float(back.ratio) * 100)}%", round(back.ratio, 4), won)]
    if back.currency is not None:
        for currency, amount in back.left_out.items():
            path = _path(report, f"offers_redeemed:{currency}")
            yield [Cell(say("money.left_out")), Cell(say.money(amount, currency), amount, path)]


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
