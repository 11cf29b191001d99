"""The Explore page: one pair of runs, epoch by epoch."""
