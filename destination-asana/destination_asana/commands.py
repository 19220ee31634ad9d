"""The command line of `destination-asana`: its commands and their options."""

from __future__ import annotations

import argparse

FILES = {"config": "the settings, a JSON file", "catalog": "the configured catalog, a JSON file"}
# Each command with what it does and the files it needs.
COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "spec": ("print the specification of the settings", ()),
    "check": ("test the settings and the access to Asana; writes nothing", ("config",)),
    "discover": ("print what documents can be written as, for data activation", ("config",)),
    "probe": ("ask the workspace what the documentation of Asana's API leaves open (more: probe --help)", ("config",)),
    "write": ("write the Airbyte messages on standard input to Asana", ("config", "catalog")),
}


def parsed(args: list[str]) -> argparse.Namespace:
    """The chosen command and its options. Ends the process with status 2 if they are wrong, as argparse does."""
    parser = argparse.ArgumentParser(prog="destination-asana", description="Visma's documents as tasks in Asana.")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, (purpose, files) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        for file in files:
            command.add_argument(f"--{file}", required=True, metavar="FILE", help=FILES[file])
    return parser.parse_args(args)
