"""Is one person's haste noticed, whoever else is asking?"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.questions import pace
from bot.questions.pace import WINDOW, Pace, Verdict

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(st.integers(1, 5), st.lists(st.integers(0, 40), max_size=60))
def test_in_any_minute_no_more_than_allowed_and_at_most_one_telling_off(per_minute, waits):
    judge, now, seen = Pace(per_minute), NINE, []
    for seconds in waits:
        now += timedelta(seconds=seconds)
        seen.append((now, judge.of("U1", now)))
    for start, _ in seen:
        verdicts = [verdict for time, verdict in seen if start <= time < start + WINDOW]
        assert verdicts.count(Verdict.FINE) <= per_minute
        assert verdicts.count(Verdict.TOO_FAST) <= 1


def test_who_waits_a_minute_may_ask_again():
    judge = Pace(1)
    assert judge.of("U1", NINE) is Verdict.FINE
    assert judge.of("U1", NINE + WINDOW - timedelta(seconds=1)) is Verdict.TOO_FAST
    assert judge.of("U1", NINE + WINDOW) is Verdict.FINE


def test_a_clock_that_is_put_back_shuts_nobody_out():
    judge = Pace(1)
    assert judge.of("U1", NINE) is Verdict.FINE
    assert judge.of("U1", NINE) is Verdict.TOO_FAST
    an_hour_before = NINE - timedelta(hours=1)
    assert judge.of("U1", an_hour_before) is Verdict.FINE
    assert judge.of("U1", an_hour_before) is Verdict.TOO_FAST


def test_a_crowd_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(pace, "MOST_ASKERS", 100)
    judge = Pace(1)
    for number in range(1_000):
        assert judge.of(number, NINE) is Verdict.FINE
        judge.of(number, NINE)
    assert len(judge._asked) == len(judge._told) == 100
