"""The seeded company: Fjordlys Interiør AS, sells furniture and lamps, keeps its books in NOK. The same at every start."""

from __future__ import annotations

import random
from functools import cache

from integration_tests.sandbox.visma.company.budgets import enter_projects
from integration_tests.sandbox.visma.company.common import Books
from integration_tests.sandbox.visma.company.ledger import enter_ledger
from integration_tests.sandbox.visma.company.orders import enter_orders
from integration_tests.sandbox.visma.company.parties import enter_parties
from integration_tests.sandbox.visma.company.payments import enter_payments
from integration_tests.sandbox.visma.company.postings import enter_postings
from integration_tests.sandbox.visma.company.sales import enter_sales
from integration_tests.sandbox.visma.company.supplier_invoices import enter_invoices
from integration_tests.sandbox.visma.store import RowVersions


@cache
def seed() -> Books:
    """The company's records by entity name, and its dimensions. Made once; whoever changes a record works on a copy."""
    books = Books(RowVersions(), random.Random(4100251))
    enter_ledger(books)
    enter_parties(books)
    enter_orders(books)
    enter_invoices(books)
    enter_sales(books)
    enter_postings(books)
    enter_payments(books)
    enter_projects(books)
    return books
