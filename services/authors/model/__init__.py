"""What every author that is a language model shares; the wire to each provider is its own adapter."""
