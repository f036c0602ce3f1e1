"""The types of what callers send: what a database could not take is refused at the door."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kintsugi.web.moments import YEARS
from storage.case import case_id_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MOST = 2_147_483_647  # what an integer column of PostgreSQL holds
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no NUL in a text


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment between the years 1 and 9999 is needed") from None


def _sane_day(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(f"a day between the years {YEARS[0]} and {YEARS[-1]} is needed")
    return day


def _without_name(ref: object) -> object:
    return ref[2:] if isinstance(ref, str) and ref[:2] in ("K-", "k-") else ref


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Day = Annotated[date, AfterValidator(_sane_day)]
# A moment, or a day of the brand's time zone.
When = Annotated[Moment | Day, Field(union_mode="left_to_right")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=_NO_NUL)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=_NO_NUL)]
Number = Annotated[int, Field(ge=1, le=MOST)]
Id = Annotated[int, Path(ge=1, le=MOST)]
CaseId = Annotated[int, BeforeValidator(_without_name), Path(ge=1, le=MOST)]  # /cases/K-42, or /cases/42
Ref = Annotated[str, Path(pattern=r"^([Kk]-)?[0-9]{1,9}$", description="A case, such as K-42; 42 alone will do.")]
RefWord = Annotated[str, StringConstraints(pattern=r"^([Kk]-)?[0-9]{1,9}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Sent(BaseModel):
    """What a caller sends: unknown names are mistakes."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What a caller gets; also made of objects with attributes of these names."""

    model_config = ConfigDict(from_attributes=True)


def case_number(ref: str) -> int:
    """The id of a case by its name."""
    return case_id_of(ref)


def begins(when: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    """The moment itself, or the beginning of the day."""
    if when is None or isinstance(when, datetime):
        return when
    return datetime.combine(when, time(), zone)


def ends(when: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    """The moment itself, or the end of the day: `until` counts its day in."""
    if when is None or isinstance(when, datetime):
        return when
    return datetime.combine(when + timedelta(days=1), time(), zone)
