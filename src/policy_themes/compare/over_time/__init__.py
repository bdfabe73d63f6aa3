"""How themes change: trends, diffusion, and how much hangs on the way of counting."""
