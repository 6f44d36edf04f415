"""Reading a planner's own interval volumes: a file becomes an IntervalTable, or a list of mistakes."""
