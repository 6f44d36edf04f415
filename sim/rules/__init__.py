"""The decisions of the model, each written once: pure compiled functions of numbers and coded arrays."""
