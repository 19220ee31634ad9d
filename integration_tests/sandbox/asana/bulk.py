"""Many tasks at once, for tests of the cost of projects with tens of thousands of tasks."""

from typing import TYPE_CHECKING, Any

from . import field_values
from .model import CustomField, CustomFieldSetting, Project, Section, Task, User
from .seed import PROJECT, TOKEN
from .stamps import parse_date

if TYPE_CHECKING:
    from .sandbox import Sandbox


def create(
    sandbox: "Sandbox",
    count: int,
    project: str = PROJECT,
    sections: int = 1,
    field: str = "Visma ID",
    prefix: str = "SupplierInvoiceId:4100251/Invoice/",
    start: int = 1,
    name: str = "Invoice {number}",
    values: dict[str, Any] | None = None,
    age: float = 86_400.0,
    spread: float = 0.0,
) -> dict[str, Any]:
    """Makes `count` tasks in a project, spread over its first `sections` sections (created as needed).

    Task n gets `prefix` + n in the text field `field` (created and attached if missing; n counts from `start`) and the
    `values` by field name (options by name, dates as YYYY-MM-DD; these fields must exist). Its stamps lie `age` seconds
    in the past, so that search knows it, and each is `spread` seconds later than the one before. There are no stories and
    no events.
    """
    store = sandbox.store
    holder = store.find(Project, project)
    if holder is None:
        raise KeyError(project)
    bot = store.tokens[TOKEN].user
    key = _key_field(sandbox, holder, field, bot)
    others = {_field(sandbox, other): value for other, value in (values or {}).items()}
    fixed = {other: _value(sandbox, other, value) for other, value in others.items()}
    while len(holder.sections) < sections:
        made = Section(store.new_gid(), f"Section {len(holder.sections) + 1}", holder, store.now())
        holder.sections.append(store.add(made))
    begun = store.now() - age
    for index in range(count):
        number, moment = start + index, begun + index * spread
        section = holder.sections[index % sections]
        task = Task(store.new_gid(), name.format(number=number), holder.workspace, moment, moment, bot)
        task.values = {key: f"{prefix}{number}", **fixed}
        task.memberships = {holder: section}
        section.tasks.append(task)
        store.add(task)
    return {"created": count, "custom_field": key.gid}


def _field(sandbox: "Sandbox", name: str) -> CustomField:
    for field in sandbox.store.all(CustomField):
        if field.name == name:
            return field
    raise KeyError(name)


def _key_field(sandbox: "Sandbox", project: Project, name: str, user: User) -> CustomField:
    store = sandbox.store
    try:
        field = _field(sandbox, name)
    except KeyError:
        field = store.add(CustomField(store.new_gid(), name, "text", project.workspace, user, store.now()))
    if all(setting.custom_field is not field for setting in project.settings):
        project.settings.append(store.add(CustomFieldSetting(store.new_gid(), field, project, True)))
    return field


def _value(sandbox: "Sandbox", field: CustomField, value: Any) -> Any:
    if field.resource_subtype in ("enum", "multi_enum"):
        names = value if isinstance(value, list) else [value]
        options = [option for option in field.options if option.name in names]
        return options if field.resource_subtype == "multi_enum" else options[0]
    if field.resource_subtype == "date":
        return parse_date(value), None
    if field.resource_subtype == "number":
        return field_values.coerce(field, value, None, None, sandbox.settings)  # type: ignore[arg-type]
    return value
