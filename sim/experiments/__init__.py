"""Experiments: replications and their estimates."""
