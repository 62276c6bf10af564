"""Distinct readers, counted in a mark of so many bits instead of a table of names."""

import math
from zlib import crc32


def bit(reader: str, bits: int) -> int:
    """Return the number, below `bits`, of a reader's bit in a mark."""
    return crc32(reader.encode()) % bits


def distinct(mark: int, bits: int, most: int) -> int:
    """Return about how many readers a mark of `bits` bits stands for; never over `most`."""
    seen = mark.bit_count()
    if seen == bits:
        return most
    return min(most, round(-bits * math.log1p(-seen / bits)))
