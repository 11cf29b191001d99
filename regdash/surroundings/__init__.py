"""What a caller may have set in torch and numpy, and how it is kept out: results have the same bits whatever it is.

    undisturbed  torch's settings and numpy's, for functions that train
    arithmetic   numpy's alone, for all that does without torch

Neither knows anything of RegDash.
"""
