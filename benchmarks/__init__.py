"""What is promised about speed, measured: `python -m benchmarks` prints a table of ratios."""
