"""How sure a number is: intervals for samples, for wording, and by clusters."""
