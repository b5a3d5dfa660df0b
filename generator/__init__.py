"""platformc: one declarative platform document in, the Kubernetes manifests of every environment out."""

__version__ = "0.1.0"
