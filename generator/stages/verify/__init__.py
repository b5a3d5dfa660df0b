"""Verify: hold the objects against what an API server of their environment's version takes."""
