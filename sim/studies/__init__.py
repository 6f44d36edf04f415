"""Studies: questions asked of several configurations, one folder each."""
