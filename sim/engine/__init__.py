"""Engines: a configuration, a seed and a replication number become a log."""
