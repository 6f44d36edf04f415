"""Tests: dirty input."""
