"""The commands: arguments in, exit status out. The only code that prints."""
