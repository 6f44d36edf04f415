"""How many agents do I need? Agents by group and interval that meet the targets, found and checked by simulation.

`python -m sim study=staffing` asks it of any centre; here of M/M/c with patience, 24 hours as one interval:

>>> import sim
>>> from sim.studies.staffing.study import Study
>>> config = sim.load(["study=staffing", "centre=single_queue", "run.warm_up=0", "run.measure=1 d", "run.workers=1",
...                    "run.replications=2", "study.staffing.interval=24 h", "study.staffing.confirm=20",
...                    "channels.phone.patience={law: exponential, mean: 2 min}"])
>>> study = Study(config)
>>> study.solve()                                         # the plan has 3 agents
>>> observed = study.confirm()                            # on replications that nothing was chosen from
>>> study.agents["phone"].tolist(), study.formulas["phone"].erlang_c.tolist(), study.holds
([5], [5], True)

What is asked: in each interval of each kind of day the service level of each live channel's own target, at most
`max_abandonment`, at most `max_occupancy`; of deferred channels (email, social) their target over the whole window, of
the contacts that join in opening hours, by scaling the plan of their group as a whole: such work waits for later
intervals, so no single interval has a requirement of its own.

What comes out: agents on duty (net), and scheduled ones with shrinkage, in whole people; over and under against the
plan, which is the configured staffing; what a calculator says (Erlang C, Erlang A, occupancy), and why it says
something else; and the answer as a scenario that runs at once. Modules: `slots` (intervals and kinds of days),
`volumes` (what the formulas are given), `groups` (who is solved), `needs` (the unknown numbers), `observed` (what a
simulation gave), `limits` (how far from what is asked), `search`, `confirmation`, `formula` (calculators), `study`.

How far to trust it: the sentence at the end, that every interval meets its limits with 95 % confidence, is about all
intervals together and wrong in at most one of twenty tries (`confirmation` says why). It costs agents only where a
number meets its limits by less than simulation can see; with more replications (`study.staffing.confirm`) fewer.
Agents come before or after an interval only as whole intervals; shifts with breaks are the next step of planning, not
this one.
"""
