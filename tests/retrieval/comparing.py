"""What does an index hold, in words, so that two can be compared however they number their terms?"""

import numpy as np

from retrieval import answer

QUESTIONS = [
    "What does the SMA pay for?",
    "Where did ships of South Korea meet?",
    "Warum endete der Vertrag?",
    "What is the title of the memo about the SMA?",
    "When was the memo on ships of South Korea published?",
    "Which shipz meet on palawann?",
    "What does Standard Marine Assessment mean? -treaty",
    'Who wrote "ships of the ROK"? after:2023',
    "ships, treaties and agreements between allies that meet, cost money and end in winter",
]


def in_words(index):
    """Everything that an index holds or says."""
    passages = np.arange(len(index.passages), dtype=np.int32)
    laid = index.side_by_side(passages)

    def named(terms):
        return [index.term(number) for number in terms]

    return {
        "info": index.info,
        "memos": list(index.memos.items()),
        "numbers": [index.number_of(memo_id) for memo_id in index.memos],
        "places": {memo_id: index.place_of(memo_id) for memo_id in (*index.memos, "nobody")},
        "read": dict(index.read) == {memo_id: index.given(memo_id) for memo_id in index.read},
        "read of others": sorted(set(index.read) - set(index.memos)),
        "by number": [index.memo_at(number).id for number in range(len(index.memos))],
        "passages": list(index.passages),
        "passages of": [list(index.passages_of(memo_id)) for memo_id in index.memos],
        "memos of passages": index.memo_of_passage.tolist(),
        "terms": sorted(index.vocabulary),
        "how many": (len(index.vocabulary), len(index.forms), len(index.memos), len(index.passages)),
        "sentences": [laid.sentences_in.tolist(), laid.spans.tolist(), laid.terms_in.tolist()],
        "bodies": named(laid.terms.tolist()),
        "own": index.is_own(laid.terms).tolist(),
        "headings": [named(index.headings_of(number).tolist()) for number in passages.tolist()],
        "starts": [index.term_starts(number).tolist() for number in laid.sentences.tolist()],
        "postings": {term: [_postings(field, number) for field in (index.bodies, index.headings)]
                     for term, number in sorted(index.vocabulary.items())},
        "forms": {form: sorted(named(index.forms.terms_of(form))) for form in sorted(index.forms)},
        "spellings": [index.lexicon.spellings(word) for word in ("shipz", "marinne", "palavan", "vertrga")],
        "families": {term: named(index.lexicon.family(term)) for term in sorted(index.vocabulary)},
        "labels": [index.labels.with_word(word, ()) for word in ("SMA", "ships", "South", "2024")],
        "superseded": {older: sorted(newer) for older, newer in index.succession.direct.items()},
        "languages": (index.languages, index.tally.languages()),
        "explained": {short: dict(meanings) for short, meanings in index.explanations.items()},
        "answers": [answer(index, question, threshold=0) for question in QUESTIONS],
    }  # fmt: skip


def _postings(field, number):
    rows = [row.tolist() for row in (*field.of(number), *field.weights(number))]
    return [*rows, field.containing(number), field.idf(number), field.average_length, field.count]
