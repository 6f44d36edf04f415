"""Tests: invariants."""
