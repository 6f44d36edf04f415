"""Other programs that simulate the plain queue of `compared_centres`: M/M/50+M at load 1, patience as long as service.

Each module has `prepared()`, which compiles what is to be compiled and gives a function: of a seed and hours it
simulates the queue from empty and gives (contacts over, those that left). ImportError or OSError says what is absent.
`python -m tests.benchmarks.against_rivals` runs them in turns; no test needs any of them.
"""

AGENTS, PER_SECOND, SERVICE, PATIENCE = 50, 50 / 60, 60.0, 60.0
"""agents, calls a second, mean seconds"""
