"""A fall of a count after which whoever is free first leaves (`on_fall: first_free`)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Fall:
    """What is still to leave a pool. `since` has a time for each agent who is, s: that of the fall; `still` are those
    who were busy then, of whom the first to be free leave. While there are any, all of them take nothing new: a contact
    begins only when fewer agents are busy than the count says."""

    since: deque[float] = field(default_factory=deque)
    still: set[int] = field(default_factory=set)
