"""One sync: streams, their routes, and the order in which things happen.

No other room imports it.
"""
