"""The texts of the generated sample documents and what sets them as PDF and Word files."""
