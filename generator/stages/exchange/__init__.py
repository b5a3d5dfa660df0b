"""Values in and out: dotenv and JSON files, Kubernetes Secrets, and where in a project each value belongs."""
