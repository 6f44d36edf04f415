"""Tests: worth."""
