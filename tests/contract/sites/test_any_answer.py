import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decisions import Action
from bot.domain.effects import Verb
from bot.sites.base.outcomes import LONGEST_PAUSE, outcome_of

from .far_end import NOW, make_order

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.datetimes().map(str),
    lambda inside: (
        st.lists(inside)
        | st.dictionaries(
            st.sampled_from(["comment", "author", "visible", "banned", "until", "detail", "error"]),
            inside,
        )
    ),
)


@given(
    status=st.integers(100, 999),
    body=st.binary() | ANYTHING.map(lambda value: json.dumps(value).encode()),
    header=st.text() | st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT")),
    action=st.sampled_from(Action),
    now=st.sampled_from([NOW, datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)]),
)
def test_whatever_a_site_answers_ends_in_an_outcome_with_a_sentence(
    status, body, header, action, now
):
    headers = {"Retry-After": header, "Location": header}
    outcome = outcome_of(status, headers, body, make_order(action), now)
    if outcome.verb is Verb.DONE:
        assert outcome.words is None
    else:
        assert outcome.words is not None
        assert outcome.words.endswith(".")
        assert len(outcome.words) < 400
        assert outcome.words.isprintable()
    assert outcome.after is None or outcome.after <= LONGEST_PAUSE
