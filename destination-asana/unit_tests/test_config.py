"""Settings: presets, overrides, and refusals in words that name the setting and never its secret."""

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from destination_asana.asana.auth import OAuthToken, PersonalAccessToken
from destination_asana.config import SPEC, Config
from jsonschema import Draft7Validator

TOKEN = "very-secret-token"
BASE = {
    "credentials": {"auth_type": "personal_access_token", "personal_access_token": TOKEN},
    "workspace_gid": "1200000000000001",
    "project_gid": "1200000000000100",
}
OAUTH = {"auth_type": "oauth2.0", "client_id": "c", "client_secret": "very-secret", "refresh_token": "very-secret-too"}


def refusal(**changes):
    raw = {**BASE, **changes}
    with pytest.raises(AirbyteTracedException) as caught:
        Config.parse({name: value for name, value in raw.items() if value is not ...})
    assert caught.value.failure_type == FailureType.config_error
    return str(caught.value.message)


def test_the_defaults():
    config = Config.parse(BASE)
    assert config.line_items == "subtasks"
    assert config.complete_when_closed is True
    assert (config.section_by_status, config.change_comments, config.mark_missing, config.dry_run) == (False,) * 4
    assert config.on_record_error == "fail"
    assert (config.api_url, config.token_url) == (
        "https://app.asana.com/api/1.0",
        "https://app.asana.com/-/oauth_token",
    )
    assert isinstance(config.authentication(), PersonalAccessToken)


def test_null_is_as_if_not_said():
    optional = ("streams", "line_items", "supplier_mapping", "mark_missing", "quarantine_path", "api_url", "dry_run")
    assert Config.parse({**BASE, **dict.fromkeys(optional)}) == Config.parse(BASE)
    assert "project_gid is missing" in refusal(project_gid=None)
    nested = {"name": "purchase_orders", "write_as": {"type": "task", "project_gid": None}, "line_items": None}
    plain = {"name": "purchase_orders", "write_as": {"type": "task"}}
    assert Config.parse({**BASE, "streams": [nested, None]}) == Config.parse({**BASE, "streams": [plain]})


def optional(schema, path=""):
    """Every optional setting in the specification, at any depth, with its schema."""
    for variant in (schema, *schema.get("oneOf", ())):
        for name, inner in variant.get("properties", {}).items():
            if name not in variant.get("required", ()):
                yield f"{path}{name}", inner
            yield from optional(inner, f"{path}{name}.")
    if "items" in schema:
        yield from optional(schema["items"], f"{path}[].")


def test_the_specification_takes_null_for_every_optional_setting():
    """A platform checks the settings with it before the connector sees them."""
    found = dict(optional(SPEC))
    assert {"line_items", "streams.[].line_items", "streams.[].write_as.team_gid"} <= set(found)
    assert [path for path, schema in found.items() if not Draft7Validator(schema).is_valid(None)] == []


def test_every_number_has_bounds():
    numbers = [(path, schema) for path, schema in optional(SPEC) if {"integer", "number"} & set(schema["type"])]
    assert [path for path, schema in numbers if not {"minimum", "maximum"} <= set(schema)] == []


@pytest.mark.parametrize(
    ("stream", "kind", "field"),
    [
        ("purchase_orders", "task", None),
        ("supplier_invoices", "task", None),
        ("customer_invoices", "task", None),
        ("customer_credit_notes", "task", None),
        ("customer_debit_notes", "task", None),
        ("customer_overdue_charges", "task", None),
        ("projects", "task", None),
        ("project_budgets", "numbers", None),
        ("accounts", "enum_options", "Visma GL accounts"),
        ("dimension_values", "enum_options", "Visma cost centers"),
        *((name, "ignore", None) for name in ("suppliers", "customers", "employees", "subaccounts", "dimensions")),
        *(
            (name, "ignore", None)
            for name in ("journal_transactions", "purchase_receipts", "supplier_payments", "branches")
        ),
    ],
)
def test_presets(stream, kind, field):
    route = Config.parse(BASE).route(stream)
    assert (route.kind, route.custom_field, route.project_gid) == (kind, field, BASE["project_gid"])


@pytest.mark.parametrize("prefix", ["", "fin_"])
def test_numbers_go_to_where_the_cards_are(prefix):
    cards = {"name": f"{prefix}projects", "write_as": {"type": "task", "project_gid": "77"}}
    budgets = {"name": f"{prefix}project_budgets", "write_as": {"type": "task"}}
    route = Config.parse({**BASE, "streams": [cards, budgets]}).route(f"{prefix}project_budgets")
    assert (route.kind, route.project_gid) == ("numbers", "77")
    assert Config.parse({**BASE, "streams": [cards]}).route("projects").line_items == "none" or prefix
    without = cards | {"write_as": {"type": "ignore"}}
    assert Config.parse({**BASE, "streams": [without]}).route("project_budgets").kind == "ignore"


def test_a_stream_without_preset_is_refused_with_what_to_add():
    with pytest.raises(AirbyteTracedException) as caught:
        Config.parse(BASE).route("warehouses")
    assert '{"name": "warehouses", "write_as": {"type": "ignore"}}' in str(caught.value.message)
    assert "Nothing was written" in str(caught.value.message)


def test_a_field_that_is_left_out_gets_no_options():
    config = Config.parse({**BASE, "leave_out_fields": ["Visma GL accounts"]})
    assert config.route("accounts").kind == "ignore"
    assert config.route("dimension_values").kind == "enum_options"


@pytest.mark.parametrize("name", ["Visma ID", "Visma amount", "Visma currency", "Visma status", "Our field", ""])
def test_only_fields_that_can_be_spared_are_left_out(name):
    message = refusal(leave_out_fields=[name])
    assert (
        "leave_out_fields.0 must be one of Visma document type, Visma supplier, Visma customer, Visma balance"
        in message
    )


def test_an_entry_overrides_the_preset_and_knows_prefixed_names():
    entry = {"name": "fin_supplier_invoices", "write_as": {"type": "task", "project_gid": "42"}, "line_items": "none"}
    route = Config.parse({**BASE, "streams": [entry]}).route("fin_supplier_invoices")
    assert (route.kind, route.source, route.project_gid, route.line_items) == (
        "task",
        "supplier_invoices",
        "42",
        "none",
    )


@pytest.mark.parametrize(
    ("stream", "write_as"),
    [
        ("purchase_orders", {"type": "enum_options", "custom_field": "X"}),
        ("accounts", {"type": "task"}),
        ("suppliers", {"type": "project"}),
    ],
)
def test_shapes_that_make_no_sense_are_refused(stream, write_as):
    config = Config.parse({**BASE, "streams": [{"name": stream, "write_as": write_as}]})
    with pytest.raises(AirbyteTracedException, match="Nothing was written"):
        config.route(stream)


def test_both_ways_to_sign_in():
    assert isinstance(Config.parse({**BASE, "credentials": OAUTH}).authentication(), OAuthToken)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"workspace_gid": ...}, "workspace_gid is missing"),
        ({"workspace_gid": 1200000000000001}, "workspace_gid must be a text in quotes"),
        ({"supplier_mapping": {"supplier": "*", "assignee": "x"}}, "supplier_mapping must be a list"),
        ({"project_gid": "my project"}, "project_gid must be a number such as"),
        ({"credentials": {"auth_type": "password", "password": "very-secret"}}, "credentials.auth_type must be one of"),
        (
            {"credentials": {"auth_type": "oauth2.0", "client_id": "x", "client_secret": "very-secret"}},
            "credentials: refresh_token is missing",
        ),
        ({"line_items": "rows"}, "line_items must be one of subtasks, description, none"),
        ({"on_record_error": "ignore"}, "on_record_error must be one of"),
        ({"dry_run": "yes"}, "dry_run must be true or false"),
        ({"streams": [{"name": "x", "write_as": {"type": "table"}}]}, "streams.0.write_as.type must be one of"),
        ({"streams": [{"name": "x", "write_as": {"type": "ignore"}}] * 2}, "listed twice"),
        ({"api_url": "http://app.asana.com/api/1.0"}, "plain http is accepted for localhost only"),
        ({"api_url": "http://localhost.evil.example/"}, "plain http is accepted for localhost only"),
        ({"token_url": "http://127.0.0.1.evil.example/"}, "plain http is accepted for localhost only"),
        ({"api_url": "http://evil.example\\@localhost/api/1.0"}, "plain http is accepted for localhost only"),
        ({"token_url": "http://localhost\t.evil.example/"}, "plain http is accepted for localhost only"),
        ({"api_url": "https://[app.asana.com/api/1.0"}, "plain http is accepted for localhost only"),
        ({"api_url": "https://app.asana.com:99999/api/1.0"}, "plain http is accepted for localhost only"),
        ({"api_url": "https://user:very-secret@asana.example/"}, "must not hold a user name or password"),
        ({"supplier_mapping": [{"supplier": "*", "assignee": " "}]}, "supplier_mapping.0.assignee must not be empty"),
        ({"supplier_mapping": [{"supplier": "\t", "assignee": "x"}]}, "supplier_mapping.0.supplier must not be empty"),
    ],
)
def test_refusals_name_the_setting_and_no_secret(changes, words):
    message = refusal(**changes)
    assert words in message
    assert "very-secret" not in message


def test_all_that_is_missing_is_named_once():
    assert refusal(workspace_gid=..., project_gid=...) == (
        "The settings are not valid: workspace_gid, project_gid is missing."
    )


@pytest.mark.parametrize("url", ["http://localhost:8082/api/1.0", "http://127.0.0.1:1/x", "http://[::1]:80/x"])
def test_plain_http_for_this_machine(url):
    assert Config.parse({**BASE, "api_url": url}).api_url == url


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credentials": {**BASE["credentials"], "auth_type": ["oauth2.0"]}}, "credentials.auth_type must be one of"),
        ({"credentials": {**BASE["credentials"], "auth_type": {}}}, "credentials.auth_type must be one of"),
        (
            {"streams": [{"name": "purchase_orders", "write_as": {"type": {"task": True}}}]},
            "streams.0.write_as.type must be one of",
        ),
    ],
)
def test_a_choice_that_is_no_text_is_refused_in_words(changes, words):
    assert words in refusal(**changes)
