"""How is a hostile file read without harm?

In a child process with limits on time, memory and output: `POOL.read`. A child that dies over a file fails that file.
"""

from retrieval.ingest.sandbox.limits import ReadingLimits, limits_memory
from retrieval.ingest.sandbox.messages import Answered, refused
from retrieval.ingest.sandbox.pool import MOST, POOL, Pool, Stopped, Task

__all__ = ["MOST", "POOL", "Answered", "Pool", "ReadingLimits", "Stopped", "Task", "limits_memory", "refused"]
