"""Packs: snippets that somebody collected, with their references, kept and exported."""
