"""Select, cite, verify, abstain."""
