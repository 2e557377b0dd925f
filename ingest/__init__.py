"""Files in, passages out: parsing, cutting and the ingest pipeline."""
