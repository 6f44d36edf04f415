"""What feelings do to the baseline, and what integration and a larger social team do to feelings.

From the project's root: `python -m tests.feelings.what_feelings_do` (some minutes on one core) writes
outputs/gallery/feelings/differences.csv. Seed 1, 10 replications of a measured week after one of warm-up, declared
before the first run; all differences are paired and their intervals simultaneous.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from sim.cli.compose import compose
from sim.model import Configuration
from sim.reports.files import write_csv
from sim.runs.replicate import replicate
from sim.studies.compare.study import Difference, compare

FOLDER = Path(__file__).resolve().parents[2] / "outputs" / "gallery" / "feelings"
BASELINE = ("feelings=consumers", "run.seed=1", "run.replications=10", "run.workers=1")
CHANGES = {
    "nothing felt": ("feelings=none",),
    "integration 0.5": ("integration.level=0.5",),
    "integration 1": ("integration.level=1",),
    "8 in the social team, not 6": ("staffing.social.agents=8",),
}
MEASURES = (
    "journey.all.resolved", "journey.all.given_up", "journey.all.contacts", "journey.all.effort",
    "journey.all.frustration", "journey.all.satisfaction", "journey.all.churn",
    "journey.all.posts", "journey.all.adverse_impressions", "journey.all.advocate_impressions",
    "journey.all.net_impressions", "channel.phone.abandoned", "channel.social.reached", "channel.social.reached_at",
    "channel.social.fifth", "channel.social.handled_share", "channel.social.frustration_on_arrival",
)  # fmt: skip


def differences() -> list[Difference]:
    """The baseline with feelings against each change of it."""
    configs = {name: Configuration.from_mapping(compose([*BASELINE, *more])) for name, more in CHANGES.items()}
    baseline = replicate(Configuration.from_mapping(compose(BASELINE)), progress=True, label="baseline")
    done = {name: replicate(config, progress=True, label=name) for name, config in configs.items()}
    return compare(baseline, done, MEASURES)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    header = [field.name for field in fields(Difference)]
    write_csv(FOLDER / "differences.csv", header, [[getattr(d, name) for name in header] for d in differences()])
