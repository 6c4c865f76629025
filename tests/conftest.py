"""What holds for all tests: how hypothesis searches.

No deadline, because machines are noisy; no database, so that a run depends on nothing left by another. What
fails prints the line that makes it fail again.
"""

from hypothesis import settings

settings.register_profile("stocktake", deadline=None, database=None, print_blob=True)
settings.load_profile("stocktake")
