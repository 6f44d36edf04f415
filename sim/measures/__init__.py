"""Measures: from a log to numbers. The catalogue declares each of them once.

How a log becomes tables: `window` (and `contact_facts`) arranges it as `Facts`, a number for each contact or journey;
`weights` are functions of these that say what each one adds to a measure. `kinds` asks those that count only once for
each kind of contact or journey, `columns` has the cells in which all are summed, and `batches` sums many weights at
once. `layout` and `scopes` say which rows there are, `measure` what a measure is, and `plan` puts all of that together
before any log is there. Measures that are no sums of weights (`waits`, `pools`, `costs`, ...) make their own tables.

Facts may be of several runs side by side (`together`): the run is one more label then, and a table holds the rows of
one run behind those of another. A measure that makes its own tables asks `runs` where its rows are.
"""
