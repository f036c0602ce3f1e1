"""Makes periodic reports: when they are due, and what goes to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config.reports import ReportSettings
from config.settings import Settings
from storage.delivery import make_delivery


def next_report(report: ReportSettings, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment after `after` at which this report is due, by the wall clock of `zone`."""
    weekday, clock = report.day_and_time("weekly")
    local = after.astimezone(zone)
    days = (weekday - local.weekday()) % 7
    moment = (local + timedelta(days=days)).replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return moment if moment > local else moment + timedelta(days=7)


def deliver_report(
    session: Session, report: ReportSettings, moment: datetime, settings: Settings, at: datetime
) -> None:
    """Makes the deliveries of the weekly report that was due at `moment`: once a receiver and week."""
    from reports.as_text import lines_of, title_of
    from reports.period import week_before
    from reports.weekly import weekly_report

    language, zone = settings.brand.languages[0], settings.brand.zone
    made = weekly_report(session, settings.brand.name, week_before(moment, zone))
    if not made.volume and not made.volume_before and not made.open_now:
        return  # the days before the first crawl: there is nothing to read
    for receiver in report.to.names():
        make_delivery(
            session,
            f"report:weekly:{moment.date().isoformat()}:{receiver}",
            receiver=receiver,
            purpose="notice",
            payload={"title": title_of(made, language), "lines": lines_of(made, language, zone)},
            at=at,
        )
