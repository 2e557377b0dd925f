"""The product's own sentences in English, French, Spanish, Arabic and Russian."""
