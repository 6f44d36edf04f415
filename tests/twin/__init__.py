"""The two engines are twins: the same log to the last bit."""
