"""A small programme library in our own words, for the first minute and the tests."""
