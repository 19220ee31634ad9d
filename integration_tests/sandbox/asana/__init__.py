"""A sandbox Asana: an HTTP server that keeps a workspace in memory and answers like Asana's REST API.

Start it with `python -m integration_tests.sandbox.asana [--host H] [--port P]`; it prints `listening on http://H:P`. The
API is under `/api/1.0`, OAuth's token endpoint at `/-/oauth_token`, and the controls for tests under `/_control/` (listed
in control.py).
"""
