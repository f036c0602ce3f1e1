"""Offers to customers: how long a question for approval and an offer stay open, and what no case may cost."""

from __future__ import annotations

from datetime import timedelta

from config.amount import Amount
from config.duration import Duration
from config.section import Section


class OfferSettings(Section):
    """Limits that hold for everybody, whatever their role."""

    per_case: Amount | None = None
    approval_expires: Duration = timedelta(days=2)
    expires: Duration = timedelta(days=90)
