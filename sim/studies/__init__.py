"""Studies: questions asked of several configurations, one folder each.

In each folder `task.py` is what the registry names (the shape of `base.py`), `study.py` the question itself and
`words.py` what a planner reads; further files are named for what they hold. `inputs/` answers two questions about the
same unknown inputs, `sensitivity.py` and `uncertainty.py`; `sweep/` asks nothing beside what `sim.sweep` does.
"""
