"""Tests: mutants of the rules, each of which some test must kill."""
