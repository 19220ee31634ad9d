"""The guides quote what the program says: messages, options and files that exist."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GUIDES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "deploy/README.md")),
    *(ROOT / name / "README.md" for name in ("source-visma", "destination-asana", "webhook-listener")),
    *sorted((ROOT / "docs").glob("*.md")),
]


def texts(node):
    """Every string in a YAML document."""
    if isinstance(node, dict):
        node = node.values()
    if isinstance(node, str):
        yield node
    elif hasattr(node, "__iter__"):
        for item in node:
            yield from texts(item)


def spoken(folder):
    """All strings of a connector's code, each on a line; what an f-string fills in is left out."""
    found = []
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = (v.value if isinstance(v, ast.Constant) else "…" for v in node.values)
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    for path in folder.glob("*.yaml"):
        found += texts(yaml.safe_load(path.read_text()))
    return "\n".join(" ".join(text.split()) for text in found)


def quoted(heading):
    """The messages in the first column of one table of the troubleshooting guide."""
    section = (ROOT / "docs/troubleshooting.md").read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    for row in re.findall(r"^\| (`.*?) \|", section, re.M):
        yield from re.findall(r"`([^`]+)`", row)


@pytest.mark.parametrize("name", ["source-visma", "destination-asana"])
def test_troubleshooting_quotes_messages_that_exist(name):
    said = spoken(ROOT / name / name.replace("-", "_"))
    assert [text for text in quoted(name) if not all(part.strip() in said for part in text.split("…"))] == []


def anchors(guide):
    """The address of each heading, as GitHub makes it: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", guide.read_text(), flags=re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(guide):
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", guide.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (guide.parent / target).exists()] == []
    headed = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", guide.read_text())
    places = [(guide.parent / target if target else guide, anchor) for target, anchor in headed]
    assert [(str(place), anchor) for place, anchor in places if anchor not in anchors(place)] == []


def test_make_explains_each_target_that_the_guides_name():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[0] for line in listed.splitlines()}
    named = {
        word
        for guide in GUIDES
        for words in re.findall(r"`make ([a-z -]+)", guide.read_text())
        for word in words.split()
    }
    assert named - targets == set()
