"""A class that votes: many students without browsers, and how soon their teacher sees it."""
