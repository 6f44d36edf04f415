"""The readable engine, on SimPy."""
