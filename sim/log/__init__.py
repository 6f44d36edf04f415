"""The log of one replication: flat typed tables that engines write and measures read."""
