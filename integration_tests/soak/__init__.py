"""The soak: random episodes of a company, its people and a bad network, judged by the promises (`make soak`).

One seed is one episode: a small company in the sandbox Visma (world), settings of both connectors (settings), people who work in
Asana (people), faults on both sides and kills (faults), and syncs of the pair (syncs). In the end the oracle says what differs
from what is promised. It works out for itself what Asana has to show (expected, money, places) and imports neither connector.
"""
