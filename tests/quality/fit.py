"""Where do the weights of a quote's parts and of the confidence come from? `python -m tests.quality.fit` fits them.

Both models are logistic and are fitted on public questions (tests/benchmarks/quality/question_sets.py), checked on
articles that they were not fitted on, and printed beside what is shipped in retrieval/parts.py and
retrieval/confidence.py. What is shipped is rounded by hand: a third digit tells of these articles, not of memos.
"""

import argparse
import sys

from tests.quality.fitting import confidence, parts


def main() -> None:
    """Fit what was asked for, both by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit", description=__doc__)
    parser.add_argument("what", nargs="*", help="parts, confidence; both where nothing is named")
    wanted = parser.parse_args().what or ["parts", "confidence"]
    for name, report in {"parts": parts.report, "confidence": confidence.report}.items():
        if name in wanted:
            sys.stdout.write("\n".join(report()) + "\n\n")


if __name__ == "__main__":
    main()
