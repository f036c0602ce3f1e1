"""The outlook that was made last: it reads two years, so it is made once a day and shown from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Row

BRAND = "brand"  # the only one so far: of everything


class OutlookRow(Row):
    """One outlook as JSON, as reports.outlook reads and writes it. It can be made anew from the listing at any time."""

    __tablename__ = "outlook"

    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]  # the midnight up to which it counts
    made_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
