"""`python -m integration_tests.sandbox.asana`: start the sandbox Asana."""

import argparse
import json
from pathlib import Path

from . import kept
from .sandbox import Sandbox
from .server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m integration_tests.sandbox.asana", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8082, help="0 takes a free port")
    parser.add_argument("--plan", default="advanced", choices=["free", "starter", "advanced"])
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting, as JSON")
    parser.add_argument("--data", type=Path, metavar="FILE", help="keep the workspace there from stop to start")
    options = parser.parse_args()
    settings = {"plan": options.plan}
    for pair in options.set:
        name, _, value = pair.partition("=")
        settings[name] = _value(value)
    sandbox = Sandbox(**settings)
    if options.data:
        kept.load(sandbox, options.data)
    serve(options.host, options.port, sandbox, (lambda: kept.save(sandbox, options.data)) if options.data else None)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    main()
