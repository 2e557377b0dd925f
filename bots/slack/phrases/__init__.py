"""What the Slack bot says beside what every front end says: one module a language."""
