"""JSON files of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from destination_asana.errors import config_error

# As much of the form of a configured catalog as this connector relies on. Platforms add to it.
_NAME = {"type": ["string", "null"]}
_CATALOG = {
    "properties": {
        "streams": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "required": ["stream"],
                "properties": {
                    "stream": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "namespace": _NAME},
                    },
                    "sync_mode": _NAME,
                    "destination_sync_mode": _NAME,
                    "destination_object_name": _NAME,
                    "primary_key": {
                        "type": ["array", "null"],
                        "items": {"type": ["string", "array"], "items": {"type": "string"}},
                    },
                },
            },
        }
    },
}


def read_json(path: str, option: str) -> dict[str, Any]:
    """The JSON object in a file. Raises config_error, which names the option."""
    try:
        # As bytes, so that the JSON parser detects the encoding, with or without a byte order mark.
        content = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise config_error(f"{option}: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise config_error(f"{option}: {path} is not UTF-8. Save it anew with the encoding UTF-8.") from None
    except ValueError as error:
        raise config_error(f"{option}: {path} is not valid JSON ({error}).") from None
    except RecursionError:
        raise config_error(f"{option}: {path} is not valid JSON (it is nested too deeply).") from None
    if not isinstance(content, dict):
        raise config_error(f"{option}: {path} must hold a JSON object.")
    return content


def read_catalog(path: str, option: str) -> dict[str, Any]:
    """The configured catalog in a file. Raises config_error, which names the option and the entry that is wrong."""
    catalog = read_json(path, option)
    error = next(iter(jsonschema.Draft7Validator(_CATALOG).iter_errors(catalog)), None)
    if error is not None:
        where = ".".join(map(str, error.absolute_path))
        raise config_error(
            f"{option}: {path} is not a configured catalog: {where} is not as it must be. Write it anew from what the source's "
            "discover answers."
        )
    return catalog
