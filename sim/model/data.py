"""Where a user's own volumes come from and how they are read."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Part
from .units import Duration, Share


class Data(Part):
    """Imported intervals (`start, channel, offered, aht_s, agents[, abandoned_pct, sl_pct]`)."""

    intervals: str | None = Field(None, description="path of the CSV file")
    volumes: Literal["offered", "first_contacts"] = Field(
        "offered", description="offered contains redials and switches, as an ACD counts; first_contacts does not"
    )
    agents: Literal["net", "scheduled"] = Field("net", description="whether shrinkage is still to be taken off")
    current_integration: Share = Field(0.0, description="integration level at which the volumes were recorded")
    fit: str | None = Field(None, description="period that patience is fitted on: 1999-01 or 1999-01-01..1999-01-31")
    predict: str | None = Field(None, description="period that is simulated; null: the period of the fit")
    longest_patience: Duration = Field(
        900.0, gt=0, description="longest mean patience that a fit may believe of a live channel; revealed means: 5 "
        "min (Anonymous Bank 1999), 10 min for its regular callers (Brown et al. 2005)"
    )  # fmt: skip
    infeasible: Literal["error", "nearest"] = Field(
        "error", description="when the imported numbers cannot be reproduced: refuse, or go on with the nearest fit"
    )
    replications: int | None = Field(None, ge=1, description="replications of each step of the fit; null: enough")
