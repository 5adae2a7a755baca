"""How is text taken out of an HTML file?"""

from selectolax.lexbor import LexborHTMLParser

from retrieval.ingest.formats.hypertext.blocks import pieces_of
from retrieval.ingest.formats.hypertext.head import details_of
from retrieval.ingest.formats.hypertext.nesting import refuse_too_deep
from retrieval.ingest.formats.hypertext.walk import main_part
from retrieval.ingest.pieces import Draft


def read(text: str) -> Draft:
    """Read HTML: the main part of the page, without navigation, scripts and what is hidden.

    Raises TooDeep where elements are nested deeper than any page's.
    """
    refuse_too_deep(text)
    tree = LexborHTMLParser(text)
    root = main_part(tree)
    return Draft(pieces_of(root) if root else [], details_of(tree, root))
