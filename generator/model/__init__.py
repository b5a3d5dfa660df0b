"""The nouns: what travels between the stages. Imports nothing of this package but itself."""
