"""Is what studies say true?"""
