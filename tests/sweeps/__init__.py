"""Sweeps: designs, what a store promises, and processes that are killed."""
