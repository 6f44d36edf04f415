"""AI agents as channels."""
