"""Chance: keyed draws, the sampler of times, arrivals. Nothing here knows the order of events."""
