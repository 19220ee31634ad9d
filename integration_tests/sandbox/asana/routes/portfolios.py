"""Portfolios: their projects, and the fields that projects have only through them."""

from typing import Any

from .. import field_values
from ..call import Call, Reply, as_bool, as_text, one_of
from ..errors import bad, create_only, forbidden, missing
from ..model import CustomField, Portfolio, Project, Workspace
from ..routing import route
from ..stamps import parse_date
from . import custom_field_settings

MAX_ITEMS = 1500
MAX_FIELDS = 20
MAX_PORTFOLIOS = 100
WRITABLE = ("name", "archived", "color", "public", "start_on", "due_on", "default_access_level")


def _found(call: Call, gid: str) -> Portfolio:
    call.needs_portfolios()
    return call.in_path(Portfolio, gid)


def _editable(call: Call, gid: str) -> Portfolio:
    found = _found(call, gid)
    if call.user is not found.owner and call.user not in found.members:
        raise forbidden(f"portfolio: You do not have permission to edit {gid}")
    return found


@route("GET", "/portfolios", "portfolios:read")
def listing(call: Call) -> Reply:
    """Only the caller's own portfolios: anyone but a service account must name themselves as owner."""
    call.needs_portfolios()
    place = call.named(Workspace, call.parameter("workspace"), "workspace")
    owner = call.query.get("owner")
    if owner is None:
        raise missing("owner")
    if call.person(owner) is not call.user:
        raise forbidden("owner: You may only list portfolios you own")
    return call.listing([p for p in call.store.all(Portfolio) if p.workspace is place and p.owner is call.user])


@route("POST", "/portfolios", "portfolios:write")
def create(call: Call) -> Reply:
    call.needs_portfolios()
    call.only(*WRITABLE, "workspace")
    place = call.named(Workspace, call.required("workspace"), "workspace")
    if sum(p.workspace is place for p in call.store.all(Portfolio)) >= MAX_PORTFOLIOS:
        raise bad(f"workspace: There can be at most {MAX_PORTFOLIOS} portfolios on this plan")
    made = Portfolio("", "", place, call.store.now(), call.user, call.user, members=[call.user])
    call.required("name")
    _change(call, made)
    made.gid = call.store.new_gid()
    return call.created(call.store.add(made))


def _change(call: Call, portfolio: Portfolio) -> None:
    changes: dict[str, Any] = {}
    for name, value in call.data.items():
        if name == "name":
            changes[name] = as_text(value, name)
        elif name in ("archived", "public"):
            changes[name] = as_bool(value, name)
        elif name in ("start_on", "due_on"):
            if value is not None and parse_date(value) is None:
                raise bad(f"{name}: Value is not a valid date: {value}")
            changes[name] = value
        elif name == "default_access_level":
            changes[name] = one_of(value, name, ["admin", "editor", "viewer"])
        elif name == "color":
            changes[name] = as_text(value, name)
        elif name == "custom_fields":
            changes["values"] = {**portfolio.values, **_values(call, portfolio, value)}
    for name, value in changes.items():
        setattr(portfolio, name, value)


def _values(call: Call, portfolio: Portfolio, raw: Any) -> dict[CustomField, Any]:
    if not isinstance(raw, dict):
        raise bad(f"custom_fields: Value is not an object: {raw}")
    allowed = {setting.custom_field for setting in portfolio.settings}
    changes = {}
    for gid, value in raw.items():
        field = call.store.find(CustomField, gid)
        if field is None or field not in allowed:
            raise bad(f"Custom field with ID {gid} is not on given object")
        kept = portfolio.values.get(field)
        changes[field] = field_values.coerce(field, value, kept, call, call.settings)
    return changes


@route("GET", "/portfolios/{portfolio}", "portfolios:read")
def get(call: Call, portfolio: str) -> Reply:
    return call.record(_found(call, portfolio))


@route("PUT", "/portfolios/{portfolio}", "portfolios:write")
def update(call: Call, portfolio: str) -> Reply:
    found = _editable(call, portfolio)
    if "workspace" in call.data:
        raise create_only("workspace")
    call.only(*WRITABLE, "custom_fields")
    _change(call, found)
    return call.record(found)


@route("DELETE", "/portfolios/{portfolio}")
def delete(call: Call, portfolio: str) -> Reply:
    found = _editable(call, portfolio)
    found.deleted = True
    for item in found.items:
        item.portfolios.remove(found)
    return call.empty()


@route("GET", "/portfolios/{portfolio}/items", "portfolios:read")
def items(call: Call, portfolio: str) -> Reply:
    return call.listing([item for item in _found(call, portfolio).items if call.sees_project(item)])


@route("POST", "/portfolios/{portfolio}/addItem", "portfolios:write")
def add_item(call: Call, portfolio: str) -> Reply:
    """Adding a project that is already in it moves the project."""
    found = _editable(call, portfolio)
    call.only("item", "insert_before", "insert_after")
    if call.data.get("insert_before") and call.data.get("insert_after"):
        raise bad("You may only provide one of insert_before or insert_after!")
    item = call.named(Project, call.required("item"), "item")
    others = [other for other in found.items if other is not item]
    if len(others) >= MAX_ITEMS:
        raise bad(f"item: A portfolio can hold at most {MAX_ITEMS} items")
    position = len(others)
    for name, step in (("insert_before", 0), ("insert_after", 1)):
        if call.data.get(name):
            anchor = call.named(Project, call.data[name], name)
            if anchor not in others:
                raise bad(f"{name}: {anchor.gid} is not in the portfolio")
            position = others.index(anchor) + step
    found.items[:] = [*others[:position], item, *others[position:]]
    if found not in item.portfolios:
        item.portfolios.append(found)
        call.store.notify("added", item, call.user, found)
    return call.empty()


@route("POST", "/portfolios/{portfolio}/removeItem", "portfolios:write")
def remove_item(call: Call, portfolio: str) -> Reply:
    found = _editable(call, portfolio)
    call.only("item")
    item = call.named(Project, call.required("item"), "item")
    if item not in found.items:
        raise bad(f"item: {item.gid} is not in the portfolio")
    found.items.remove(item)
    item.portfolios.remove(found)
    call.store.notify("removed", item, call.user, found)
    return call.empty()


@route("GET", "/portfolios/{portfolio}/custom_field_settings", "custom_fields:read")
def settings(call: Call, portfolio: str) -> Reply:
    return call.listing(_found(call, portfolio).settings)


@route("POST", "/portfolios/{portfolio}/addCustomFieldSetting", "portfolios:write")
def attach(call: Call, portfolio: str) -> Reply:
    found = _editable(call, portfolio)
    if len(found.settings) >= MAX_FIELDS:
        raise bad(f"custom_field: A portfolio can have at most {MAX_FIELDS} custom fields")
    return call.record(custom_field_settings.attach(call, found))


@route("POST", "/portfolios/{portfolio}/removeCustomFieldSetting", "portfolios:write")
def detach(call: Call, portfolio: str) -> Reply:
    custom_field_settings.detach(call, _editable(call, portfolio))
    return call.empty()


@route("GET", "/portfolio_memberships")
def memberships(call: Call) -> Reply:
    call.needs_portfolios()
    found = call.named(Portfolio, call.parameter("portfolio"), "portfolio")
    return call.listing(call.store.memberships_of(found))
