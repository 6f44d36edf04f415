"""Where imported volumes come from: first contacts by stream, and what a first contact brings to each channel.

Comes in: the recorded centre and an `IntervalTable`. Goes out: mixes of first channels, the linear map from first
contacts to offered contacts, and the streams of demand. Everything is computed for the centre as it was recorded, so
that a what-if on rows, failure or integration leaves the customers who come as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...coded.tables import tables_of
from ...model.centre import Configuration
from ...model.people import Stream
from ...runs.offered_load import expected_visits
from ..intervals.table import IntervalTable

Floats = NDArray[np.float64]
LEAST = 0.001
"""fewest first contacts of a stream, as a share of its channel's offered contacts: none at all would be never again"""


def start_mix(config: Configuration) -> dict[str, float]:
    """Shares of all channels, closed ones included, among first contacts."""
    segments = config.customers.segments.values()
    return {name: sum(s.share * s.first_channel.get(name, 0.0) for s in segments) for name in config.channels}


def entry_mixes(config: Configuration, table: IntervalTable) -> dict[str, Floats]:
    """Where the customers behind each imported channel's volume begin: there, or on a channel that the table does not
    name. Such channels (website, IVR) keep their place in the mix, in proportion to what reaches the imported ones."""
    names, shares = config.open_channels, start_mix(config)
    mix = np.array([shares[name] for name in names])
    reach = mix @ expected_visits(config, tables_of(config)).sum(axis=0)
    index = {name: names.index(name) for name in table.channels}
    unnamed = np.array([0.0 if name in index else share for name, share in zip(names, mix, strict=True)])
    total = sum(reach[i] for i in index.values())
    found = {}
    for name, i in index.items():
        entry = unnamed * (reach[i] / total if total > 0 else 1 / len(index))
        entry[i] += mix[i]
        if entry.sum() <= 0:
            entry[i] = 1.0
        found[name] = entry / entry.sum()
    return found


def gain(config: Configuration, table: IntervalTable) -> Floats:
    """(i, j): contacts offered in imported channel j for each first contact of stream i, with the abandonment
    stated."""
    stated = {name: table.abandoned_share(name) for name in table.channels}
    left = {name: share for name, share in stated.items() if not np.isnan(share)}
    visits = expected_visits(config, tables_of(config), left).sum(axis=0)
    index = [config.open_channels.index(name) for name in table.channels]
    mixes = entry_mixes(config, table)
    return np.array([(mixes[name] @ visits)[index] for name in table.channels])


def streams_of(
    config: Configuration, recorded: Configuration, table: IntervalTable, rates: Mapping[str, Stream]
) -> dict[str, Stream]:
    """The recorded streams under a what-if: if it changes the mix of first channels, every stream's mix is tilted by
    the ratio of new to recorded shares, and customers move between streams; how many they are together stays."""
    old, new = start_mix(recorded), start_mix(config)
    added = {name: share for name, share in new.items() if share > 0 and old.get(name, 0.0) <= 0}
    if all(abs(new.get(name, 0.0) - share) < 1e-12 for name, share in old.items()) and not added:
        return {name: _open_only(stream, config) for name, stream in rates.items()}
    tilted = {
        name: {c: share * new.get(c, 0.0) / old[c] if old.get(c, 0.0) > 0 else share for c, share in mix.items()}
        for name, mix in ((name, stream.first_channel) for name, stream in rates.items())
    }
    sizes = {name: sum(stream.rates.values) if stream.rates else 0.0 for name, stream in rates.items()}
    factors = {name: sum(mix.values()) for name, mix in tilted.items()}
    before, after = sum(sizes.values()), sum(sizes[name] * factors[name] for name in rates)
    kept = 1 - sum(added.values())
    found = {}
    for name, stream in rates.items():
        factor = factors[name] * before / after if after > 0 else 1.0
        mix = {c: kept * share / max(factors[name], 1e-300) for c, share in tilted[name].items()} | added
        assert stream.rates is not None
        values = tuple(value * factor for value in stream.rates.values)
        scaled = stream.rates.model_copy(update={"values": values})
        found[name] = _open_only(stream.model_copy(update={"rates": scaled, "first_channel": mix}), config)
    return found


def _open_only(stream: Stream, config: Configuration) -> Stream:
    """Without closed channels in the mix; if none is left, the segments' own mix holds."""
    mix = {c: share for c, share in stream.first_channel.items() if c in config.open_channels and share > 0}
    total = sum(mix.values())
    return stream.model_copy(update={"first_channel": {c: share / total for c, share in mix.items()}})
