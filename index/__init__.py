"""Passages in, hits out: the library, its vectors and keywords, and retrieval."""
