"""Reports: tables on the console, files in the run's folder."""
