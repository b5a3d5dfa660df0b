"""The verbs, in order: parse, validate, resolve, check, render, verify, assemble. Strangers to each other."""
