"""The public pages on which customers tell what went wrong."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from config.section import Section

_IN_AN_ADDRESS = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class ComplaintPage(Section):
    """One place or product. `location` is a name under brand.locations; `name` is what customers read, by language."""

    name: dict[str, str] = Field(min_length=1)
    location: str | None = None
    product: str | None = None

    def named(self, language: str) -> str:
        """The name in this language, else the first that was written."""
        return self.name.get(language) or next(iter(self.name.values()))


class ComplaintSettings(Section):
    """Complaint pages by the word that stands in their address: /c/WORD."""

    pages: dict[str, ComplaintPage] = {}
    photo_mb: int = Field(default=10, ge=0, le=20)

    @field_validator("pages")
    @classmethod
    def _words_fit_into_addresses(cls, pages: dict[str, ComplaintPage]) -> dict[str, ComplaintPage]:
        for word in pages:
            if not _IN_AN_ADDRESS.fullmatch(word):
                raise ValueError(
                    f"{word!r} stands in an address: use small letters, digits and hyphens, such as asakusa"
                )
        return pages
