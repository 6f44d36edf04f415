"""Tests: extensions from outside."""
