"""Sweeps: a design of many points in one job, everything finished on disk.

design: which points; points: their configurations and names; tasks: what workers are asked for; work: what they do;
pool: workers that may die; store: the files; tables: from sums to results; run: all together.
"""
