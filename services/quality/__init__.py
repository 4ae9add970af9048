"""What a good course is, as checks a program can make: small pure functions that return findings."""
