"""How long the parts of an e-mail address may be, to the letter."""

import pytest

from bot.domain.readers.email import LONGEST_EMAIL, is_email

LABEL = "b" * 63


def of_length(length: int) -> str:
    """Return an address of so many characters, no part of which is too long."""
    end = f"@{LABEL}.{LABEL}.{'c' * (length - 64 - 137)}.example"
    return "a" * (length - len(end)) + end


@pytest.mark.parametrize(("local", "good"), [("a" * 64, True), ("a" * 65, False)])
def test_what_stands_before_the_sign_has_64_letters_at_most(local: str, good: bool):
    assert is_email(f"{local}@b.example") is good


@pytest.mark.parametrize(("longer", "good"), [(0, True), (1, False)])
def test_a_whole_address_has_254_letters_at_most(longer: int, good: bool):
    address = of_length(LONGEST_EMAIL + longer)
    assert len(address) == 254 + longer
    assert is_email(address) is good


@pytest.mark.parametrize(
    "bad", ["", "a", "a@", "@b.example", "a@@b.example", "a@b@c.example", "a@b.example "]
)
def test_what_is_no_address_at_all(bad: str):
    assert not is_email(bad)
