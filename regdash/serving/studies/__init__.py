"""Studies of many visitors, one after another: a queue that shares, bounds, estimates, and stops what nobody watches.

    queue   StudyQueue: who is next, which studies are the same, what is kept
    job     StudyJob: one study's state, as a page shows it; Watch: somebody who looks at it
    pool    LocalPool: this machine's threads, stepping aside for short trainings

Nothing here knows of Streamlit.
"""

from regdash.serving.studies.job import HEARTBEAT, StudyJob, Watch
from regdash.serving.studies.pool import LocalPool
from regdash.serving.studies.queue import MAX_COST, StudyQueue

__all__ = ["HEARTBEAT", "MAX_COST", "LocalPool", "StudyJob", "StudyQueue", "Watch"]
