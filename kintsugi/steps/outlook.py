"""The outlook: made once a day from two years of mentions, shown from the row that keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kintsugi.app import App
    from reports.outlook import Outlook


def outlook_of(app: App) -> Outlook:
    """The one of today, else the last one. It is made on the spot where there was none yet."""
    from reports.outlook import kept, outlook

    with app.database.read() as session:
        return kept(session) or outlook(session, _until(app, app.clock.now()))


def make_outlook(app: App, at: datetime) -> None:
    """Makes that of today where it is missing. It is read before the transaction that writes: nobody waits for it."""
    from storage.outlook import BRAND, OutlookRow

    until = _until(app, at)
    with app.database.read() as session:
        row = session.get(OutlookRow, BRAND)
        if row is not None and row.until >= until:
            return
        from reports.outlook import keep, outlook

        made = outlook(session, until)
    with app.database.write() as session:
        keep(session, made, at)


def _until(app: App, at: datetime) -> datetime:
    """The last midnight of the brand."""
    from reports.period import day_before

    return day_before(at, app.settings.brand.zone).end
