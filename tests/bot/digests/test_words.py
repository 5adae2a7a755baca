"""Do plain words mean the times that a reader would expect?"""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.timing import Timetable
from bot.digests.words import timetable
from bot.errors import MalformedTimes

FIRST_DAY = datetime(2024, 10, 1, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("words", "crons"),
    [
        ("weekdays at 9", ["0 9 * * 1-5"]),
        ("every weekday at 9am", ["0 9 * * 1-5"]),
        ("Every day at 8:30", ["30 8 * * *"]),
        ("daily at noon", ["0 12 * * *"]),
        ("daily 17:15", ["15 17 * * *"]),
        ("at midnight", ["0 0 * * *"]),
        ("Mondays and Thursdays at 8:30", ["30 8 * * 1,4"]),
        ("on Mon, Wed & Fri at 5 pm", ["0 17 * * 1,3,5"]),
        ("Monday to Friday at 9", ["0 9 * * 1,2,3,4,5"]),
        ("Fri-Mon at 12am", ["0 0 * * 5,6,0,1"]),
        ("weekends at 10", ["0 10 * * 0,6"]),
        ("weekdays at 9 and 17:30", ["0 9 * * 1-5", "30 17 * * 1-5"]),
        ("weekdays at 9, 13 and 17", ["0 9,13,17 * * 1-5"]),
        ("first Monday of the month at 9", ["0 9 * * 1#1"]),
        ("the first and third Tuesday of each month at 9", ["0 9 * * 2#1,2#3"]),
        ("last Friday of the month at 4pm", ["0 16 * * 5L"]),
        ("1st and 15th of the month at 7", ["0 7 1,15 * *"]),
        ("1st and 15th at 7", ["0 7 1,15 * *"]),
        ("monthly on the 3rd at 9", ["0 9 3 * *"]),
        ("last day of the month at 18:00", ["0 18 L * *"]),
        ("last weekday of the month at 18:00", ["0 18 LW * *"]),
        ("0 9 * * 1-5", ["0 9 * * 1-5"]),
        ("15 8,20 1 jan,jul *", ["15 8,20 1 JAN,JUL *"]),
    ],
)
def test_words_mean_these_times(words, crons):
    assert timetable(words, "Europe/Berlin") == Timetable(crons=tuple(crons), zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("weekdays at 9 in America/New_York", "America/New_York"),
        ("weekdays at 9 Australia/Lord_Howe", "Australia/Lord_Howe"),
        ("0 9 * * * America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("weekdays at 9 (UTC)", "UTC"),
        ("weekdays at 9", "Europe/Berlin"),
    ],
)
def test_a_zone_may_follow(words, zone):
    assert timetable(words, "Europe/Berlin").zone == zone


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "names no time of day"),
        ("weekdays", "names no time of day"),
        ("whenever at 9", "'whenever' in 'whenever' is no day"),
        ("weekdays at 25", "'25' is no time of day"),
        ("weekdays at 9:60", "'9:60' is no time of day"),
        ("weekdays at 13pm", "'13pm' is no time of day"),
        ("monthly at 9", "does not say which day of the month"),
        ("40th of the month at 9", "'40th' in '40th of the month' is no day of the month"),
        ("5th Monday of the month at 9", "a month has four of each weekday"),
        ("Monday to at 9", "does not say until which day"),
        ("0 9 31 2 *", "is no time that ever comes"),
        ("99 9 * * *", "is no time that ever comes"),
        ("* * * * *", "more often than every hour"),
        ("weekdays at 9 in Europe/Berln", "Did you mean Europe/Berlin"),
        ("weekdays at 9 in ../etc/passwd", "no time"),
    ],
)
def test_what_names_no_time_is_answered_with_the_right_form(words, said):
    with pytest.raises(MalformedTimes) as refused:
        timetable(words, "UTC")
    assert said in str(refused.value)
    assert "Write for example: weekdays at 9" in str(refused.value)


@pytest.mark.parametrize("words", ["1" * 20_000, "weekdays at " + "9," * 200 + "9", "at 9 in " + "A/" * 200])
def test_what_is_too_long_to_be_a_time_is_refused_unread_and_not_repeated(words):
    with pytest.raises(MalformedTimes, match="characters") as refused:
        timetable(words, "UTC")
    assert words[:200] not in str(refused.value)


@given(st.text(max_size=60) | st.text("0123456789*/,- #Lalt:pmondyfisr", max_size=30))
def test_whatever_is_written_is_read_or_refused_with_a_sentence(words):
    try:
        found = timetable(words, "Europe/Berlin")
    except MalformedTimes:
        return
    assert found.after(FIRST_DAY) > FIRST_DAY
