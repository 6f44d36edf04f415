"""What `--help` prints, without importing anything heavy."""

from __future__ import annotations

from ..extensions import described
from .paths import scenario_questions

_TEXT = """\
Switchboard: what would happen to customers, queues and costs if the contact centre were different?

usage: switchboard [key=value ...]          one run (python -m sim is the same)
       switchboard -m [key=v1,v2 ...]       a sweep over all combinations, one gathered table
       switchboard rerun FOLDER [point=17]  that run, study or point of a sweep again: equal, or what differs
       switchboard verify [full]            known answers on this machine: exact, simulated, z-value, a verdict

examples:
  switchboard                                                       the siloed baseline
  switchboard scenarios=one_digital_channel staffing.phone.agents=30
  switchboard -m integration.level=0,0.5,1 staffing.phone.agents=25,30
  switchboard -m scenarios=siloed,one_digital_channel
  switchboard data.intervals=my.csv                                 your own half-hourly volumes

  switchboard data.intervals=my.csv staffing.phone.plus=-2          a what-if on it: baseline | what-if | difference
  switchboard data.intervals=my.csv study=staffing                  how many people do I need?

scenarios:
{scenarios}

studies (all take the same overrides, and your own data):
  study=compare      scenarios or changes against the baseline, paired     study=select       which scenario is best
  study=staffing     agents that meet the targets, interval by interval    study=sweep        many points, resumed
  study=sensitivity  which guesses matter                                  study=uncertainty  how sure a headline is
  study=worth        what integration is worth in agents

keys you are likely to change (conf/README.md has them all):
  staffing.phone.agents=30        agents at the peak of the day     integration.level=0.6    context carried, 0 to 1
  channels.phone.failure=0.3      served but not solved             demand.scale=1.2         factor on all volumes
  channels.chat.patience.mean='2 min'                               run.replications=20      more: narrower intervals
  channels.email.enabled=false    close a channel                   run.seed=7
  run=quick                       a first look in seconds           run.workers=2            processes
  staffing.phone.plus=-2          everywhere; factor=0.9 likewise   channels.phone.aht_factor=1.1

options:
  -h, --help        this text                     --version         version
  -m, --multirun    sweep                         --cfg job         show the configuration, run nothing
  --config-dir DIR  a folder with scenarios/ (or any other group) of your own
  --extension FILE  a Python file of your own that adds measures, laws, rules, ... (sim/extend.py says how)
{extensions}"""


def usage() -> str:
    """The help text with every scenario and its question."""
    questions = scenario_questions()
    width = max((len(name) for name in questions), default=0)
    return _TEXT.format(
        extensions=_extensions(), scenarios="\n".join(f"  {name:<{width}}  {text}" for name, text in questions.items())
    )


def _extensions() -> str:
    """What extensions that are installed or named add, a line each; empty without any."""
    lines = [f"  {each['name']}: {', '.join(each['adds'])}" for each in described()]
    return "\n".join(["", "extensions:", *lines, ""]) if lines else ""
