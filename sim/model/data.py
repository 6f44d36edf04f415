"""Where a user's own volumes come from and how they are read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Part, Table
from .layout import Columns, DateOrder, Per, Units
from .units import Date, Duration, Share


class Assume(Part):
    """What is assumed of the centre as it was recorded, where the file cannot say it. A what-if is no assumption."""

    patience: Duration | None = Field(
        None, gt=0, description="mean patience of live channels; null: fitted to the abandonment of the file"
    )
    staffing: float | None = Field(
        None, gt=0, description="agents really there over agents in the file; null: fitted to the service level"
    )
    redials: Share | None = Field(
        None, description="share of those who hung up who call again; null: as the centre's rows say (centre=phone: 0)"
    )
    switches: Share | None = Field(
        None, description="factor on all switches and redials of the rows; null: 1, or less where the file has fewer "
        "contacts than these alone would bring"
    )  # fmt: skip
    centre: Table[Any] = Field(
        default_factory=dict, description="any other key of the recorded centre: {staffing.chat.speeds: [1, 2]}"
    )


class Data(Part):
    """Imported intervals and the layout of their file; conf/data/README.md is the guide."""

    intervals: str | None = Field(None, description="path of the CSV or XLSX file")
    name: str | None = Field(None, description="what tables and pictures call the centre; null: the file's name")
    preset: str | None = Field(None, description="name of a layout of conf/data, as notices say it")
    columns: Columns = Field(default_factory=Columns, description="title of each field's column")
    units: Units = Field(default_factory=Units, description="unit of each field")
    per: Per = Field(default_factory=Per, description="columns that totals are divided by")
    channel: str | None = Field(None, description="the channel of all rows, where no column says it")
    channel_names: Table[str] = Field(
        default_factory=dict, description="channel by what the file calls it; `skip` leaves rows out"
    )
    aht: Table[Duration] = Field(
        default_factory=dict, description="mean handle time by channel, for cells that have none: {phone: 5 min}"
    )
    aht_divided_by: Table[Annotated[float, Field(ge=1, le=64)]] = Field(
        default_factory=dict, description="by channel of agents who share: what its handle times in the file were "
        "divided by, where they are agents' time and not lengths from answer to end: {chat: 1.6}"
    )  # fmt: skip
    sl_within: Table[Duration] = Field(
        default_factory=dict, description="what `sl_pct` counts as in target, by channel: {chat: 20 s}; not said: the "
        "target of the centre's channel"
    )  # fmt: skip
    date: Date | None = Field(None, description="day of rows that have a time of day only, where no title says it")
    timezone: str | None = Field(
        None, description="where the centre is: Europe/Berlin; needed for UTC and 25-hour days"
    )
    date_order: DateOrder | None = Field(None, description="order of 01/02/2025; null: what consecutive days show")
    decimal: Literal["point", "comma"] | None = Field(
        None, description="mark of decimals, where 1.234 may be a thousand; null: what other cells show"
    )
    sheet: str | None = Field(None, description="sheet of a workbook; null: the one that has the columns")
    queue_agents: Literal["sum", "largest"] | None = Field(
        None, description="agents of several queues of a channel; null: added, unless every interval has the same twice"
    )
    volumes: Literal["offered", "first_contacts"] = Field(
        "offered", description="offered contains redials and switches, as an ACD counts; first_contacts does not"
    )
    agents: Literal["net", "scheduled"] = Field("net", description="whether shrinkage is still to be taken off")
    current_integration: Share = Field(0.0, description="integration level at which the volumes were recorded")
    fit: str | None = Field(None, description="period that patience is fitted on: 1999-01 or 1999-01-01..1999-01-31")
    predict: str | None = Field(None, description="period that is simulated; null: the period of the fit")
    roster: str | None = Field(
        None, description="a what-if: path of a CSV or XLSX file with agents really on duty (columns start, channel, "
        "agents) in place of the agents of the file"
    )  # fmt: skip
    assume: Assume = Assume()
    longest_patience: Duration = Field(
        900.0, gt=0, description="longest mean patience that a fit may believe of a live channel; revealed means: 5 "
        "min (Anonymous Bank 1999), 10 min for its regular callers (Brown et al. 2005)"
    )  # fmt: skip
    infeasible: Literal["error", "nearest"] = Field(
        "error", description="when the imported numbers cannot be reproduced: refuse, or go on with the nearest fit"
    )
    replications: int | None = Field(None, ge=1, description="replications of each step of the fit; null: enough")
