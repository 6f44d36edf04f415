"""How many agents do I need? Agents by group and interval that meet the targets, found and checked by simulation.

`python -m sim study=staffing` asks it of any centre; here of M/M/c with patience, 24 hours as one interval:

>>> import sim
>>> from sim.studies.staffing.study import Study
>>> config = sim.load(["study=staffing", "centre=single_queue", "run.warm_up=0", "run.measure=1 d", "run.workers=1",
...                    "run.replications=2", "study.staffing.interval=24 h", "study.staffing.confirm=2",
...                    "channels.phone.patience={law: exponential, mean: 2 min}"])
>>> study = Study(config)
>>> study.solve()                                         # the plan has 3 agents
>>> study.agents["phone"].tolist(), study.erlang(study.groups[0], patient=False).tolist()
([5], [5])
>>> bool(study.confirm().value("channel", "phone", "service_level")[0] > 0.8)  # in replications it has not seen
True

What is asked: in each interval of each kind of day the service level of each live channel's own target, at most
`max_abandonment`, at most `max_occupancy`; of deferred channels (email, social) their target over the whole window, of
the contacts that join in opening hours, by scaling the plan of their group as a whole: such work waits for later
intervals, so no single interval has a requirement of its own.

What comes out: agents on duty (net), and scheduled ones with shrinkage; over and under against the plan, which is the
configured staffing; Erlang C and Erlang A for the volumes seen at the plan, and why they say something else; and the
answer as a scenario that runs at once. Modules: `slots` (intervals and kinds of days), `groups` (who is solved),
`observed` (what a simulation gave), `slack` (agents that are missing), `search` (in time order), `level` (deferred),
`formula` (Erlang), `study` (plan, search, confirmation).

How far to trust it: the answer of a single interval carries simulation noise of an agent or so, because a quarter of an
hour on a Monday is seen only as often as there are Mondays; sums over a day are far surer. The check with fresh
replications says for each interval whether it meets its limits, is short within noise, or misses. With more
replications (`run.replications`, `study.staffing.confirm`) both become sharper. Agents come before or after an interval
only as whole intervals; shifts with breaks are the next step of planning, not this one.
"""
