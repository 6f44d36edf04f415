"""The example is a package of its own: importing it, as a search for doctests does, would load it for all tests."""

collect_ignore = ["example"]
