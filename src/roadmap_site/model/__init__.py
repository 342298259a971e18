"""The curriculum, its positions, diagnostics and rules, as values. No I/O, no third party."""
