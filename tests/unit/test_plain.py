import pytest

from bot.domain.foreign import address, one_line, tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("a\tb", "a b"),
        ("  a  ", "a"),
        ("Zoë 👩‍👩‍👧 שלום \u202eabc", "Zoë 👩‍👩‍👧 שלום \u202eabc"),
    ],
)
def test_control_characters_go_and_all_else_stays(text: str, tidied: str):
    assert tidy(text) == tidied


def test_a_name_is_on_one_line():
    assert one_line(" Ann\n\tOther\u2029 ") == "Ann Other"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://x.example/a%20b?c=d#e", "https://x.example/a%20b?c=d#e"),
        ("https://x.example/zoë?q=é%C3#ü", "https://x.example/zo%C3%AB?q=%C3%A9%C3#%C3%BC"),
    ],
)
def test_an_address_is_plain_ascii(url: str, plain: str):
    assert address(url) == plain
