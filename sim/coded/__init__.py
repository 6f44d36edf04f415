"""A centre as flat, integer-coded arrays: everything that rules and engines read, made once from a configuration."""
