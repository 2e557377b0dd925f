"""What was asked and answered: receipts, gaps and feedback, kept beside the library."""
