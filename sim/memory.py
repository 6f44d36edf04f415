"""Memory that was freed is kept for the next replication.

Comes in: nothing. Goes out: a process whose allocator does not give freed memory back to the system each time.
"""

from __future__ import annotations

from functools import cache

import numpy as np

LARGEST = 2**25 - 2**13
"""bytes of the largest block by which glibc still learns (`M_MMAP_THRESHOLD` in mallopt(3), less a header)"""


@cache
def keep_freed() -> None:
    """Lets the C library learn that blocks of megabytes come and go: once a block of a mapping of its own was freed, it
    takes those up to that size from its heap, and gives the heap's end back only beyond twice as much.

    The arrays of a log are some tens of megabytes. Given back after each replication, every page of them is cleared by
    the system and mapped again for the next one, which took an eighth of the time of simulating and measuring a queue.
    Elsewhere than on glibc this does nothing.
    """
    np.empty(LARGEST, dtype=np.uint8)
