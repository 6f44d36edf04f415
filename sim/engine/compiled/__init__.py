"""The compiled engine: the same lives as the SimPy engine to the last bit, on flat arrays, in machine code.

It shares every rule with the SimPy engine and has event mechanics of its own; each step has there the name it has here.
What it does not simulate yet it refuses by name (`model.missing`); `engine: auto` then takes the SimPy engine.
"""
