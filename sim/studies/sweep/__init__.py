"""study=sweep: a design of many points; the machinery is `sim.sweep`."""
