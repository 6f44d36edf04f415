"""Tests: what is uncertain."""
