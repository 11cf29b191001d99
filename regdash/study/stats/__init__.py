"""The statistics of studies, on plain arrays: numpy and scipy only."""
