"""What is uncertain about a centre: which guesses matter, and how sure a headline is with them.

known: ranges against the centre at hand; designs: points of the unit cube; points: simulated by the sweep machinery;
sums: read back; tornado, morris, sobol: what matters; uncertainty: two intervals.
"""
