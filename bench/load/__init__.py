"""Many visitors at once: how many does one process hold?"""
