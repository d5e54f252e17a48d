"""The rules of conformance: one folder for each family, one module for each rule."""
