"""Measuring a library on questions with known answers."""
