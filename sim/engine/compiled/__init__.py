"""The compiled engine: the same lives as the SimPy engine to the last bit, on flat arrays, in machine code.

It shares every rule with the SimPy engine and has event mechanics of its own; each step has there the name it has here.
`stations` admits, `crowds` says who does not wait, `desk` finds who takes whom, `handling` and `endings` are what an
agent does with a contact, `sharing` is agents with several at a time, `agents`, `pauses` and `closing` are staff and
hours, `memory` and `moods` what is carried along, `journeys` and `switching` where a customer goes next; `loop` is the
calendar's turn, `state` the layout of all that changes, `model` of all that does not. Whatever it cannot simulate it
refuses by name (`model.missing`): rules of extensions, which are Python; `engine: auto` then takes the SimPy engine.

`engine` prepares a configuration once and drives the days, on the state that one run takes over from the one before;
`bundle` hands model and state to the machine code as one address each, of one type for all centres; `history` makes the
log; `pieces` gives that of a long run part after part, and `handover` clears the tables of it. What Python calls is
`compiled` with a cache; all else is `part_of_kernel`, compiled within it (`chance/parts`).

What would stand in the way of one replication a thread on a graphics card: tables grow between days, and the days'
customers come from Python. Where time goes is in `tests/benchmarks/README.md`.
"""
