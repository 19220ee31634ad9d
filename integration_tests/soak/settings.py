"""What an episode is drawn from: the settings of both connectors and of both services, from the seed alone."""

from dataclasses import dataclass
from random import Random
from typing import Any

COMPANIES = ("4100251", "4100252")
DOCUMENTS = ("purchase_orders", "supplier_invoices", "customer_invoices", "customer_credit_notes")
STREAMS = ("accounts", "projects", "project_budgets", *DOCUMENTS)
LEAVABLE = ["Visma line items", "Visma GL accounts", "Visma cost centers", "Visma projects", "Visma balance"]


@dataclass(frozen=True)
class Settings:
    """One episode's settings.

    small: a short episode, with one sync in a round and in the end only one of the two calm syncs.
    full: each sync reads everything, with overwrite and `mark_missing`; otherwise only what changed.
    big: so many old tasks of others lie in the register project, so that documents are searched, not listed.
    options: keys of the destination's configuration that need no gid.
    invoices_apart: supplier invoices have a register project of their own.
    routes: kinds of routes, each with a value, to projects that the episode makes.
    by_name: Asana projects named after Visma's receive their documents.
    token_requests: Asana's sign-in is OAuth, and a token dies after so many requests; 0 for a personal access token.
    meanwhile: bookkeepers change documents while some of the syncs read.
    """

    seed: str
    small: bool
    rounds: int
    documents: int
    changes: int
    companies: int
    full: bool
    big: int
    streams: tuple[str, ...]
    options: dict[str, Any]
    line_items: dict[str, str]
    invoices_apart: bool
    routes: tuple[tuple[str, str, str | None], ...]
    by_name: bool
    source: dict[str, Any]
    asana: dict[str, Any]
    visma: dict[str, Any]
    token_requests: int
    meanwhile: bool

    def lines(self, stream: str) -> str:
        """How a stream's lines are shown."""
        return self.line_items.get(stream, self.line_items["all"])

    def told(self) -> list[str]:
        """The settings in lines, for people."""
        return [f"  {name}: {value}" for name, value in vars(self).items() if value not in ((), {}, False, 0)]


def draw(seed: str, small: bool = False) -> Settings:
    """The settings of a seed; small ones for a quick episode."""
    dice = Random(f"{seed}/settings")
    cards = dice.random() < (0.3 if small else 0.6)
    streams = [each for each in STREAMS if cards or not each.startswith("project")]
    dice.shuffle(streams)
    lines = {"all": dice.choice(["subtasks", "subtasks", "description", "none"])}
    if dice.random() < 0.3:
        lines["supplier_invoices"] = dice.choice(["subtasks", "description", "none"])
    full = dice.random() < 0.4
    return Settings(
        seed=seed,
        small=small,
        rounds=2 if small else dice.randint(3, 6),
        documents=dice.randint(7, 10) if small else dice.randint(10, 30),
        changes=dice.randint(6, 9) if small else dice.randint(5, 14),
        companies=2 if dice.random() < 0.25 and not small else 1,
        full=full,
        big=dice.choice([0, 0, 260, 320]),
        streams=tuple(streams),
        options=_options(dice, full),
        line_items=lines,
        invoices_apart=dice.random() < 0.3,
        routes=_routes(dice),
        by_name=dice.random() < 0.3,
        source=_source(dice),
        asana=_asana(dice),
        visma=_visma(dice),
        token_requests=dice.choice([0, 0, 0, 30, 100]),
        meanwhile=dice.random() < 0.4,
    )


def _options(dice: Random, full: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "complete_when_closed": dice.random() < 0.8,
        "create_closed": dice.random() < 0.8,
        "section_by_status": dice.random() < 0.4,
        "change_comments": dice.random() < 0.3,
        "mark_missing": full,
        "assign_order_owner": dice.random() < 0.3,
        "adopt": dice.choice(["off", "off", "match"]),
    }
    if dice.random() < 0.5:
        options["supplier_mapping"] = [
            {"supplier": "50001", "assignee": "kari.nordmann@nordlys.example"},
            {"supplier": "fjell*", "assignee": "Søren Østergaard"},
            {"supplier": "?sane Elektro AS", "assignee": "1200000000000013"},
        ]
    if dice.random() < 0.3:
        options["leave_out_fields"] = dice.sample(LEAVABLE, dice.randint(1, 3))
    if dice.random() < 0.3:
        options["cost_center_segments"] = dice.choice([["1"], ["Sted"], ["1", "sted"]])
    return options


def _routes(dice: Random) -> tuple[tuple[str, str, str | None], ...]:
    possible = [
        ("project", "P1001", None),
        ("project", "p10*", "Purchases"),
        ("cost_center", "330", None),
        ("cost_center", "oslo", "Costs"),
        ("supplier", "*Timber*", None),
        ("supplier", "50002", "Fjell"),
        ("branch", "2", None),
    ]
    return tuple(dice.sample(possible, dice.choice([0, 0, 1, 2, 3])))


def _source(dice: Random) -> dict[str, Any]:
    source: dict[str, Any] = {"num_workers": dice.choice([1, 4, 8])}
    if dice.random() < 0.3:
        source["reread_days"] = 400
    if dice.random() < 0.3:
        source["lookback_window_minutes"] = dice.choice([1, 10])
    return source


def _asana(dice: Random) -> dict[str, Any]:
    return {
        "search_lag": dice.choice([0.0, 5.0, 600.0]),
        "search_contains": dice.choice(["parts", "words"]),
        "date_values": dice.choice(["object", "object", "both"]),
        "new_tasks": dice.choice(["end", "start"]),
        "new_subtasks": dice.choice(["end", "start"]),
        "links": dice.choice(["new", "names", "kept"]),
        "addresses": dice.choice(["new", "old"]),
        "unknown_gids": dice.choice(["unknown", "unrecognized"]),
    }


def _visma(dice: Random) -> dict[str, Any]:
    caps = dict.fromkeys(("purchaseorder", "supplierInvoice", "customerinvoice", "project"), dice.choice([3, 7, 100]))
    return {
        "page_caps": caps,
        "order": dice.choice(["settled", "settled", "by_page"]),
        "edge": dice.choice(["inclusive", "exclusive"]),
        "nothing": dice.choice(["list", "list", "no_content"]),
        "filter_precision": dice.choice(["milliseconds", "seconds"]),
    }
