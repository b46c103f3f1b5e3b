"""A Decay on an optimizer: hooks, memory, and what a step does to the weights."""
