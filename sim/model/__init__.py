"""What a contact centre is: frozen, typed, validated; no clock, no chance."""

from .centre import Centre, Configuration, Scenario
from .laws import Law
from .outcomes import End, Outcome

__all__ = ["Centre", "Configuration", "End", "Law", "Outcome", "Scenario"]
