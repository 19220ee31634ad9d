"""The custom fields of a workspace: which is which, their options, their values in Asana's form."""
