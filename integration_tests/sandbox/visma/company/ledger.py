"""Accounts, subaccounts, dimensions with cost centres, branches."""

from __future__ import annotations

from datetime import date

from integration_tests.sandbox.visma.company import chart, names
from integration_tests.sandbox.visma.company.common import Books, address, contact, pick, uuid_of
from integration_tests.sandbox.visma.store import Record

_CLASSES = {"1": "Eiendeler", "2": "Egenkapital og gjeld", "3": "Salgsinntekter", "4": "Varekostnad", "5": "Lønn"}

# As the official document lists them, its spelling of the supplier dimension included.
_DIMENSIONS = [
    "ACCGROUP",
    "ACCOUNT",
    "BIZACCT",
    "CASHACCOUNT",
    "CONTRACT",
    "CONTRACTITEM",
    "CUSTOMER",
    "EMPLOYEE",
    "INLOCATION",
    "INSITE",
    "INSUBITEM",
    "INVENTORY",
    "LOCATION",
    "MLISTCD",
    "PROJECT",
    "PROTASK",
    "SALESPER",
    "SUBACCOUNT",
    "SUPLLIER",
    "TMCONTRACT",
]


def enter_ledger(books: Books) -> None:
    """Enters account, subaccount, branch and the dimensions."""
    books.records["branch"] = [_branch(books, *row) for row in names.rows(names.BRANCHES)]
    books.records["account"] = [_account(books, n, *row) for n, row in enumerate(names.rows(chart.ACCOUNTS))]
    books.records["subaccount"] = [
        _subaccount(books, centre, place)
        for centre in names.rows(names.COST_CENTRES)
        for place in names.rows(names.PLACES)
    ]
    for number, record in enumerate(books.records["subaccount"]):
        record["subaccountId"] = 301 + number
    books.dimensions = [_dimension(books, name) for name in _DIMENSIONS]


def account_on_line(books: Books, number: str) -> Record:
    """The account as document lines show it."""
    account = books.find("account", "accountCD", number)
    return {
        **pick(account, "type", "active", "description"),
        "number": number,
        "externalCode1": account["externalCode1Info"].get("number", ""),
        "externalCode2": "",
    }


def subaccount_on_line(books: Books, centre: str, place: str) -> Record:
    """The subaccount in the form of document lines. The order of its segments is not defined."""
    record = books.find("subaccount", "subaccountNumber", centre + place + _carrier(centre, place)[0])
    shown = pick(
        record, "subaccountNumber", "subaccountId", "description", "lastModifiedDateTime", "active", "segments"
    )
    return {**shown, "segments": shown["segments"][::-1]} if place == "20" else shown


def cost_centre_of(subaccount: Record) -> str:
    """The value of segment 1."""
    return next(str(part["segmentValue"]) for part in subaccount["segments"] if part["segmentId"] == 1)


def _carrier(centre: str, place: str) -> list[str]:
    """The description of segment 3 of a subaccount."""
    common, projects = names.rows(names.CARRIERS)
    return projects if centre in ("300", "410", "420") and place == "10" else common


def _account(books: Books, position: int, number: str, kind: str, description: str) -> Record:
    active = not description.endswith(" x")
    bank = number.startswith("19")
    return {
        "accountID": 1201 + position,
        "accountCD": number,
        "accountGroupCD": number[:2],
        "accountClass": number[0],
        "type": kind,
        "active": active,
        "description": description.removesuffix(" x"),
        "accountClassDescription": _CLASSES.get(number[0], "Andre driftskostnader"),
        "useDefaultSub": kind in ("Asset", "Liability"),
        "postOption": "Summary" if bank else "Detail",
        "currency": {"1921": "SEK", "1922": "EUR", "1923": "DKK", "1924": "USD"}.get(number, ""),
        "taxCategory": "1" if number.startswith("4") else "",
        "cashAccount": bank,
        "publicCode1": number,
        "lastModifiedDateTime": books.moment_after(date(2025, 6, 2), 400 if position % 9 == 0 else 30),
        "externalCode1Info": {"number": f"{number[:2]}00", "description": f"SAF-T {number[:2]}"}
        if number < "3"
        else {},
        "externalCode2Info": {},
        "analisysCodeInfo": {},
        "controlAccountModule": {"1500": "AR", "2400": "AP"}.get(number),
        "allowManualEntry": number not in ("1500", "2400"),
        "timeStamp": books.versions.next(),
    }


def _subaccount(books: Books, centre: list[str], place: list[str]) -> Record:
    carrier = _carrier(centre[0], place[0])
    return {
        "subaccountNumber": centre[0] + place[0] + carrier[0],
        "description": centre[1] if place[0] == "00" else f"{centre[1]}, {place[1]}",
        "lastModifiedDateTime": books.moment_after(date(2025, 6, 10), 200),
        "active": centre[0] != "900",
        "segments": [
            _segment_part(1, "Avdeling", centre),
            _segment_part(2, "Sted", place),
            _segment_part(3, "Kostnadsbærer", carrier),
        ],
        "timeStamp": books.versions.next(),
    }


def _segment_part(segment_id: int, description: str, value: list[str]) -> Record:
    return {
        "segmentId": segment_id,
        "segmentDescription": description,
        "segmentValue": value[0],
        "segmentValueDescription": value[1],
    }


# Segments with a list of values: number, description, length, values. Only those of SUBACCOUNT can be cost centres.
_SEGMENTS: dict[str, list[tuple[int, str, int, str]]] = {
    "SUBACCOUNT": [
        (1, "Avdeling", 3, names.COST_CENTRES),
        (2, "Sted", 2, names.PLACES),
        (3, "Kostnadsbærer", 3, names.CARRIERS),
    ],
    "INSITE": [(1, "Lager", 10, "BERGEN | Hovedlager\nOSLO | Butikklager Oslo")],
    "CUSTOMER": [(1, "Kundegruppe", 5, "100 | Kjeder\n200 | Enkeltkunder")],
    "PROJECT": [(1, "Prosjekt", 6, "P1 | Kundeprosjekter\nP2 | Interne prosjekter")],
}


def _dimension(books: Books, name: str) -> Record:
    known = _SEGMENTS.get(name, [(1, name.capitalize(), 10, "")])
    segments = [
        _segment(books, name, number, text, length, names.rows(values) if values else [])
        for number, text, length, values in known
    ]
    return {
        "id": name,
        "length": sum(s["length"] for s in segments),
        "description": name.capitalize(),
        "segments": segments,
    }


def _segment(
    books: Books, dimension: str, number: int, description: str, length: int, values: list[list[str]]
) -> Record:
    return {
        "internalId": uuid_of(dimension, number),
        "segmentId": number,
        "description": description,
        "length": length,
        "publicId": uuid_of("public", dimension, number),
        "timeStamp": books.versions.next(),
        "lastModified": books.moment_after(date(2025, 6, 3), 60),
        "validate": bool(values),
        "segmentValues": [
            {
                "internalId": uuid_of(dimension, number, value),
                "segmentId": number,
                "valueId": value,
                "description": text,
                "publicId": uuid_of("public", dimension, number, value),
                "active": not text.startswith("Avviklet"),
                "timeStamp": books.versions.next(),
                "lastModified": books.moment_after(date(2025, 6, 3), 300),
                "mappedSegValue": "",
            }
            for value, text in values
        ],
        "isAutoNumber": False,
        "consolNumChar": 0,
        "consolOrder": number,
    }


def _branch(books: Books, number: str, name: str, city: str) -> Record:
    email = "post@fjordlys.example"
    return {
        "branchId": 15 + int(number),
        "number": number,
        "name": name,
        "organizationId": 1,
        "isMainBranch": number == "1",
        "isActive": True,
        "lastModifiedDateTime": books.moment_after(date(2025, 6, 2)),
        "corporateId": "999 888 777",
        "vatRegistrationId": "NO999888777MVA",
        "mainAddress": address(10 + int(number), "NO", city, books.dice),
        "mainContact": contact(10 + int(number), name, email, books.dice),
        "deliveryAddress": address(20 + int(number), "NO", city, books.dice),
        "deliveryContact": contact(20 + int(number), name, email, books.dice),
        "defaultCountry": {"id": "NO", "name": "Norge"},
        "industryCode": {"id": "47.591", "description": "Butikkhandel med møbler"},
        "currency": {"id": "NOK", "description": "Norske kroner", "symbol": "kr"},
        "vatZone": {"id": "01", "description": "Innland"},
        "ledger": {"id": "1", "description": "Hovedbok"},
        "bankSettings": {"bankName": "Vestlandsbanken", "bankCountry": "NO", "bban": "1503 20 12345"},
    }
