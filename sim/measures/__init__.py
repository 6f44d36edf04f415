"""Measures: from a log to numbers. The catalogue declares each of them once."""
