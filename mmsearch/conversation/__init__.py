"""Understanding a question that leans on those before it, without a language model."""
