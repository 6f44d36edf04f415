"""Real records in, parameters of a centre out: how `data.intervals=my.csv` becomes a simulated centre.

**What is read** (`intervals`; conf/data/README.md is the guide for users). A row is one channel in one interval of 15,
30 or 60 minutes: contacts offered, mean handle time, agents, and where known the share abandoned, the share answered
in target and the average speed of answer. Columns are our own, those of a layout in `conf/data`, or said by
`data.columns`. All mistakes of a file are said together; what was decided for the user is said as a notice.

**What is taken as it stands** (`imported`). Days are the file's days, after warm-up days that repeat its first week
(or, in shorter files, its first day). Opening hours are the hours that have rows, by weekday. Agents are counts by
interval, net of shrinkage unless `data.agents=scheduled`; a blank takes the mean of that interval on other days, else a
straight line between its neighbours. Counts of customers are replayed as fixed counts: recorded counts already contain
the Poisson noise, and drawing again around them would double it. A fraction of a customer or an agent is drawn by key.
Channels and agent groups that the file does not name keep their defaults, and the run says so.

**What is fitted** (`fit`), in this order, then all together step by step:

1. first contacts by channel, weekday and interval, so that with redials and switches as many are offered as imported
   (`demand`): first the absorbing chain of journeys with the abandonment stated, then what simulation adds. Where the
   rows alone bring more than the file has, one printed factor scales them (`data.assume.switches`);
2. mean patience of live channels and a factor on their agents, together (`targets`): abandonment identifies patience,
   service level (or else speed of answer) identifies the factor; one target, one parameter. First by Erlang A interval
   by interval (`erlang`), then by simulation. Deferred channels have a mean deadline, from their abandonment. A
   parameter at its bound with a miss beyond luck is an error that says why; `data.assume` says what is not fitted;
3. a factor on handle time: carried context shortens it, sharing agents stretch it, and the recorded times, plain
   lengths of contacts, are those with both.

Each fitted number has a 95 % interval (`noise`): the luck of a file of this length, by simulation, through slopes that
are measured on common random numbers.

Handle time by interval is drawn to its mean by as much of its variance as is the luck of single contacts (`handle`);
the same luck tells how much single contacts differ, where the file's means were measured.

The centre is simulated at `data.current_integration`, the integration under which the numbers were recorded, with
replications of its own, so that results are not measured on the luck they were fitted to. It stops within 1 % of
volumes, 0.5 % of handle time, and a fraction of the file's own luck in abandonment and service level. What cannot be
reached is refused with the reason, or with `data.infeasible=nearest` said as a warning. `data.volumes=first_contacts`
takes the file's volumes as first contacts.

**What is frozen.** Demand, patience and handle time, for good: fitting again in a what-if would return the imported
numbers for ever. The fit belongs to the baseline as recorded (`centre=...` and other whole groups, `data.*`,
`run.seed`) and is remembered in the user's cache folder; single keys and scenarios are the what-if. A typed number of
agents is a new peak of the imported counts, a scenario's changes them in proportion; a new handle time or patience acts
in proportion to the old; a new mix of first channels moves customers between streams and keeps their number.

**What it cannot know.** Volumes count contacts, not customers: how many contacts a customer makes comes from the rows
of the switching matrix, which are assumptions. One agent group answers each imported channel. Blank volumes are unknown
and not simulated; zero means none. Recorded bursts contain their own redials, which the simulation adds again: in small
centres of known truth (7 agents, 10 % abandoned) fitted patience is 10 to 15 % too long.

**What handle time means.** An imported `aht_s` is the plain length of a contact as the customer and the ACD see it,
from answer to the end of wrap-up, also for agents who share their time between chats: what they gain by sharing is in
`staffing.<group>.speeds`, and simulated handle times are compared and fitted as plain lengths too.
"""
