"""The world outside: disk and command-line tools. Only these modules touch it."""
