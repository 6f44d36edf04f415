"""study=worth: what integration is worth in agents."""
