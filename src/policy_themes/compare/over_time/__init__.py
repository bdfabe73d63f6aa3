"""How themes change: trends, smoothed surfaces, diffusion, and how much hangs on the way of counting."""
