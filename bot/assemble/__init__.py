"""The only room that wires everything together: what the commands start."""
