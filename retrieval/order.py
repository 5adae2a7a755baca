"""In which order do memos stand?"""

from datetime import date

from retrieval.models import Memo


def newest_first(memo: Memo) -> tuple[int, str]:
    """What to sort memos by: the newest first, those without a date last, equals by id."""
    return -(memo.published or date.min).toordinal(), memo.id
