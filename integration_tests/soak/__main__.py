"""`make soak`: plays episodes one after the other and says which failed, with what differs and what to do next."""

import argparse
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from integration_tests.sandbox.harness import SandboxError
from integration_tests.soak.episode import Episode, EpisodeError, Sandboxes
from integration_tests.soak.settings import draw

ROOT = Path(__file__).parents[2]
WORK = ROOT / ".cache/soak"
MOST_SHOWN = 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--episodes", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1, help="of the first episode; the next ones count on")
    parser.add_argument("--small", action="store_true", help="short episodes, as make test plays them")
    options = parser.parse_args()
    failed = []
    with ExitStack() as stack:
        sandboxes = Sandboxes(stack)
        for seed in range(options.seed, options.seed + options.episodes):
            began = time.monotonic()
            report = play(sandboxes, seed, options.small)
            print(f"seed {seed}: {'failed' if report else 'clean'}, {time.monotonic() - began:.0f} s", flush=True)
            if report:
                failed.append(seed)
                print(report, flush=True)
    print(
        f"{options.episodes} episodes from seed {options.seed}, {len(failed)} failed{': ' if failed else '.'}", *failed
    )
    return 1 if failed else 0


def play(sandboxes: Sandboxes, seed: int, small: bool = False) -> str:
    """Plays one episode; says what went wrong, or nothing."""
    folder = WORK / str(seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = draw(str(seed), small)
    episode: Episode | None = None
    try:
        episode = sandboxes.episode(settings, folder)
        episode.play()
    except (EpisodeError, AssertionError, SandboxError) as failure:
        story = "\n".join(episode.story if episode else [])
        (folder / "story.txt").write_text("\n".join([*settings.told(), story, str(failure)]) + "\n")
        shown = str(failure).splitlines()
        return "\n".join(
            [
                f"seed {seed}, {'small, ' if small else ''}drawn from it:",
                *settings.told(),
                f"{type(failure).__name__}, {len(shown)} differences:",
                *(f"  {line[:600]}" for line in shown[:MOST_SHOWN]),
                f"What happened until then: {folder}/story.txt; beside it, what each sync was given and wrote.",
                f"Again: make soak SEED={seed} EPISODES=1{' SMALL=1' if small else ''}",
                "Then: CONTRIBUTING.md, “Soak”, says how a failing seed becomes a test.",
            ]
        )
    shutil.rmtree(folder, ignore_errors=True)
    return ""


if __name__ == "__main__":
    sys.exit(main())
