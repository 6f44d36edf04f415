"""Runs: replications on all cores, warm-up, initial contents, cautions."""
