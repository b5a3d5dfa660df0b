"""From the resolved platform to the text of manifests, through templates that can only print literals."""
