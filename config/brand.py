"""What is protected: the brand with its names, places and languages."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from config.section import Section

INDUSTRIES = (
    "hospitality",
    "retail",
    "healthcare",
    "financial-services",
    "technology",
    "telecom",
    "restaurants",
    "e-commerce",
    "professional-services",
    "transport",
)


class Location(Section):
    """One place of the brand; a mention belongs to it when its text or its source names one of `match`."""

    name: str
    match: list[str] = []


class Contact(Section):
    """Where a customer can write or call, offered in replies. Absent: replies offer none of their own."""

    email: str | None = None
    phone: str | None = None
    url: str | None = None


class BrandSettings(Section):
    """The brand."""

    name: str = Field(min_length=1)
    aliases: list[str] = []
    exclude: list[str] = []
    exact: bool = False
    languages: list[str] = ["ja", "en"]
    timezone: str = "Asia/Tokyo"
    industry: str | None = None
    locations: list[Location] = []
    signature: dict[str, str] = {}
    house: str | None = None
    address: Literal["様", "さん"] = "様"
    contact: Contact = Contact()
    contact_in_reply: bool = True

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder, or a name too long for a file
            raise ValueError(f"{value!r} is no time zone: write an IANA name such as Asia/Tokyo") from error
        return value

    @field_validator("industry")
    @classmethod
    def _known_industry(cls, value: str | None) -> str | None:
        if value is not None and value not in INDUSTRIES:
            raise ValueError(f"{value!r} is no industry pack: choose one of {', '.join(INDUSTRIES)}")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The brand's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def names(self) -> list[str]:
        """All names under which people mention the brand."""
        return [self.name, *self.aliases]
