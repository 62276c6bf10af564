"""What is read of the same words is the same."""

import pytest

from tests.unit.readings.reading import READERS, kept, read


@pytest.mark.parametrize("name", READERS)
def test_the_same_is_read_of_the_same_words(name: str):
    then = dict(kept(name))
    assert {written: read(name, written) for written in then} == then
