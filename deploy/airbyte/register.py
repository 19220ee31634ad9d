#!/usr/bin/env python3
"""Registers the pair in a self-hosted Airbyte: both images as custom connectors, a source, a destination, a connection.

    AIRBYTE_URL=https://airbyte.example.com/api/public/v1 AIRBYTE_CLIENT_ID=… AIRBYTE_CLIENT_SECRET=… AIRBYTE_WORKSPACE_ID=… \\
      ./register.py connection.json --configs FOLDER [--dry-run]

FOLDER holds source.json and destination.json as standalone/config has them. ${NAME} and ${NAME:-default} in them come from
the environment, so that no secret stands in a file or on the command line. Client ID and secret are those of an
*application* in Airbyte's user settings.

The program finds everything by its name. It creates what is missing, updates what differs and deletes nothing. Repeat a
run that ended in the middle. Airbyte shows no secret again, so source and destination are always written. Exit
status: 0 done; 1 Airbyte refused or did not answer; 2 the arguments or files are wrong.

The generated clients of Airbyte's API (airbyte-api 1.0) know only the configurations of Airbyte's own connectors: they
send that of a custom image as another connector's, without the keys that this one lacks. So this file talks to the API
itself. Needs Python 3.9 or newer, nothing else."""

import argparse
import http.client
import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

SECRET_KEYS = ("client_secret", "personal_access_token", "refresh_token")
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


class RefusedError(Exception):
    """The API's answer is an error, or none came; the text says which and what to do. `status` is the answer's, if any."""

    def __init__(self, text, status=None):
        super().__init__(text)
        self.status = status


class UsageError(Exception):
    """The arguments or files are wrong; the text says which and what to do."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: urllib would take the token along, also to another host."""

    def redirect_request(self, *_):
        """Follows nothing, so that the answer counts as it is."""


def secrets_in(value):
    """The values of a configuration's secret keys, at any depth."""
    if isinstance(value, dict):
        own = [item for key, item in value.items() if key in SECRET_KEYS and isinstance(item, str)]
        return own + [found for item in value.values() for found in secrets_in(item)]
    return [found for item in value for found in secrets_in(item)] if isinstance(value, list) else []


class Api:
    """Airbyte's public API at ``url`` (…/api/public/v1), as the application with these credentials."""

    def __init__(self, url, client_id, client_secret, secrets=()):
        try:
            parts = urlsplit(url)
            _ = parts.port  # one that is no number says so only when asked
        except ValueError:
            parts = urlsplit("")
        if not parts.hostname or re.search(r"\s", url):
            raise UsageError(
                f"AIRBYTE_URL {url} is not a web address, such as https://airbyte.example.com/api/public/v1."
            )
        if parts.scheme != "https" and not (
            parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
        ):
            raise UsageError(
                f"AIRBYTE_URL {url} is not https. The client secret would travel in the clear: use https, or a tunnel to localhost."
            )
        self.url = url.rstrip("/")
        # An error of Airbyte may repeat what was sent to it.
        self.secrets = [client_secret, *secrets]
        self.opener = urllib.request.build_opener(NoRedirects)
        self.credentials = {"client_id": client_id, "client_secret": client_secret, "grant-type": "client_credentials"}
        self.token = None

    def __call__(self, method, path, body=None):
        """The JSON answer to one request. Airbyte's tokens live for minutes, so a run may need another one."""
        if self.token is None:
            self._sign_in()
        try:
            return self._send(method, path, body, self.token)
        except RefusedError as error:
            if error.status != 401:
                raise
        self._sign_in()
        return self._send(method, path, body, self.token)

    def _sign_in(self):
        self.token = self._send("POST", "/applications/token", self.credentials, None)["access_token"]

    def all(self, path, **query):
        """All items of a list, page by page."""
        found = []
        while True:
            page = self("GET", f"{path}?{urlencode(query | {'limit': 100, 'offset': len(found)})}")["data"]
            found += page
            if len(page) < 100:
                return found

    def _send(self, method, path, body, token):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Accept", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with self.opener.open(request, timeout=120) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            text = self._without_secrets(whole_or_part(error).decode(errors="replace"), token)
            if 300 <= error.code < 400:
                text = (
                    f"redirected to {error.headers.get('Location')}; set AIRBYTE_URL to the address that answers itself"
                )
            raise RefusedError(f"{error.code} to {method} {path}: {text[:500]}", error.code) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise RefusedError(
                f"No answer to {method} {path} that could be read: {error}. Is {self.url} Airbyte's public API (…/api/public/v1)?"
            ) from None

    def _without_secrets(self, text, token):
        for secret in filter(None, [*self.secrets, token]):
            for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
                text = text.replace(form, "****")
        return text


def whole_or_part(answer):
    """The body of an error, as far as it came."""
    try:
        return answer.read()
    except http.client.IncompleteRead as error:
        return error.partial
    except (OSError, http.client.HTTPException):
        return b""


def resolved(value):
    """A configuration with its ${NAME} references replaced. Raises UsageError for a variable that is not set."""
    if isinstance(value, dict):
        return {key: resolved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item) for item in value]
    if not isinstance(value, str):
        return value

    def replacement(match):
        found = os.environ.get(match[1]) or match[2]
        if found is None:
            raise UsageError(f"The configuration refers to ${{{match[1]}}}, which the environment does not contain.")
        return found

    return REFERENCE.sub(replacement, value)


def read(path):
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))  # as some editors save it
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


def only(items, name, kind):
    """The one item of that name, or None. Raises UsageError for several: which one is meant is not for this program to guess."""
    found = [item for item in items if item["name"] == name]
    if len(found) > 1:
        raise UsageError(
            f"Airbyte has {len(found)} {kind}s named {name!r}. Rename all but one, or name another one in the file."
        )
    return found[0] if found else None


class Registration:
    """Brings one workspace to what the file describes. With ``dry_run``, says so and writes nothing."""

    def __init__(self, api, workspace, dry_run):
        self.api = api
        self.workspace = workspace
        self.dry_run = dry_run

    def write(self, what, method, path, body):
        """Sends a change, or only says that it would be sent. Returns the answer, which a dry run has none of."""
        print(f"{'would be ' if self.dry_run else ''}{what}", flush=True)
        return None if self.dry_run else self.api(method, path, body)

    def definition(self, kind, wanted):
        """The id of the custom connector of that name, with the wanted image."""
        path = f"/workspaces/{quote(self.workspace)}/definitions/{kind}s"
        body = {
            "name": wanted["name"],
            "dockerRepository": wanted["docker_repository"],
            "dockerImageTag": wanted["docker_image_tag"],
        }
        if wanted.get("documentation_url"):
            body["documentationUrl"] = wanted["documentation_url"]
        image = f"{wanted['docker_repository']}:{wanted['docker_image_tag']}"
        # One's own images only: Airbyte's own connectors are in the same list, and there is one named Asana.
        own = [
            item for item in self.api("GET", path)["data"] if item["dockerRepository"] == wanted["docker_repository"]
        ]
        found = only(own, wanted["name"], f"custom {kind}")
        if found is None:
            made = self.write(f"created: {kind} connector {wanted['name']} ({image})", "POST", path, body)
            return made["id"] if made else None
        if found["dockerImageTag"] != wanted["docker_image_tag"]:
            change = {"name": wanted["name"], "dockerImageTag": wanted["docker_image_tag"]}
            self.write(
                f"updated: {kind} connector {wanted['name']} (from {found['dockerImageTag']} to {image})",
                "PUT",
                f"{path}/{found['id']}",
                change,
            )
        else:
            print(f"unchanged: {kind} connector {wanted['name']} ({image})")
        return found["id"]

    def actor(self, kind, name, definition, configuration):
        """The id of the source or destination of that name."""
        found = only(self.api.all(f"/{kind}s", workspaceIds=self.workspace), name, kind)
        body = {"name": name, "configuration": configuration}
        if found is None:
            made = self.write(
                f"created: {kind} {name}",
                "POST",
                f"/{kind}s",
                body | {"workspaceId": self.workspace, "definitionId": definition},
            )
            return made[f"{kind}Id"] if made else None
        if definition is None or found["definitionId"] != definition:
            raise UsageError(
                f"Airbyte's {kind} {name!r} is of another connector. Rename it, or name another one in the file."
            )
        self.write(
            f"updated: {kind} {name} (secrets cannot be compared)", "PUT", f"/{kind}s/{found[f'{kind}Id']}", body
        )
        return found[f"{kind}Id"]

    def connection(self, wanted, source, destination):
        """Creates or updates the connection. Streams that people have selected in Airbyte are replaced by the file's."""
        body = {
            "name": wanted["name"],
            "schedule": {"scheduleType": "cron", "cronExpression": wanted["cron_expression"]}
            if wanted.get("cron_expression")
            else {"scheduleType": "manual"},
            "configurations": {
                "streams": [{"name": name, "syncMode": mode} for name, mode in wanted["streams"].items()]
            },
            # A new release may bring fields. They are passed on; a stream is selected by this file only.
            "nonBreakingSchemaUpdatesBehavior": "propagate_columns",
            "namespaceDefinition": "destination",
        }
        found = only(self.api.all("/connections", workspaceIds=self.workspace), wanted["name"], "connection")
        if found is None:
            ends = {"sourceId": source, "destinationId": destination}
            self.write(f"created: connection {wanted['name']}", "POST", "/connections", body | ends)
        elif (found["sourceId"], found["destinationId"]) != (source, destination):
            raise UsageError(
                f"Airbyte's connection {wanted['name']!r} connects others. Rename it, or name another one in the file."
            )
        elif self._same(found, body):
            print(f"unchanged: connection {wanted['name']}")
        else:
            self.write(f"updated: connection {wanted['name']}", "PATCH", f"/connections/{found['connectionId']}", body)

    @staticmethod
    def _same(found, body):
        streams = {stream["name"]: stream.get("syncMode") for stream in found["configurations"].get("streams") or []}
        schedule = found["schedule"]
        return (
            streams == {stream["name"]: stream["syncMode"] for stream in body["configurations"]["streams"]}
            and schedule.get("scheduleType") == body["schedule"]["scheduleType"]
            and (schedule.get("cronExpression") or "").removesuffix(" UTC")
            == body["schedule"].get("cronExpression", "")
            and found.get("nonBreakingSchemaUpdatesBehavior") == body["nonBreakingSchemaUpdatesBehavior"]
        )


def register(api, workspace, plan, configurations, dry_run):
    """Registers everything in the order in which one needs the other."""
    registration = Registration(api, workspace, dry_run)
    ids = {
        kind: registration.actor(
            kind, plan[kind]["name"], registration.definition(kind, plan[kind]), configurations[kind]
        )
        for kind in ("source", "destination")
    }
    if None in ids.values():
        print(f"would be created: connection {plan['connection']['name']}")
    else:
        registration.connection(plan["connection"], ids["source"], ids["destination"])


def main():
    """Does what the arguments ask for. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Registers the pair in a self-hosted Airbyte.")
    parser.add_argument("plan", help="connection.json: images, names, schedule, streams")
    parser.add_argument("--configs", required=True, help="the folder with source.json and destination.json")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be created or updated, and write nothing"
    )
    arguments = parser.parse_args()
    try:
        missing = [
            n
            for n in ("AIRBYTE_URL", "AIRBYTE_CLIENT_ID", "AIRBYTE_CLIENT_SECRET", "AIRBYTE_WORKSPACE_ID")
            if not os.environ.get(n)
        ]
        if missing:
            raise UsageError(
                f"Set {', '.join(missing)} in the environment (the first lines of this file say what they are)."
            )
        configurations = {
            kind: resolved(read(Path(arguments.configs, f"{kind}.json"))) for kind in ("source", "destination")
        }
        access = (os.environ[f"AIRBYTE_{name}"] for name in ("URL", "CLIENT_ID", "CLIENT_SECRET"))
        api = Api(*access, secrets=secrets_in(configurations))
        register(api, os.environ["AIRBYTE_WORKSPACE_ID"], read(arguments.plan), configurations, arguments.dry_run)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyError, TypeError, AttributeError) as error:
        print(
            f"{arguments.plan}, or an answer of Airbyte, has another form than expected ({type(error).__name__}: {error}). "
            "Compare the file with the example beside this program.",
            file=sys.stderr,
        )
        return 2
    except RefusedError as error:
        print(f"Airbyte: {error}\nWhat was done before stays. Correct the cause and run this again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
