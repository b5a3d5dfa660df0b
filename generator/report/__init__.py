"""Findings and summaries in, text and JSON out. Knows no stage and prints nothing itself."""
