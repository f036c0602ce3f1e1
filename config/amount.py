"""Money: always an amount with its currency, never a bare number."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Amount(BaseModel):
    """An amount of money, not negative. `currency` is the ISO 4217 code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amount: Decimal = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")

    def covers(self, other: Amount) -> bool:
        """Whether `other` lies within this limit. Two currencies cannot be compared: ValueError."""
        if self.currency != other.currency:
            raise ValueError(f"a limit in {self.currency} says nothing about {other.currency}: give one currency")
        return other.amount <= self.amount
