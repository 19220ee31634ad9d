"""What a release is made of: the version in each of its places, wheels, images, bills of materials, notes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = ("source-visma", "destination-asana", "webhook-listener")
