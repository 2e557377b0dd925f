"""A language model that may word what the passages say, and nothing else."""
