// window.show(schema): the form of a connectionSpecification as Airbyte shows it: its order, its groups, secrets hidden.
// window.submitted holds the configuration once a valid form was sent.
import Form from "@rjsf/core";
import validator from "@rjsf/validator-ajv8";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

function presentation(schema) {
  const ui = {};
  const properties = Object.entries(schema.properties ?? {});
  for (const [name, property] of properties) {
    ui[name] = presentation(property);
    if (property.airbyte_secret) ui[name]["ui:widget"] = "password";
    if ("const" in property || property.airbyte_hidden) ui[name]["ui:widget"] = "hidden";
    if (property.pattern_descriptor) ui[name]["ui:placeholder"] = property.pattern_descriptor;
  }
  if (schema.items) ui.items = presentation(schema.items);
  // The fields of all options lie side by side, as their values do; the property keeps its own title above the choice.
  for (const option of schema.oneOf ?? []) Object.assign(ui, presentation(option));
  delete ui["ui:order"];
  if (schema.oneOf) return { ...ui, "ui:title": schema.title, "ui:description": schema.description };
  if (!properties.length) return ui;
  const order = properties.sort(([, a], [, b]) => (a.order ?? 1000) - (b.order ?? 1000)).map(([name]) => name);
  return { ...ui, "ui:order": order };
}

function Groups({ title, description, properties, schema, fieldPathId }) {
  const groups = new Map();
  for (const property of properties) {
    const { group, always_show } = schema.properties?.[property.name] ?? {};
    // In the form as a whole, Airbyte folds away what is not required.
    const shown = !schema.groups || schema.required?.includes(property.name) || always_show;
    const { asked = [], optional = [] } = groups.get(group) ?? {};
    groups.set(group, shown ? { asked: [...asked, property.content], optional } : { asked, optional: [...optional, property.content] });
  }
  const chosen = Object.values(schema.properties ?? {}).some((property) => "const" in property); // its title stands in the choice
  const titles = new Map((schema.groups ?? []).map(({ id, title }) => [id, title]));
  return (
    <fieldset id={fieldPathId.$id}>
      {!chosen && title && <legend>{title}</legend>}
      {!chosen && description && <span className="field-description">{description}</span>}
      {[...groups].map(([id, { asked, optional }]) => (
        <section key={id ?? ""}>
          {titles.get(id) && <h2>{titles.get(id)}</h2>}
          {asked}
          {optional.length > 0 && (
            <details>
              <summary>Optional fields</summary>
              {optional}
            </details>
          )}
        </section>
      ))}
    </fieldset>
  );
}

window.show = (schema) => {
  window.submitted = null;
  flushSync(() =>
    createRoot(document.getElementById("form")).render(
      <Form
        schema={schema}
        uiSchema={{ ...presentation(schema), "ui:title": document.title }}
        validator={validator}
        templates={{ ObjectFieldTemplate: Groups }}
        showErrorList={false}
        noHtml5Validate
        onSubmit={({ formData }) => (window.submitted = formData)}
      />,
    ),
  );
};
