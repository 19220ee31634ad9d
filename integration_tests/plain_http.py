"""httpx for sandboxes and listeners on this machine, which speak plain HTTP: a client of httpx loads all certificates of the
machine first, and that takes longer than the request. On a busy machine an answer may take long."""

from functools import partial

import httpx

get = partial(httpx.get, verify=False, timeout=240)
post = partial(httpx.post, verify=False, timeout=240)
request = partial(httpx.request, verify=False, timeout=240)
Client = partial(httpx.Client, verify=False, timeout=240)
