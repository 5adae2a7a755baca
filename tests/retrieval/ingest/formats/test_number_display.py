"""How is a number shown under a number format?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.formats.xlsx.display import BUILT_IN, shown

_ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1e12, "General", "1000000000000"),
        (1 / 3, "General", "0.33333333333"),
        (1e-9, "General", "1E-09"),
        (5, "", "5"),
        (0.125, "0.0%", "12.5%"),
        (0.285, "0%", "29%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (1234.5, "$#,##0.00", "$1,234.50"),
        (-5, "#,##0;[Red](#,##0)", "(5)"),
        (-5, "0.0", "-5.0"),
        (-0.001, "0.0", "0.0"),
        (-1234.5, _ACCOUNTING, "$(1,234.50)"),
        (0, _ACCOUNTING, "$-"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (1_234_567, '#,##0,"k"', "1,235k"),
        (7, "00000", "00007"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (7, '0 "days"', "7 days"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2"),
        (2.5, "0", "3"),
        (0.5, "# ?/?", "0.5"),
        (3, "@", "3"),
        (1, '"Yes";"Yes";"No"', "Yes"),
        (0, '"Yes";"Yes";"No"', "No"),
        (5, ";;;", ""),
        (45292, "yyyy-mm-dd", "2024-01-01"),
        (45292, "d. mmmm yyyy", "1. January 2024"),
        (45292, "ddd, d-mmm-yy", "Mon, 1-Jan-24"),
        (45292.75, "dd/mm/yyyy hh:mm:ss", "01/01/2024 18:00:00"),
        (45292.75, "h:mm AM/PM", "6:00 PM"),
        (45292, "[$-F800]dddd, mmmm dd, yyyy", "2024-01-01"),
        (0.3, "hh:mm", "07:12"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-1, "yyyy-mm-dd", "-1"),
        (1e300, "yyyy-mm-dd", "1E+300"),
    ],
)
def test_a_number_is_shown_as_in_the_sheet(value, number_format, text):
    assert shown(value, number_format) == text


def test_a_date_of_the_country_is_shown_so_that_nobody_misreads_it():
    assert shown(45355, BUILT_IN[14]) == "2024-03-04"


def test_days_may_be_counted_from_1904():
    assert shown(43830, "yyyy-mm-dd", from_1904=True) == "2024-01-01"


@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    number_format=st.text(st.sampled_from('0#?.,%E+-ymdhsAMP/[]$;"\\_*@ GeneralX€'), max_size=30),
)
def test_any_format_shows_something_or_nothing_but_never_fails(value, number_format):
    assert isinstance(shown(value, number_format), str)
