"""The page that `make bench` writes, only after a whole run, and its figures."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import promises, run
from benchmarks.measure import Figures
from benchmarks.support import spread


@pytest.mark.parametrize(("options", "written"), [([], True), (["--rounds", "1"], False), (["--no-promises"], False)])
def test_a_quick_look_leaves_the_page_alone(
    options: list[str],
    written: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/benchmarks.md"
    page.write_text("as it was")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["run", *options])
    monkeypatch.setattr(run, "read_rows", lambda *_: [])
    monkeypatch.setattr(run, "write_rows", lambda *_: [])
    monkeypatch.setattr(run.promises, "measured", list)
    monkeypatch.setattr(run, "report", lambda *_: "measured anew")
    run.main()
    assert "measured anew" in capsys.readouterr().out
    assert page.read_text() == ("measured anew" if written else "as it was")


def test_a_measurement_is_its_median_with_the_smallest_and_the_largest() -> None:
    assert spread([3.06, 1.0, 2.5, 9.9, 2.0], ".1f") == "2.5 (1.0–9.9)"
    assert spread([10_450.4, 9_000.0], ",.0f") == "9,725 (9,000–10,450)"


@pytest.mark.parametrize(("cpu", "kept"), [(6.5, True), (8.5, False)])
def test_the_share_of_the_floor_is_taken_round_by_round(
    cpu: float, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow round, the second here, slows both readers and changes the share little."""
    started: list[str] = []

    def measured(command: list[str]) -> Figures:
        floor = "floor_read.py" in command[1]
        many = command[-1 if floor else 3] == "60000"
        started.append(command[0])
        slow = 3 if 4 < len(started) <= 8 else 1
        return Figures(0, slow * ((5.0 if floor else cpu) if many else (1.0 if floor else 1.5)), 0, 0, 0)

    monkeypatch.setattr(promises, "company", lambda folder, records: nullcontext(str(records)))
    monkeypatch.setattr(promises, "run", measured)
    found = promises.throughput(tmp_path)
    assert len(started) == 20
    assert found.kept is kept
    ours = "80 (78–80) %: 12,000 (3,333–12,000)" if kept else "57 (57–58) %: 8,571 (2,500–8,571)"
    assert found.measured == f"{ours} per CPU second, the floor 15,000 (4,286–15,000)"


@pytest.mark.parametrize(("stock", "kept"), [(2.4, True), (1.7, False)])
def test_the_start_is_measured_beside_the_stock_reader(
    stock: float, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "company", lambda folder, records: nullcontext(str(records)))
    monkeypatch.setattr(promises, "run", lambda command: Figures(1.9, stock if "stock" in command[1] else 1.8, 0, 0, 0))
    found = promises.start_up(tmp_path)
    assert found.measured == f"1.9 (1.9–1.9) s; CPU 1.8 (1.8–1.8) s, stock reader {stock} ({stock}–{stock}) s"
    assert found.kept is kept
