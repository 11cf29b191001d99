"""Classes that vote: one file for all replicas of a host; nothing of anybody is in it."""
