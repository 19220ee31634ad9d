"""Signing in and being allowed to: check, tokens, OAuth, plans, addresses; and secrets in no output."""

import pytest

from integration_tests.destination_messages import account, invoice, invoice_id, order, order_id, state
from integration_tests.destination_support import KARI
from integration_tests.sandbox.harness import OAUTH, AsanaSandbox
from integration_tests.waiting import until


def pat(token):
    return {"auth_type": "personal_access_token", "personal_access_token": token}


def mapped(*assignees):
    return [{"supplier": f"{n}*", "assignee": assignee} for n, assignee in enumerate(assignees)]


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_passes_and_writes_nothing(destination):
    run = destination.check(supplier_mapping=mapped(KARI))
    assert run.verdict == {"status": "SUCCEEDED"}
    assert run.code == 0
    assert {entry["method"] for entry in destination.requests()} == {"GET"}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"credentials": pat("wrong-secret-token")}, ["401", "token", "mistyped"]),
        ({"credentials": pat("sandbox-asana-deactivated-token")}, ["401"]),
        ({"workspace_gid": "999"}, ["workspace_gid", "Nordlys Handel", AsanaSandbox.WORKSPACE]),
        ({"project_gid": "999"}, ["project_gid", "999", "share the project"]),
        ({"credentials": pat("sandbox-asana-viewer-token")}, ["project_gid", "may only view", "edit rights"]),
        ({"credentials": pat("sandbox-asana-elsewhere-token")}, ["workspace_gid"]),
        ({"supplier_mapping": mapped(KARI, "nobody@nordlys.example")}, ["“1*” → “nobody@nordlys.example”"]),
        ({"credentials": {**OAUTH, "refresh_token": "wrong-secret"}}, ["OAuth", "refresh_token is not valid"]),
        ({"credentials": {**OAUTH, "client_secret": "wrong-secret"}}, ["OAuth", "client_id or client_secret"]),
        ({"api_url": "http://localhost:9/api/1.0"}, ["could not be reached", "api_url"]),
        ({"credentials": OAUTH, "token_url": "http://localhost:9/"}, ["token_url"]),
        ({"api_url": "http://asana.example/api/1.0"}, ["api_url", "https://"]),
        ({"workspace_gid": None}, ["workspace_gid is missing"]),
        ({"streams": [{"name": "orders", "write_as": {"type": "task", "project_gid": "998"}}]}, ["998", "orders"]),
    ],
    ids=lambda value: None,
)
def test_check_says_what_is_wrong(destination, config, words):
    run = destination.check(**config)
    assert run.code == 0
    assert run.verdict["status"] == "FAILED"
    for word in words:
        assert word in run.verdict["message"]
    assert "wrong-secret" not in run.output + run.errors


@pytest.mark.parametrize("deactivated", ["Per Slutaren", "per.slutaren@nordlys.example", "1200000000000016"])
def test_check_only_warns_of_a_deactivated_assignee_and_of_a_guest(destination, deactivated):
    run = destination.check(supplier_mapping=mapped(deactivated, "gudrun@revisor.example"))
    assert run.verdict["status"] == "SUCCEEDED"
    assert f"“0*” → “{deactivated}” names a deactivated member" in run.verdict["message"]
    assert "guest" in run.verdict["message"]


@pytest.mark.parametrize("answer", ["unknown", "unrecognized"])
def test_check_of_a_project_that_is_not_shown(destination, answer):
    destination.asana.settings(unknown_gids=answer)
    message = destination.check(project_gid="1200000000000999").verdict["message"]
    assert "project_gid: Asana does not show the project 1200000000000999" in message
    assert "share the project with that user" in message


def scoped(destination, *scopes):
    """A token of the bot, for an app that was given these scopes alone."""
    destination.asana.control(
        "POST", "tokens", {"token": "sandbox-asana-narrow-token", "user": "1200000000000010", "scopes": list(scopes)}
    )
    return pat("sandbox-asana-narrow-token")


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["users:read", "workspaces:read"], "projects:read"),
        (["users:read", "workspaces:read", "projects:read"], "custom_fields:read"),
    ],
)
def test_check_names_a_scope_that_the_app_lacks(destination, scopes, missing):
    message = destination.check(credentials=scoped(destination, *scopes)).verdict["message"]
    assert f"the OAuth app has not been given the scope {missing}" in message
    assert "authorise it again" in message
    assert "share the project" not in message


def test_a_sync_names_a_scope_that_the_app_lacks(destination):
    destination.write(order(1))
    scopes = ["users:read", "workspaces:read", "projects:read", "custom_fields:read", "tasks:read"]
    run = destination.write(
        order(1, orderTotal=3.0), state("purchase_orders"), credentials=scoped(destination, *scopes), code=1
    )
    assert run.error["failure_type"] == "config_error"
    assert "has not been given the scope tasks:write" in run.error["message"]
    assert run.states == []


def test_line_breaks_in_asanas_words_do_not_reach_the_message(destination):
    message = "project: Not\r\nallowed\n\tfor this\u2028app\r\n"
    destination.asana.fault(action="error", status=403, path="^/projects/", message=message, times=None)
    message = destination.check().verdict["message"]
    assert "“project: Not allowed for this app”" in message
    assert message.splitlines() == [message]


def test_line_breaks_of_the_token_service_do_not_reach_the_message(destination):
    message = "The token\r\nis gone.\r\n"
    destination.asana.fault(action="error", status=400, path="oauth_token", message=message, times=None)
    message = destination.check(credentials=OAUTH).verdict["message"]
    assert "“The token is gone.”" in message


def test_check_on_the_free_plan_explains_itself(destination):
    destination.asana.settings(plan="free")
    run = destination.check()
    assert run.verdict["status"] == "FAILED"
    assert "paid feature" in run.verdict["message"]
    assert "Starter" in run.verdict["message"]


def test_check_of_an_archived_project(destination):
    destination.as_person("PUT", f"/projects/{AsanaSandbox.PROJECT}", archived=True)
    assert "archived" in destination.check().verdict["message"]


def test_check_answers_soon_when_nobody_does(destination):
    """Nothing behind the address, errors only, throttled: a verdict, not a wait."""
    for fault in (
        {"action": "throttle", "retry_after": 600},
        {"action": "html"},
        {"action": "error", "status": 503},
        {"action": "truncate"},
    ):
        destination.asana.control("DELETE", "faults")
        destination.asana.fault(path=".*", times=None, **fault)
        assert destination.check().verdict["status"] == "FAILED"


# --- write -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rejected_first", [True, False])
def test_the_free_plan_is_explained_before_the_first_write(destination, rejected_first):
    destination.asana.settings(plan="free")
    messages = [order(1, orderTotal="x" if rejected_first else 1.0), order(2), state("purchase_orders")]
    run = destination.write(*messages, code=1, on_record_error="quarantine")
    assert run.error["failure_type"] == "config_error"
    assert "paid feature" in run.error["message"]
    assert run.states == []
    state_after = destination.asana.state()
    assert state_after["tasks"] == []
    assert [field["name"] for field in state_after["custom_fields"]] == ["Priority"]


def test_a_wrong_token_ends_the_sync_with_what_to_do(destination):
    run = destination.write(order(), state("purchase_orders"), credentials=pat("wrong-secret-token"), code=1)
    assert run.error["failure_type"] == "config_error"
    assert "401" in run.error["message"]
    assert "create a new token" in run.error["message"]
    assert "wrong-secret" not in run.output + run.errors
    assert run.states == []


PASTED = [
    {"auth_type": "personal_access_token", "personal_access_token": " sandbox-asana-token\n"},
    {name: f"{value}\r\n" if name != "auth_type" else value for name, value in OAUTH.items()},
]


@pytest.mark.parametrize("credentials", PASTED, ids=["token", "OAuth"])
def test_white_space_pasted_with_a_setting_does_no_harm(destination, credentials):
    project = f"{destination.asana.PROJECT}\n"
    assert destination.check(credentials=credentials, project_gid=project).verdict["status"] == "SUCCEEDED"
    destination.write(invoice(), credentials=credentials, project_gid=project)
    assert len(destination.tasks) == 1


@pytest.mark.parametrize(("answer", "status"), [("unknown", "404"), ("unrecognized", "400")])
def test_a_project_nobody_may_see(destination, answer, status):
    destination.asana.settings(unknown_gids=answer)
    run = destination.write(order(), project_gid="999", code=1)
    assert run.error["failure_type"] == "config_error"
    assert status in run.error["message"]
    assert "the object does not exist, or the token's user cannot see it" in run.error["message"]


# --- rights on fields ------------------------------------------------------------------------------------------------


def by_kari(destination, *messages, **config):
    return destination.write(*messages, credentials=pat("sandbox-asana-person-token"), **config)


@pytest.mark.parametrize(
    ("message", "field", "option"),
    [
        (order(2, status="Hold"), "Visma status", "Hold"),
        (account("6800", "Office"), "Visma GL accounts", "6800 Office"),
    ],
    ids=["a status", "an account"],
)
def test_a_token_that_may_not_add_options_is_told_which_field_and_who_can_help(destination, message, field, option):
    destination.write(order(1), account("3000", "Sales"))
    gid = destination.field(field)["gid"]
    destination.asana.control("PATCH", f"custom_fields/{gid}", {"default_access_level": "user"})
    run = by_kari(destination, message, state(message["record"]["stream"]), code=1, on_record_error="quarantine")
    assert run.error["failure_type"] == "config_error"
    for words in (f"“{option}”", f"“{field}”", "403", "whoever made the field", "administrators"):
        assert words in run.error["message"]
    assert run.states == []
    assert destination.attention == []


@pytest.mark.parametrize("code", ["6800", "3000"])
def test_a_token_that_may_not_change_options_is_told_so_too(destination, code):
    destination.write(account("6800", "Office"), account("3000", "Sales"))
    gid = destination.field("Visma GL accounts")["gid"]
    destination.asana.control("PATCH", f"custom_fields/{gid}", {"default_access_level": "user"})
    run = by_kari(destination, account(code, "New words"), code=1)
    assert run.error["failure_type"] == "config_error"
    assert "“Visma GL accounts”" in run.error["message"]
    assert "makes the token's user an editor of the field" in run.error["message"]


@pytest.mark.parametrize(
    "refusal",
    [
        {"settings": 4},
        {"message": "custom_field: You have exceeded the number of fields of this project", "status": 400},
        {"message": "Projects are limited to 30 custom fields", "status": 403},
    ],
    ids=["the sandbox's words", "other words", "another status"],
)
def test_a_project_that_takes_no_more_fields_is_told_what_can_be_spared(destination, refusal):
    if "settings" in refusal:
        destination.asana.settings(fields_per_project=4)
    else:
        destination.asana.fault(action="error", path="addCustomFieldSetting", times=None, **refusal)
    run = destination.write(order(1), state("purchase_orders"), code=1)
    assert run.error["failure_type"] == "config_error"
    for words in ("Visma", AsanaSandbox.PROJECT, "leave_out_fields", "Visma line items", "Visma document date"):
        assert words in run.error["message"]
    spared = run.error["message"].partition("can be spared: ")[2]
    assert not [name for name in ("Visma ID", "Visma amount", "Visma currency", "Visma status") if name in spared]
    assert run.states == []


def test_a_project_one_may_only_look_at(destination):
    destination.write(order())
    run = destination.write(order(orderTotal=1.0), credentials=pat("sandbox-asana-viewer-token"), code=1)
    assert run.error["failure_type"] == "config_error"
    assert "403" in run.error["message"]


def test_settings_that_are_not_valid_end_before_any_request(destination):
    run = destination.write(order(), code=1, line_items="rows")
    assert run.error["failure_type"] == "config_error"
    assert "line_items must be one of" in run.error["message"]
    assert destination.asana.log() == []


# --- OAuth -----------------------------------------------------------------------------------------------------------


def test_oauth_signs_in_once_for_all_workers(destination):
    destination.write(*(order(n) for n in range(1, 21)), credentials=OAUTH)
    tokens = [entry for entry in destination.asana.log() if entry["path"] == "/-/oauth_token"]
    assert len(tokens) == 1
    assert len(destination.tasks) == 20


def test_a_netrc_of_the_machine_is_left_out(destination, tmp_path, monkeypatch):
    """It would replace the token, and stand beside the client's secret."""
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    destination.write(order(), credentials=OAUTH, cold=True)
    assert len(destination.tasks) == 1


def test_tokens_are_renewed_before_they_die(destination):
    """They live longer than they say, so that the machine's speed decides nothing."""
    destination.asana.settings(access_token_announced=1, write_latency=0.25)
    destination.write(*(order(n, lines=[]) for n in range(1, 61)), credentials=OAUTH)
    log = destination.asana.log()
    assert len([entry for entry in log if entry["path"] == "/-/oauth_token"]) >= 2
    assert [entry for entry in log if entry["status"] == 401] == []
    assert len(destination.tasks) == 60


def test_tokens_that_die_in_the_middle_are_replaced(destination):
    destination.asana.settings(access_token_requests=60)
    destination.write(*(order(n, lines=[]) for n in range(1, 61)), credentials=OAUTH)
    log = destination.asana.log()
    tokens = len([entry for entry in log if entry["path"] == "/-/oauth_token"])
    assert tokens >= 2
    assert len(destination.tasks) == 60


def test_a_revoked_token_is_replaced_once(destination):
    destination.asana.fault(action="delay", method="POST", path=r"^/tasks\?", skip=5, times=None, seconds=3600)
    process = destination.start(*(order(n, lines=[]) for n in range(1, 41)), credentials=OAUTH)
    until(lambda: len(destination.asana.tasks()) > 5)
    destination.asana.control("DELETE", "tokens/oauth")
    destination.asana.control("DELETE", "faults")
    assert destination.finish(process).code == 0
    assert len(destination.tasks) == 40
    tokens = [entry for entry in destination.asana.log() if entry["path"] == "/-/oauth_token"]
    assert len(tokens) == 2


def test_a_token_service_that_stumbles_is_asked_again(destination):
    destination.asana.fault(action="error", status=503, method="POST", path="/-/oauth_token", times=1)
    destination.write(order(), credentials=OAUTH)
    assert order_id() in destination.tasks


def test_a_token_service_that_is_down_at_the_renewal_ends_no_sync(destination):
    """Whether the old token lives long enough for the renewal, as unit_tests/test_auth.py has it, or dies while the machine is busy."""
    destination.asana.settings(access_token_lifetime=5, write_latency=0.4)
    destination.asana.fault(action="error", status=503, method="POST", path="/-/oauth_token", skip=1, times=3)
    run = destination.write(*(order(n, lines=[]) for n in range(1, 251)), state("purchase_orders"), credentials=OAUTH)
    asked = [entry["status"] for entry in destination.asana.log() if entry["path"] == "/-/oauth_token"]
    assert asked[:5] == [200, 503, 503, 503, 200]
    assert run.state_ids == [1]
    assert len(destination.tasks) == 250


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credentials", "secrets"),
    [(pat(AsanaSandbox.TOKEN), ["sandbox-asana-token"]), (OAUTH, ["sandbox-asana-secret", "sandbox-asana-refresh"])],
    ids=["token", "oauth"],
)
def test_secrets_are_in_no_output_even_when_asana_repeats_them(destination, credentials, secrets):
    """(The helper looks for them in the output of every run of every test.)"""
    message = f"You sent {' and '.join(secrets)}"
    files = [destination.folder / name for name in ("quarantine.jsonl", "audit.jsonl")]
    for body, code in (("custom_fields", 1), ("custom_fields", 0)):
        destination.asana.control("DELETE", "faults")
        destination.refuse_tasks(message, body)
        destination.write(
            invoice(),
            code=code,
            credentials=credentials,
            on_record_error="fail" if code else "quarantine",
            quarantine_path=str(files[0]),
            audit_log_path=str(files[1]),
        )
    [task] = destination.attention
    for text in (task["notes"], *(file.read_text() for file in files)):
        assert "You sent" in text
        assert not [secret for secret in secrets if secret in text]
    assert invoice_id() not in destination.tasks
