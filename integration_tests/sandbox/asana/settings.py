"""The settings of the sandbox Asana. Their defaults are closest to the real service."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class Settings:
    """Every setting of the sandbox. Read with `GET /_control/settings`, changed with `PATCH /_control/settings`.

    Durations are in seconds unless the name says otherwise. `None` means that the default depends on the plan.
    """

    plan: str = "advanced"
    """`free` (no custom fields, search, portfolios: 402), `starter` (no portfolios) or `advanced`."""

    requests_per_minute: int | None = None
    """Per token; default 150 on the free plan, 1,500 on paid ones; 0 switches the limit off."""
    rate_window: float = 15.0
    """The length of the windows in which the minute's budget is checked: a burst above its share is refused."""
    reads_in_flight: int = 50
    writes_in_flight: int = 15
    search_per_minute: int = 60
    jobs_at_once: int = 5
    limits_clock_offset: float = 0.0
    """Added to the clock of the limits, so that a test need not wait until a window is over."""
    cost_per_minute: float | None = None
    """Cost units a token regains per minute; default 1,500 free, 15,000 paid; 0 switches the quota off."""

    read_latency: float = 0.0
    write_latency: float = 0.0
    clock_offset: float = 0.0
    """Added to the server's clock: stamps, `Date` header, expiry of offsets and tokens, webhooks."""

    unlimited_cut: int = 1000
    """A listing without `limit` is silently cut after this many rows."""
    unlimited_refused: int = 10_000
    """A listing without `limit` over more rows than this answers 400."""
    late_page_limit: int | None = 40_000
    """A page that begins beyond this row of a task listing answers 400."""
    offset_lifetime: float = 900.0
    access_token_lifetime: float = 3600.0
    access_token_announced: float | None = None
    """What `expires_in` of a token says, where that is not its lifetime."""
    access_token_requests: int | None = None
    """A token of the token endpoint dies after so many requests, however young it is; `None`: after its lifetime alone."""

    private_names: str = "hidden"
    """Whether typeahead shows the names of custom fields that are private to others: `hidden` or `told`."""
    search_lag: float = 5.0
    """The delay before a change appears in search, typeahead included."""
    search_contains: str = "parts"
    """What `contains` finds in a text field: `parts` of words, too, or whole `words` alone."""
    search_case: str = "sensitive"
    """Whether search tells capitals from small letters in a text field: `sensitive`, or `ignored`."""
    search_lags: dict[str, float] = field(default_factory=dict)
    """A different delay for some kinds of changes: `created`, `changed`, `moved` (between projects), `deleted`."""
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
    """The longest name of a task, project, section or option, in characters; 400 beyond, 0 for no limit."""
    longest_notes: int = 65_535
    """The same for descriptions, plain or with markup, and for comments."""
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
    """How addresses of tasks and projects in descriptions change: `new` rewrites them in the new form, `names` shows the
    object's name in place of the address, `kept` leaves them as written."""
    unknown_gids: str = "unknown"
    """The answer for a well-formed gid of an object that the caller cannot see: `unknown` (404 in a path, 400 elsewhere,
    “Unknown object”) or `unrecognized` (400 everywhere, “Not a recognized ID”); both have been observed."""
    external_unique: bool = True
    """Whether a second task with the same external gid is refused."""
    subtask_fields_dropped: bool = False
    """Fields that a subtask does not have: refused (400), or passed over when true."""
    long_texts: str = "refuse"
    """A text above 1,024 characters in a custom field: `refuse` (400) or `cut`."""
    large_numbers: str = "refuse"
    """A number from 1e15 on in a custom field: `refuse` (400) or `take`."""
    new_subtasks: str = "end"
    """Where a created subtask lands among the others: `end` or `start`."""
    subtask_changes: str = "own"
    """Whether a change of a subtask moves only its `own` modified_at, or its `parent`'s as well."""
    memberships_on_create: str = "take"
    """`memberships` in a create call: `take`, `ignore` their section, or `refuse` (400)."""
    added_again: str = "take"
    """addProject with a project that the task is in: `take` or `refuse` (400)."""
    goals: str = "open"
    """Goals: `open`, `premium` (402) or `forbidden` (403); `budgets` and `status_updates` are the same."""
    budgets: str = "premium"
    status_updates: str = "open"
    refresh_tokens: str = "kept"
    """Whether the answer with an access token carries another refresh token: `kept` (none) or `replaced`."""
    fields_per_project: int = 0
    """The most custom fields of a project; 400 beyond, 0 for no limit."""
    asana_change: str | None = None
    """Value of an `Asana-Change` response header, when set."""
    record_bodies: bool = False
    """Keep whole requests and responses in the request log."""
    webhook_delay: float = 0.2
    """How long events are gathered before they are delivered together."""
    webhook_retry: float = 2.0
    """The pause before the first retry of a failed delivery. It doubles with each retry, up to an hour."""
    webhook_patience: float = 10.0
    """How long the answer to a delivery, or to the handshake, may take."""
    webhook_localhost: bool = False
    """Allow webhook targets on localhost and plain http (the real service answers 403)."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def update(self, changes: dict[str, Any]) -> None:
        """Sets the named settings. Raises KeyError with an unknown name."""
        known = {each.name for each in fields(self)}
        for name in changes:
            if name not in known:
                raise KeyError(name)
        for name, value in changes.items():
            setattr(self, name, "advanced" if (name, value) == ("plan", "paid") else value)

    def lag_of(self, kind: str) -> float:
        """The delay before search notices a change of this kind."""
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
