"""Sealed secrets, carried without a key: compiled Secrets, what they lack, and the configuration of SOPS."""
