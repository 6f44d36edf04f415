"""The fit: demand, patience and handle time for which the simulated baseline gives imported numbers back."""
