"""What manifest.yaml cannot say about reading Visma.net ERP: the classes it names.

From bottom to top:

* cdk: all use of the CDK beyond its public interface;
* errors, words, addresses, deadlines: how a read fails, and how people are told;
* gate, access_token, requester: a request waits, is repeated and explained; one gate and one token for all streams;
* answers, forms, extractor: nothing but a whole JSON list is taken for a page;
* stamps, slices, cursor: Visma's own stamps as they came, and where a read begins;
* tally, lists, documents, dimensions, journals, sums: which pages are requested, how many at once, and when they were all of them.

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
