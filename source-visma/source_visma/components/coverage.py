"""What a saved state covers: which company's rows, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from source_visma.components.stamps import Stamp


@dataclass(frozen=True)
class Coverage:
    """The company, the address of its API, and the start date before which rows were left out (None: none were)."""

    company_id: str
    api_url: str
    start_date: str | None = None

    def within(self, saved: Mapping[str, Any]) -> str:
        """Why a saved state does not cover the present request, in words. Empty when it does.

        States of release 0.1.0 name nothing. They are taken as made with the present settings.
        """
        for field, what in (("company_id", "company"), ("api_url", "API address")):
            kept = saved.get(field)
            if kept is not None and str(kept).rstrip("/").lower() != str(getattr(self, field)).lower():
                return f"the saved state belongs to the {what} {kept}, and the settings name {getattr(self, field)}"
        begun = saved.get("start_date")
        if begun and (not self.start_date or Stamp.even(self.start_date) < Stamp.even(Stamp.plain(begun))):
            now = f"is {self.start_date} now" if self.start_date else "is gone from the settings"
            return f"the saved state begins at the start date {begun}, which {now}"
        return ""

    def after(self, saved: Mapping[str, Any], since: str | None) -> "Coverage":
        """What is covered after a read from ``since`` on, added to what the saved state covers."""
        if "company_id" not in saved or (self.start_date and since and Stamp.even(since) < Stamp.even(self.start_date)):
            return self
        return Coverage(self.company_id, self.api_url, saved.get("start_date"))

    def names(self) -> dict[str, str]:
        """What is saved beside the stamp."""
        start = {"start_date": self.start_date} if self.start_date else {}
        return {"company_id": self.company_id, "api_url": self.api_url, **start}
