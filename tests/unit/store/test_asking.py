"""Who asks the moderators, and what; earlier versions kept the name alone."""

import pytest

from bot.store.deliveries import asking_from, asking_text


@pytest.mark.parametrize("name", ["Ed", "12", "null", '{"by": 1}', "[]", ""])
def test_a_name_that_stands_alone_is_read_as_one(name: str):
    assert asking_from(name) == (name, "")


@pytest.mark.parametrize("question", ["", "Is it one person?", '"quoted" {…}', "two\nlines"])
def test_what_is_asked_is_read_as_it_was_kept(question: str):
    assert asking_from(asking_text("Ed “E.”", question)) == ("Ed “E.”", question)
