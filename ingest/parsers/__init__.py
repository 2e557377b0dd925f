"""One module a format: each turns a file into text, blocks and exact positions."""
