"""Tests of the load tool, which is also a test of the page with several visitors at once."""
