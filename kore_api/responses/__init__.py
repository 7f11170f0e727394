"""Read what Kore.ai answered: bounds, meaning, masked texts, typed values."""
