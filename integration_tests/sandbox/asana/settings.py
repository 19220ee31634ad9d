"""What can be turned on the sandbox Asana, with the defaults that come nearest to the real service."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Settings:
    """Every knob of the sandbox. Read with `GET /_control/settings`, changed with `PATCH /_control/settings`.

    Durations are seconds unless the name says otherwise. `None` where a default depends on the plan.
    """

    plan: str = "advanced"
    """`free` (no custom fields, search, portfolios: 402), `starter` (no portfolios) or `advanced`."""

    requests_per_minute: int | None = None
    """Per token; default 150 on the free plan, 1,500 on paid ones; 0 switches the limit off."""
    rate_window: float = 15.0
    """The minute's budget is judged over windows this long: a burst above its share is refused."""
    reads_in_flight: int = 50
    writes_in_flight: int = 15
    search_per_minute: int = 60
    jobs_at_once: int = 5
    cost_per_minute: float | None = None
    """Cost units a token regains per minute; default 1,500 free, 15,000 paid; 0 switches the quota off."""

    read_latency: float = 0.0
    write_latency: float = 0.0
    clock_offset: float = 0.0
    """Added to the server's clock: stamps, `Date` header, expiry of offsets and tokens, webhooks."""

    unlimited_cut: int = 1000
    """A listing without `limit` is silently cut after so many rows."""
    unlimited_refused: int = 10_000
    """A listing without `limit` over more rows than this answers 400."""
    late_page_limit: int | None = 40_000
    """A page that begins beyond this row of a task listing answers 400."""
    offset_lifetime: float = 900.0
    access_token_lifetime: float = 3600.0

    private_names: str = "hidden"
    """Whether typeahead tells the names of custom fields that are private to others: `hidden` or `told`."""
    search_lag: float = 5.0
    """A change shows in search, typeahead included, so much later."""
    search_lags: dict[str, float] = field(default_factory=dict)
    """Another lag for some kinds of changes: `created`, `changed`, `moved` (between projects), `deleted`."""
    job_duration: float = 1.0
    subtask_fields: str = "none"
    """`none`: a subtask has only the fields of its own projects; `first_level`: it takes its parent's as well."""
    date_values: str = "object"
    """How a date custom field must be written: `object` ({"date": …}), `string`, or `both`."""
    empty_lists: str = "refuse"
    """`[]` for a multi-enum, people or reference field: `refuse` (400; null clears) or `clear`."""
    unknown_keys: str = "refuse"
    """Unknown keys inside `data`: `refuse` (400) or `ignore`."""
    longest_name: int = 1024
    """Characters of a task's, project's, section's or option's name, more answer 400; 0 takes any."""
    longest_notes: int = 65_535
    """The same for descriptions, plain or with their markup, and for comments."""
    team_required: bool = False
    """`POST /projects` without `team` answers 400."""
    new_tasks: str = "end"
    """Where a created task lands in its section: `end` or `start`."""
    external_scope: str = "user"
    """Who shares `external` data written with personal access tokens: the `user`'s tokens, `all` tokens, or `none`:
    writing it then takes OAuth (403)."""
    addresses: str = "new"
    """The addresses of tasks and projects: `new` (`/1/{workspace}/project/{project}/task/{task}`) or `old` (`/0/…`)."""
    links: str = "new"
    """What becomes of the addresses of tasks and projects in descriptions: `new` writes them in the new form, `names`
    shows the object's name in place of the address, `kept` leaves them as they were written."""
    unknown_gids: str = "unknown"
    """A well-formed gid of nothing the caller is shown: `unknown` (404 in a path, 400 elsewhere, “Unknown object”), or
    `unrecognized` (400 everywhere, “Not a recognized ID”); both have been met."""
    fields_per_project: int = 0
    """So many custom fields a project takes, more answer 400; 0 takes any."""
    asana_change: str | None = None
    """Value of an `Asana-Change` response header, when set."""
    record_bodies: bool = False
    """Keep whole requests and responses in the request log."""
    webhook_delay: float = 0.2
    """Events are gathered so long before they are delivered together."""
    webhook_retry: float = 2.0
    """The pause before the first repeat of a failed delivery; it doubles with each, up to an hour."""
    webhook_localhost: bool = False
    """Allow webhook targets on localhost and plain http (the real service answers 403)."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def update(self, changes: dict[str, Any]) -> None:
        """Set the named settings; raises KeyError with the unknown name."""
        known = {each.name for each in fields(self)}
        for name in changes:
            if name not in known:
                raise KeyError(name)
        for name, value in changes.items():
            setattr(self, name, "advanced" if (name, value) == ("plan", "paid") else value)

    def lag_of(self, kind: str) -> float:
        """How long search goes without noticing a change of this kind."""
        return self.search_lags.get(kind, self.search_lag)

    @property
    def paid(self) -> bool:
        return self.plan != "free"

    @property
    def request_budget(self) -> int:
        if self.requests_per_minute is not None:
            return self.requests_per_minute
        return 1500 if self.paid else 150

    @property
    def cost_budget(self) -> float:
        if self.cost_per_minute is not None:
            return self.cost_per_minute
        return 15_000.0 if self.paid else 1_500.0
