"""Sums over long columns in machine code: what NumPy would do in many passes, in one. Nothing here knows a measure."""
