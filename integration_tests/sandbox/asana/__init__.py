"""A sandbox Asana: an HTTP server that keeps a workspace in memory and answers as Asana's REST API does.

Start it with `python -m integration_tests.sandbox.asana [--host H] [--port P]`; it prints `listening on http://H:P`.
The API is under `/api/1.0`, OAuth's token endpoint at `/-/oauth_token`, the controls for tests under `/_control/`
(their list: control.py).
"""
