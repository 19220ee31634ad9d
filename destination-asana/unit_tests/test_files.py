"""Files that the connector makes: for their owner alone from the beginning, whatever the umask."""

import os
import stat

import pytest
from destination_asana.protocol.audit import append, open_for_appending
from destination_asana.protocol.report import Line, Report


@pytest.fixture(params=[0o022, 0o000])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


def leave_all(folder):
    """What a sync leaves in a folder."""
    for name in ("audit", "quarantine"):
        with open_for_appending(str(folder / f"{name}.jsonl"), f"{name}_path") as file:
            append(file, {"visma_id": "PurchaseOrderId:4100251/RegularOrder/000123"})
    report = Report(str(folder / "report.csv"))
    report.add(Line("PurchaseOrderId:4100251/RegularOrder/000123", "created"))
    report.close()


@pytest.mark.usefixtures("umask")
def test_new_files_and_folders_are_their_owners_alone(tmp_path):
    folder = tmp_path / "sync" / "2026"
    leave_all(folder)
    found = {path.name: mode(path) for path in tmp_path.rglob("*")}
    files = dict.fromkeys(("audit.jsonl", "quarantine.jsonl", "report.csv"), "0o600")
    assert found == {"sync": "0o700", "2026": "0o700", **files}


@pytest.mark.usefixtures("umask")
def test_the_permissions_of_a_file_that_goes_on_stay_as_somebody_set_them(tmp_path):
    """Such as an audit log that a group of accountants may read. A report is written anew, and so is its owner's alone."""
    tmp_path.chmod(0o750)
    for name in ("audit.jsonl", "quarantine.jsonl", "report.csv"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o640)
    leave_all(tmp_path)
    assert mode(tmp_path) == "0o750"
    assert mode(tmp_path / "audit.jsonl") == mode(tmp_path / "quarantine.jsonl") == "0o640"
    assert mode(tmp_path / "report.csv") == "0o600"


def test_a_volume_that_keeps_no_permissions_is_no_error(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chmod", refused)
    leave_all(tmp_path / "volume")
    assert "PurchaseOrderId:4100251/RegularOrder/000123" in (tmp_path / "volume/report.csv").read_text("utf-8-sig")
