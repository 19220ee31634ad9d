"""Checks Asana twice a minute: whether each project's webhook is alive, and whether events came that were not delivered.

Webhooks may lose events and are deleted after a day of failures (Asana developer docs, Webhooks). The Events API lists the
events since a sync token. Because each check asks both, a gap lasts half a minute and not a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from webhook_listener import catch_up, subscriptions
from webhook_listener.asana import Asana, CallError
from webhook_listener.clock import Clock
from webhook_listener.config import Config
from webhook_listener.database import DAY, Database
from webhook_listener.intake import AsanaIntake
from webhook_listener.metrics import Metrics

logger = logging.getLogger(__name__)


class Watch:
    """`step` checks all projects once. Only one thread may run it."""

    def __init__(
        self,
        *,
        config: Config,
        database: Database,
        asana: Asana,
        intake: AsanaIntake,
        clock: Clock,
        metrics: Metrics,
        every: float,
    ) -> None:
        assert config.asana is not None
        self._projects = config.asana.project_gids
        # Without an address for deliveries, no project gets a webhook.
        self._subscribed = self._projects if config.public_url else ()
        self._subscriptions = subscriptions.Subscriptions(
            address=f"{config.public_url}/asana/",
            database=database,
            asana=asana,
            intake=intake,
            clock=clock,
            metrics=metrics,
        )
        self._catch_up = catch_up.CatchUp(
            database=database, asana=asana, clock=clock, metrics=metrics, news=intake.news
        )
        self._database = database
        self._asana = asana
        self._clock = clock
        self._every = every
        self._complaints: dict[str, str] = {}
        self._pruned_at = 0.0
        self._own_known = False

    def step(self) -> float:
        """Creates missing webhooks and reads missed events. Returns the seconds until the next check."""
        if not self._knows_own_user():
            return self._every
        for project in self._subscriptions.of_others(self._subscribed):
            self._guarded("webhook", project, self._subscriptions.give_up, subscriptions.advice)
        for project in self._projects:
            # The first sync token comes before the webhook, so that no event is lost between the two.
            self._guarded("events", project, self._catch_up.read, catch_up.advice)
            if project in self._subscribed:
                self._guarded("webhook", project, self._subscriptions.look_after, subscriptions.advice)
        if self._clock() - self._pruned_at > DAY / 24:
            self._database.prune(self._clock())
            self._pruned_at = self._clock()
        return self._every

    def _knows_own_user(self) -> bool:
        """Asks Asana once for the token's user, whose changes are the sync's own. False while Asana does not answer."""
        try:
            if not self._own_known:
                self._database.remember("own_user", str(self._asana.me()["gid"]))
                self._own_known = True
        except CallError as error:
            self._complain("access", f"{error}. Nothing is lost; the next try is in {self._every:.0f} s.")
            return False
        self._complain("access", None)
        return True

    def _guarded(
        self, part: str, project: str, action: Callable[[str], None], advice: Callable[[CallError], str]
    ) -> None:
        """Runs one check. A problem with one project does not hold up the others."""
        try:
            action(project)
            self._complain(f"{part} {project}", None)
        except CallError as error:
            self._complain(f"{part} {project}", f"{error}.{advice(error)} The next try is in {self._every:.0f} s.")

    def _complain(self, about: str, text: str | None) -> None:
        """Logs a problem once, not at every check, and logs when it is over."""
        if text is None:
            if self._complaints.pop(about, None):
                logger.info(f"{about}: works again.")
        elif self._complaints.get(about) != text:
            self._complaints[about] = text
            logger.error(text)
