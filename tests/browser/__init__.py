"""Tests in a real Chromium, of the app as a visitor meets it."""
