"""A planner's own centre: the recorded baseline, fitted once, and every what-if simulated on it.

Comes in: a configuration with `data.intervals`, which knows what it was read from. Goes out: an `OwnCentre` that turns
that configuration, and any other what-if on the same file, into one that simulates the imported days. `data.*`,
`run.seed` and choices of whole groups (`centre=...`) describe the centre as it was recorded; everything else is the
what-if. Every run and every study comes here through `Ground`, so that own data mean the same everywhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ..errors import InputError, Problem, nearest
from ..model.centre import Centre, Configuration, Scenario
from ..model.channels import Queued, Target
from ..model.data import Data
from ..model.origin import folders_of
from .fit.solve import fit
from .fits import Keep, remembered_or
from .groups import sharing_words
from .imported import Fitted, imported
from .intervals.table import IntervalTable, read_intervals
from .period import period
from .what_if import WhatIf


class OwnCentre:
    """An imported table with its baseline and fit. Making it reads the file; the fit waits until it is needed."""

    def __init__(self, config: Configuration, progress: bool = False) -> None:
        self.asked, self.progress = config, progress
        self.baseline, self.stated_level = _recorded(config)
        whole = read_intervals(str(config.data.intervals), self.baseline.open_channels, config.data)
        _refuse_self_service(self.baseline, whole)
        self.fit_table = period(whole, config.data.fit, "data.fit")
        self.table = period(whole, config.data.predict or config.data.fit, "data.predict")
        self.stated = config.origin.stated if config.origin else frozenset()
        self._fit: Fitted | None = None
        self.digest = hashlib.sha256(whole.path.read_bytes()).hexdigest()

    def notices(self) -> list[str]:
        """What the user should know before the numbers: of the file, of what was asked, and of the fit."""
        pools = [p for p, pool in self.baseline.staffing.items() if not set(pool.serves) & set(self.table.channels)]
        origin = self.asked.origin
        notes = [*self.table.notices, *(origin.notes if origin else ())]
        if pools:
            notes.append(f"agent groups that the file does not name keep their defaults: {', '.join(pools)}")
        notes += sharing_words(self.baseline, self.table.channels)
        notes += threshold_words(self.baseline, self.table)
        if self.asked.data.volumes == "first_contacts":
            notes.append("the file's volumes are first contacts: the simulated ones contain redials and switches")
        return [*notes, *self.fitted().notes]

    def fitted(self) -> Fitted:
        """The fit; remembered if the same baseline and file were fitted before."""
        self._fit = self._fit or self._remembered()
        return self._fit

    def _remembered(self) -> Fitted:
        source, run = self.baseline.source, self.baseline.run
        centre = {name: source.get(name) for name in Centre.model_fields}
        data = {name: value for name, value in source["data"].items() if name != "intervals"}
        return remembered_or(self._solved, {"centre": centre, "data": data, "seed": run.seed, "file": self.digest})

    def _solved(self, settled: Fitted | None, keep: Keep) -> Fitted:
        shown = None if self.progress else True
        with tqdm(total=0, desc="fitting the baseline", disable=shown, bar_format="{desc} ({elapsed})") as bar:

            def say(step: int, text: str) -> None:
                """Shows how far the fit is."""
                bar.set_description_str(f"fitting, step {step}: {text}")

            return fit(self.baseline, self.fit_table, say, settled, keep)

    def simulated(self, config: Configuration) -> Configuration:
        """What is asked, on the imported days; it no longer asks for an import. Raises InputError for a what-if on
        what the file decides."""
        baseline, what_if = self.baseline, WhatIf(config, self.baseline, self.table)
        own_level = _states(config, "integration.level") or config.integration.level != self.stated_level
        level = config.integration.level if own_level else baseline.integration.level
        integration = config.integration.model_copy(update={"level": level})
        asked = what_if.neutral.model_copy(update={"integration": integration})
        made = what_if.applied(imported(asked, self.table, self.fitted(), baseline))
        return made.model_copy(update={"data": Data(), "scenario": self._scenario(config)})

    def _scenario(self, config: Configuration) -> Scenario:
        """What pictures and tables call the centre: its name, with the scenario if one was chosen."""
        if config.scenario.name == Scenario().name:
            return Scenario(name=called(config))
        return config.scenario.model_copy(update={"name": called(config)})

    def as_recorded(self) -> Configuration:
        """The fitted baseline, with the run that was asked for."""
        run = self.asked.run
        made = imported(self.baseline.model_copy(update={"run": run}), self.table, self.fitted())
        return made.model_copy(update={"data": Data(), "scenario": self._scenario(self.baseline)})

    def at_point(self, config: Configuration, values: Set[str]) -> Configuration:
        """What is simulated at a point of a sweep: a what-if that states the point's values beside what was typed."""
        origin = config.origin
        assert origin is not None
        stated = frozenset(self.stated | values)
        point = config.read_from(replace(origin, stated=stated))
        return self.simulated(point.model_copy(update={"data": self.asked.data}))

    @property
    def identity(self) -> dict[str, Any]:
        """What a result on this centre depends on, beside what is asked: the file, the centre as recorded, the fit."""
        return {"file": self.digest, "fit": self.fitted().as_json(), "data": self.asked.data.model_dump(mode="json")}

    @property
    def has_what_if(self) -> bool:
        """Whether the configuration asks for something else than the recorded centre."""
        own_level = self.asked.integration.level != self.stated_level
        return own_level or not WhatIf(self.asked, self.baseline, self.table).is_none

    def configuration(self) -> Configuration:
        """What is simulated for the configuration that this was made from."""
        return self.simulated(self.asked)


def name_of(data: Data) -> str:
    """What a planner's centre is called: `data.name`, or the file's name."""
    name = data.name or Path(str(data.intervals)).stem
    return re.sub(r"[^\w -]+", " ", name)[:40].strip("_- ") or "own centre"


def called(config: Configuration) -> str:
    """What tables, pictures and folders call the centre of a configuration: a planner's own by its own name, with the
    scenario if one was chosen; any other by that of the scenario."""
    name = config.scenario.name
    if config.data.intervals is None:
        return name
    own = name_of(config.data)
    return own if name == Scenario().name else f"{own} {name}"[:64]


def _recorded(config: Configuration) -> tuple[Configuration, float]:
    """The centre as it was recorded, without the what-if and at the integration of that time; and the level of
    integration that its files state."""
    origin = config.origin
    recorded = origin.recorded if origin else None
    baseline = config if recorded is None else Configuration.from_mapping(recorded, folders_of(config))
    level = baseline.integration.model_copy(update={"level": config.data.current_integration})
    run = baseline.run.model_copy(update={"workers": config.run.workers})
    engine = "auto" if config.engine == "compiled" else config.engine  # a fit that fails is remembered for all engines
    made = baseline.changed(integration=level, run=run).model_copy(update={"engine": engine})
    return made, baseline.integration.level


def threshold_words(baseline: Configuration, table: IntervalTable) -> list[str]:
    """What a service level is taken to count, where it is not the usual 20 s and nobody said so; mistakes in it."""
    said, usual = baseline.data.sl_within, Target().within
    unknown = [Problem(f"data.sl_within.{n}", f"no channel of the file{nearest(n, table.channels)}")
               for n in said if n not in table.channels]  # fmt: skip
    if unknown:
        raise InputError(unknown)
    words = []
    for i, name in enumerate(table.channels):
        target = getattr(baseline.channels[name], "target", None)
        live = baseline.channels[name].kind == "live" and not np.isnan(table.sl_pct[i]).all()
        if live and name not in said and target is not None and target.within != usual:
            words.append(
                f"channel {name}: its service level in the file is taken to count waits up to {target.within:g} s, the "
                f"centre's target; 'data.sl_within={{{name}: {usual:g} s}}' says another"
            )
    return words


def _refuse_self_service(baseline: Configuration, table: IntervalTable) -> None:
    queued = [name for name in baseline.open_channels if isinstance(baseline.channels[name], Queued)]
    what = f"is self-service, without agents: leave its rows out (channels with agents: {', '.join(queued)})"
    problems = [Problem(f"{table.path.name}, channel {n}", what) for n in table.channels if n not in queued]
    if problems:
        raise InputError(problems)


def _states(config: Configuration, key: str) -> bool:
    return config.origin is not None and config.origin.states(key)
