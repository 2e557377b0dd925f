"""For the people who keep a library: uploads, their queue, edits, removals."""
