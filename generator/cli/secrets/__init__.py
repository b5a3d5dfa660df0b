"""`platformc secrets`: one thin file for each command."""
