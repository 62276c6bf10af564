"""What is made quickly is what its class makes, with all that the class promises."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from bot.domain.cases import Case, Counts
from bot.domain.comments import Author, Comment, Receipt, Report, Story, TextMark
from bot.domain.making import maker_of
from bot.domain.policy import Policy
from bot.domain.site import SiteKeys

KINDS = [Author, Case, Comment, Counts, Receipt, Report, Story, TextMark]


def values_of(kind: type) -> dict[str, object]:
    return {one.name: f"the {one.name}" for one in fields(kind)}


@pytest.mark.parametrize("kind", KINDS)
def test_all_fields_are_as_given(kind: type):
    made, usual = maker_of(kind)(**values_of(kind)), kind(**values_of(kind))

    assert made == usual
    assert type(made) is kind
    assert repr(made) == repr(usual)
    assert hash(made) == hash(usual)
    make: Callable[..., object] = maker_of(kind)
    assert make(*values_of(kind).values()) == usual


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_out_is_what_the_class_says(kind: type):
    usual = kind(**values_of(kind))
    given = {one.name: "x" for one in fields(kind) if one.default is one.default_factory}

    assert maker_of(kind)(**given) == kind(**given) != usual


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_cannot_be_changed_and_can_be_copied(kind: type):
    made = maker_of(kind)(**values_of(kind))
    first = fields(kind)[0].name

    with pytest.raises(FrozenInstanceError):
        setattr(made, first, "another")
    assert getattr(replace(made, **{first: "another"}), first) == "another"
    assert deepcopy(made) == made


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {"key": "k"}),
        ((), {"key": "k", "at": 1, "taken_at": 2, "more": 3}),
        (("k", 1, 2, 3), {}),
        (("k",), {"key": "k", "at": 1, "taken_at": 2}),
    ],
)
def test_wrong_arguments_are_refused(values: tuple[object, ...], named: dict[str, object]):
    make: Callable[..., object] = maker_of(TextMark)

    with pytest.raises(TypeError):
        make(*values, **named)


@dataclass(frozen=True, slots=True)
class _Base:
    one: int


@dataclass(frozen=True, slots=True)
class _Further(_Base):
    two: int


@dataclass(frozen=True, slots=True)
class _WithList:
    many: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _WithoutSlots:
    one: int


@pytest.mark.parametrize("kind", [SiteKeys, Policy, _Further, _WithList, _WithoutSlots, dict])
def test_a_class_that_does_more_than_keep_what_it_is_given_is_refused(kind: type):
    with pytest.raises(TypeError, match="of its fields alone"):
        maker_of(kind)
