"""Tests: extreme."""
