"""The Python interface does what the command line does."""
