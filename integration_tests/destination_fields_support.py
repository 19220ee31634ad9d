"""What people do to custom fields, for tests of destination-asana."""

from integration_tests.sandbox.harness import AsanaSandbox


def change_field(destination, name, /, **data):
    return destination.as_person("PUT", f"/custom_fields/{destination.field(name)['gid']}", **data)


def control_field(destination, name, /, **data):
    destination.asana.control("PATCH", f"custom_fields/{destination.field(name)['gid']}", data)


def local_field(destination, project, name="Visma ID", kind="text"):
    """A field of one project alone."""
    data = {"custom_field": {"name": name, "resource_subtype": kind, "workspace": AsanaSandbox.WORKSPACE}}
    return destination.as_person("POST", f"/projects/{project}/addCustomFieldSetting", **data)["custom_field"]["gid"]


def a_project(destination, name="Invoices"):
    return destination.as_person("POST", "/projects", name=name, workspace=AsanaSandbox.WORKSPACE)["gid"]


def fields_named(destination, start="Visma "):
    return sorted(f["name"] for f in destination.asana.state()["custom_fields"] if f["name"].startswith(start))


def forget_marks(destination):
    """As release 0.1.0 made its fields."""
    for field in destination.asana.state()["custom_fields"]:
        if field["name"].startswith("Visma "):
            words = field["description"].partition("[Visma sync")[0].strip()
            destination.asana.control("PATCH", f"custom_fields/{field['gid']}", {"description": words})


def assert_stopped(run, *words):
    assert run.error["failure_type"] == "config_error"
    for word in words:
        assert word in run.error["message"]
    assert run.states == []
