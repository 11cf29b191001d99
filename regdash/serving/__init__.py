"""All that exists because there are many visitors: who trains when, where, and what is kept."""
