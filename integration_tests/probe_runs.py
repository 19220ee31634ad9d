"""What a run of a probe left, of either connector."""

from typing import Any, NamedTuple


class Probe(NamedTuple):
    """Its exit status, its answers and messages by line, and its file: read, and as written."""

    code: int
    lines: list[str]
    errors: str
    file: dict[str, Any] | None
    raw: str

    def question(self, number: str) -> dict[str, Any]:
        assert self.file is not None, self.errors
        return next(each for each in self.file["questions"] if each["id"] == number)

    def line(self, number: str) -> str:
        return next(line for line in self.lines if line.startswith(f"{number} · "))
