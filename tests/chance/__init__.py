"""Tests: chance."""
