"""study=select: which scenario is best, with a stated probability."""
