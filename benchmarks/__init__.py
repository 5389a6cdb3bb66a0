"""What Nianbao costs, measured: each module prints one table (`make bench`, docs/benchmarks.md)."""
