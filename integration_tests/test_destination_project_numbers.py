"""The numbers of Visma's projects as fields of the Asana projects that belong to them, through a portfolio."""

import pytest

from integration_tests.destination_messages import COMPANY, project, row
from integration_tests.destination_project_support import PORTFOLIO, TEAM, WORKSPACE
from integration_tests.test_destination_cards import BOTH, BUDGETS, NUMBERS, numbers
from integration_tests.test_destination_routing import share

SETTINGS = {"projects_portfolio_gid": PORTFOLIO, "route_by_project_name": True}


def asana_project(destination, name, **data):
    made = destination.as_person("POST", "/projects", name=name, workspace=WORKSPACE, team=TEAM, **data)
    return made["gid"]


def shown(destination, gid):
    """The numbers of an Asana project, and the portfolios it is in."""
    [found] = [each for each in destination.asana.state()["projects"] if each["gid"] == gid]
    return tuple(found["fields"].get(name) for name in NUMBERS), found["portfolios"]


def test_numbers_on_the_asana_projects_of_the_name(destination):
    named = [
        asana_project(destination, name) for name in ("P1001 Website", "[p1001] Launch", "P1001: plan", "P1001-x", "P9")
    ]
    archived = asana_project(destination, "P1001", archived=True)
    run = destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
    for gid in named[:3]:
        assert shown(destination, gid) == ((1000.0, 400.0, 300.5, 250.0, 549.5), [PORTFOLIO])
    for gid in (*named[3:], archived):
        assert shown(destination, gid) == ((None,) * 5, [])
    assert run.state_ids == [2]
    destination.fresh_log()
    destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
    assert destination.written == []
    # Numbers that change are one write per project; nothing is added a second time.
    destination.write(project(), row(actualAmount=301.5), *BUDGETS, configured=BOTH, **SETTINGS)
    assert sorted(each.partition(" /projects/")[2] for each in destination.written if "/projects/" in each) == sorted(
        named[:3]
    )
    assert shown(destination, named[0])[0] == (1000.0, 400.0, 301.5, 250.0, 548.5)


def test_nothing_without_the_settings(destination):
    gid = asana_project(destination, "P1001 Website")
    for settings in ({"projects_portfolio_gid": PORTFOLIO}, {"route_by_project_name": True}):
        destination.write(project(), row(), *BUDGETS, configured=BOTH, **settings)
        assert shown(destination, gid) == ((None,) * 5, [])


def test_projects_of_two_companies_on_one_asana_project_are_added(destination):
    """The other company's numbers are those of its card, whichever sync comes."""
    gid = asana_project(destination, "P1001")
    destination.write(project(5, company_id="77"))
    destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
    assert shown(destination, gid)[0][0] == 1000.0
    other = project(5, company_id="77"), row(company_id="77", revisedBudgetAmount=20.25)
    destination.write(*other, *BUDGETS, configured=BOTH, **SETTINGS)
    assert shown(destination, gid)[0] == (1020.25, 800.0, 601.0, 500.0, 119.25)
    destination.fresh_log()
    destination.write(row(), *BUDGETS, configured=BOTH, **SETTINGS)
    assert destination.written == []


def test_a_plan_without_portfolios(destination):
    gid = asana_project(destination, "P1001 Website")
    destination.asana.settings(plan="starter")
    run = destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
    assert numbers(destination)[0] == 1000.0
    assert shown(destination, gid)[0] == (None,) * 5
    [warning] = run.warnings
    assert "projects_portfolio_gid" in warning
    assert "plan" in warning
    assert run.state_ids == [2]
    verdict = destination.check(**SETTINGS).verdict
    assert verdict["status"] == "SUCCEEDED"
    assert "projects_portfolio_gid: portfolios are not part" in verdict["message"]


def test_check_refuses_a_portfolio_that_is_not_shown(destination):
    verdict = destination.check(projects_portfolio_gid="1299999999999999").verdict
    assert verdict["status"] == "FAILED"
    assert "projects_portfolio_gid" in verdict["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/addItem"), ("POST", "/portfolios/.*/addCustomFieldSetting"), ("PUT", r"^/projects/\d+")],
)
def test_an_answer_that_is_lost(destination, method, path):
    gid = asana_project(destination, "P1001 Website")
    destination.asana.fault(action="lost_answer", method=method, path=path, times=1)
    destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
    assert shown(destination, gid) == ((1000.0, 400.0, 300.5, 250.0, 549.5), [PORTFOLIO])


def test_a_dry_run(destination):
    gid = asana_project(destination, "P1001 Website")
    run = destination.write(project(), row(), *BUDGETS, configured=BOTH, dry_run=True, **SETTINGS)
    assert f"the Asana project “P1001 Website” ({gid}) would be updated: Visma budget: (empty) → 1000.00" in run.log
    assert shown(destination, gid) == ((None,) * 5, [])
    assert f"ProjectId:{COMPANY}/3101" not in destination.tasks


def test_a_project_that_may_only_be_commented_in_is_passed_over(destination):
    gid = asana_project(destination, "P1001 Comments")
    share(destination, gid, "commenter")
    for _ in range(2):
        destination.fresh_log()
        run = destination.write(project(), row(), *BUDGETS, configured=BOTH, **SETTINGS)
        assert shown(destination, gid)[1] == []
        assert run.warnings == []
        assert [each for each in destination.written if "addItem" in each or gid in each] == []


def test_rows_whose_keys_differ_in_padding_are_added(destination):
    padded = [row(), row("P1001   "), row(group="MATERIAL ")]
    destination.write(project(), *padded, *BUDGETS, configured=BOTH)
    assert numbers(destination)[0] == 3000.0
