"""The signs that outputs/gallery/feelings/README.md reports, from a run of its own."""

from __future__ import annotations

import pytest

from .what_feelings_do import differences


@pytest.mark.slow
def test_what_feelings_do() -> None:
    """Beyond simultaneous intervals; committed on 26 November 2026 with all values."""
    found = {(d.scenario, d.name, d.measure): (d.difference, d.half_width) for d in differences()}

    def sign(scenario: str, measure: str, name: str = "all") -> int:
        difference, half_width = found[scenario, name, measure]
        return 0 if abs(difference) <= half_width else 1 if difference > 0 else -1

    for integration in ("integration 0.5", "integration 1"):
        for measure in ("given_up", "effort", "frustration", "churn", "adverse_impressions"):
            assert sign(integration, measure) == -1
        assert sign(integration, "satisfaction") == 1
        assert sign(integration, "advocate_impressions") == 1
    assert sign("8 in the social team, not 6", "adverse_impressions") == -1
    assert sign("nothing felt", "given_up") == -1
    assert sign("nothing felt", "reached", "social") == -1
