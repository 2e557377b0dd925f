"""Measurements: each prints what was measured, on what, and the figure."""
