"""What models cost: prices, the worst case reserved before each call and settled after it, caps, figures."""
