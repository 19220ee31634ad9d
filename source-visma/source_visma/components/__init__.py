"""What manifest.yaml cannot say about reading Visma.net ERP: the classes it names.

From bottom to top:

* cdk: all use of the CDK beyond its public interface; clock: this machine's;
* errors, words, addresses, deadlines: how a read fails, and what the messages say;
* rulings, attempts: what a problem means by the manifest's error table, and what comes next;
* gate, access_token, bearer, requester: a request waits, is repeated and explained; one gate and one token for all streams;
* answers, forms, extractor: only a whole JSON list counts as a page; lines: records as they are written;
* stamps, slices, cursor: Visma's own stamps as they came, and where a read begins;
* listing, fetcher, page_window, smaller_parts, walk: which pages are requested in one pass, and how many at once;
* tally, drift, unread, lists: whether all rows came, and the messages when they did not;
* documents, dimensions, journals, sums: lists that need more than that.

builder.py makes one file of these modules, for places that take no package. So they import each other by name, one name at
a time, and hold nothing at their top that another of them has, too. The CDK cannot load that file if one of them has
`from __future__ import annotations`.
"""

from source_visma.components.access_token import VismaConnectAuthenticator
from source_visma.components.cursor import StampState
from source_visma.components.dimensions import DimensionsRetriever
from source_visma.components.documents import DocumentsRetriever
from source_visma.components.extractor import ListExtractor
from source_visma.components.journals import JournalRetriever
from source_visma.components.lists import PagesRetriever
from source_visma.components.requester import VismaRequester
from source_visma.components.sums import SumsRetriever

__all__ = [
    "DimensionsRetriever",
    "DocumentsRetriever",
    "JournalRetriever",
    "ListExtractor",
    "PagesRetriever",
    "StampState",
    "SumsRetriever",
    "VismaConnectAuthenticator",
    "VismaRequester",
]
