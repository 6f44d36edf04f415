"""Statistics: estimates, intervals and selection procedures. Nothing in here simulates."""
