"""How many agents do I need? Agents by group and interval that meet the targets, found and checked by simulation."""
