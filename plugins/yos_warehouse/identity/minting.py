"""What a new person's key is: a permutation of the order of minting that only the registry's secret can undo.

A key then tells nothing of when a child became known, is never given twice, and is the same again when a night
that crashed runs a second time (docs/decisions/0006).
"""

from __future__ import annotations

from hashlib import blake2b

ROUNDS = 6
_HALF = 20
_MASK = (1 << _HALF) - 1
KEYS = 1 << (2 * _HALF)


def key_of(number: int, secret: str, keys_above: int = 0) -> int:
    """The key of the person minted as ``number``.

    Args:
        number: order of minting, above ``keys_above`` and below 2 to the power of 40.
        secret: of this registry.
        keys_above: keys up to this one were given otherwise.

    Returns:
        A number above ``keys_above`` and below 2 to the power of 40.
    """
    if not keys_above < number < KEYS:
        raise ValueError("the order of minting is out of range")
    key = _permuted(number, secret)
    while key <= keys_above:  # walks on within the permutation, so that no two meet
        key = _permuted(key, secret)
    return key


def _permuted(value: int, secret: str) -> int:
    left, right = value >> _HALF, value & _MASK
    for turn in range(ROUNDS):
        left, right = right, left ^ _mixed(right, turn, secret)
    return left << _HALF | right


def _mixed(half: int, turn: int, secret: str) -> int:
    digest = blake2b(f"{turn}/{half}".encode(), key=secret.encode()[:64], digest_size=4).digest()
    return int.from_bytes(digest) & _MASK
