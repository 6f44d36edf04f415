"""Checks across the parts of a configuration."""
