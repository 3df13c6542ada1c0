"""Money to the penny: sharing it out, and the spellings in which exports write it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from random import Random

PENNY = Decimal("0.01")


def pennies(amount: Decimal) -> Decimal:
    """Rounded to the penny, half away from zero."""
    return amount.quantize(PENNY, ROUND_HALF_UP)


def between(source: Random, low: int, high: int) -> Decimal:
    """A chance amount between two numbers of pounds."""
    return Decimal(source.randint(low * 100, high * 100)) / 100


def share_out(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """A positive total in parts as the weights say; the pennies left over are the last part's."""
    whole = sum(weights)
    parts = [(total * weight / whole).quantize(PENNY, ROUND_DOWN) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def spelt(source: Random, amount: Decimal) -> str:
    """An amount in one of the spellings of ledgers: 1,234.50  £50  (50.00)  50.00-  -£50.00."""
    positive, style = f"{abs(amount):,.2f}", source.random()
    if amount < 0:
        for limit, text in (
            (0.1, f"({positive})"),
            (0.2, f"{positive}-"),
            (0.25, f"(£{positive})"),
            (0.3, f"-£{positive}"),
        ):
            if style < limit:
                return text
        return f"-{abs(amount):.2f}"
    if style < 0.6 and amount == amount.to_integral_value():
        return f"£{amount:.0f}"
    if style < 0.1:
        return f"£{positive}"
    return positive if style < 0.5 else f"{amount:.2f}"
