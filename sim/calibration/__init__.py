"""Real records in, parameters of a centre out."""
