"""What RegDash teaches with: the article, the arms of the fair race, ready-made settings and studies."""
