"""The invented company's suppliers, customers, accounts, cost centres, projects and currencies."""

from typing import Any

SUPPLIERS = [
    ("50001", "Nordlys Papir AS"),
    ("50002", "Fjell & Fjord Møbler <Bergen>"),
    ("50003", "Åsane Elektro AS"),
    ("50004", "Baltic Timber OÜ"),
    ("50005", "Umeå Kontor AB"),
]
CUSTOMERS = [("10001", "Havgapet Rederi ASA"), ("10002", "Öresund Hotell AB"), ("10003", "Bergen kommune – Barnehager")]
ACCOUNTS = [("4300", "Varekjøp"), ("6800", "Kontorrekvisita"), ("7320", "Reklame & profil"), ("3010", "Salg møbler")]
BRANCHES = [("1", "Hovedkontor"), ("2", "Bergen")]
DEPARTMENTS = [("310", "Salg"), ("330", "Marked <kampanjer>"), ("100", "Ledelse")]
PLACES = [("10", "Bergen"), ("20", "Oslo"), ("100", "Tromsø")]
PROJECTS = [(3101, "P1001", "Website"), (3102, "P1002", "Stryn Fjellhotell, 42 rom"), (3103, "P2001", "Flytting")]
NON_PROJECT = (0, "X", "Ikke-prosjektkode")
TEMPLATE = (3100, "PMAL", "Mal")
# NOK for one unit, and what Visma shows as the rate: it multiplies, divides, or is missing.
RATES: dict[str, float] = {"NOK": 1.0, "EUR": 11.5, "USD": 10.4, "SEK": 0.97}
SHOWN_RATES: dict[str, float | None] = {"NOK": 1.0, "EUR": 11.5, "USD": 0.09615385, "SEK": None}
THINGS = [
    "Paper A4",
    "Oak chair",
    "Lampe “Måne” ø 40",
    "Frakt & toll",
    "Skjerm <27>",
    "1. Toner",
    "Cable 2 × 3 m",
    "日本 tea",
]
ITEMS = {"PAPER": "Paper from stock", "CHAIR": "Chair from stock"}
OWNERS = ["Kari Nordmann", "Søren Østergaard", "Nobody Known"]
MANAGERS = [("Kari Nordmann", "kari.nordmann@nordlys.example"), ("Somebody Else", "else@nowhere.example")]


def named(pair: tuple[str, str]) -> dict[str, Any]:
    """A reference as Visma writes it."""
    return {"number": pair[0], "name": pair[1]}
