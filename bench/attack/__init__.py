"""What hostile clients may try, and what honest visitors notice of it."""
