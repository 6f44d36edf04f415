"""What a planner reads first: the measures of the console's tables and of a sweep's table, in order."""

from __future__ import annotations

CHANNEL_COLUMNS = ("abandoned", "service_level", "asa", "aht")
POOL_COLUMNS = ("occupancy", "concurrency", "net_fte", "scheduled_fte")
JOURNEY_LINES = (
    ("journey", "all", "journeys"),
    ("journey", "all", "resolved"),
    ("journey", "all", "given_up"),
    ("journey", "all", "open"),
    ("journey", "all", "contacts"),
    ("journey", "all", "fcr"),
    ("journey", "all", "time_to_resolution"),
    ("journey", "all", "broken"),
    ("channel", "social", "reached"),
    ("journey", "all", "cost_per_resolution"),
    ("journey", "all", "satisfaction"),
    ("journey", "all", "churn"),
    ("journey", "all", "value_lost"),
    ("journey", "all", "net_impressions"),
)
"""rows that a centre does not have are left out; the last four need feelings"""
HEADLINES = (
    ("journey", "all", "resolved", "resolved"),
    ("journey", "all", "contacts", "contacts"),
    ("journey", "all", "broken", "broken"),
    ("channel", "social", "reached", "reach social"),
    ("channel", "phone", "abandoned", "phone abandoned"),
    ("channel", "phone", "service_level", "phone SL"),
    ("pool", "phone", "occupancy", "phone occupancy"),
    ("journey", "all", "cost_per_resolution", "cost per resolution"),
    ("journey", "all", "churn", "churn"),
    ("journey", "all", "net_impressions", "net impressions"),
)
"""(scope, name, measure, title) of a sweep's table; rows that a centre does not have are left out."""
